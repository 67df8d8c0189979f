import { useEffect, useState, type ReactElement } from 'react';
import { I18nProvider, RouterProvider } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Router, useLocation } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';

import type { HostBridge } from '../../shared/contract/app/host-bridge.ts';
import { Logo } from '../design/logo.tsx';
import { ToastProvider } from '../design/toast.tsx';
import { SearchProvider } from '../search/search-memory.tsx';
import { SignInsProvider } from '../destinations/sign-ins.tsx';
import { useLanguage } from '../text/use-formats.ts';
import { UploadsProvider } from '../upload/uploads-provider.tsx';
import { Appearance } from './appearance.tsx';
import type { EngineSession } from './engine-session.ts';
import { EngineProvider, useSessionState } from './engine.tsx';
import { HostContext } from './host.ts';
import { Routes } from './routes.tsx';
import { Shortcuts } from './shortcuts.tsx';
import { WindowCommands } from './window-commands.tsx';

/** The whole window, for any host. Addresses live behind the `#`, so that a host serves a single page. */
export function App({
  host,
  session,
}: {
  readonly host: HostBridge;
  readonly session: EngineSession;
}): ReactElement {
  return (
    <HostContext value={host}>
      <EngineProvider session={session}>
        <Router hook={useHashLocation}>
          <Appearance />
          <Localized />
        </Router>
      </EngineProvider>
    </HostContext>
  );
}

function Localized(): ReactElement {
  const [, navigate] = useLocation();
  const [shortcuts, setShortcuts] = useState(false);
  const [showShortcuts] = useState(() => () => {
    setShortcuts(true);
  });
  return (
    <I18nProvider locale={useLanguage() === 'ko' ? 'ko-KR' : 'en-US'}>
      <RouterProvider navigate={navigate} useHref={hashHref}>
        <ToastProvider>
          <WindowCommands onShortcuts={showShortcuts}>
            <UploadsProvider>
              <SignInsProvider>
                <SearchProvider>
                  <WaitForEngine />
                </SearchProvider>
              </SignInsProvider>
            </UploadsProvider>
            <Shortcuts open={shortcuts} onOpenChange={setShortcuts} />
          </WindowCommands>
        </ToastProvider>
      </RouterProvider>
    </I18nProvider>
  );
}

function hashHref(href: string): string {
  return href.startsWith('/') ? `#${href}` : href;
}

/** Milliseconds after which the wait gets an explanation. */
const LONG = 4000;

function WaitForEngine(): ReactElement {
  const { t } = useTranslation('common');
  const { snapshot } = useSessionState();
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => {
      setLong(true);
    }, LONG);
    return () => {
      window.clearTimeout(timer);
    };
  }, []);
  if (snapshot !== null) return <Routes />;
  return (
    <main className="splash" aria-busy>
      <Logo />
      <p role="status">{long ? t('startingLong') : t('starting')}</p>
    </main>
  );
}
