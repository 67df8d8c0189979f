import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';

import { App } from './app/app.tsx';
import { EngineSession } from './app/engine-session.ts';
import { bestLanguage, createTexts } from './text/i18n.ts';

import './design/tokens.css';
import './design/base.css';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no place for the app.');

const host = window.cloudroll;
const texts = createTexts(bestLanguage(host?.languages ?? navigator.languages));

if (host === undefined) {
  root.textContent = texts.t('noHost');
} else {
  const session = new EngineSession(
    host,
    (ms) => new Promise((resolve) => window.setTimeout(resolve, ms)),
  );
  createRoot(root).render(
    <StrictMode>
      <I18nextProvider i18n={texts}>
        <App host={host} session={session} />
      </I18nextProvider>
    </StrictMode>,
  );
}
