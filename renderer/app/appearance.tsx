import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

import { bestLanguage, type Language } from '../text/i18n.ts';
import { useSessionState } from './engine.tsx';
import { useHost } from './host.ts';

/** Keeps language and theme of the window as the settings say, or as the computer has them. */
export function Appearance(): null {
  const { i18n } = useTranslation();
  const { snapshot } = useSessionState();
  const { languages } = useHost();
  const language: Language =
    snapshot === null || snapshot.settings.language === 'system'
      ? bestLanguage(languages)
      : snapshot.settings.language;
  const theme = snapshot?.settings.theme ?? 'system';
  useEffect(() => {
    document.documentElement.lang = language;
    if (i18n.language !== language) void i18n.changeLanguage(language);
  }, [i18n, language]);
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  return null;
}
