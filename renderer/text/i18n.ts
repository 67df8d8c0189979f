import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';

import * as en from './en/index.ts';
import * as ko from './ko/index.ts';

/** Languages that every text exists in. */
export const spoken = ['en', 'ko'] as const;
export type Language = (typeof spoken)[number];

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    keySeparator: false;
    nsSeparator: ':';
    resources: typeof en;
  }
}

/** The first language of a list of BCP 47 tags that the product speaks; English where it speaks none. */
export function bestLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const language = spoken.find((name) => tag.toLowerCase().split('-')[0] === name);
    if (language !== undefined) return language;
  }
  return 'en';
}

/** Texts are in the bundle: what is shown first is already in the right language. */
export function createTexts(language: Language): i18n {
  const texts = i18next.createInstance();
  void texts.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { en, ko },
    ns: Object.keys(en),
    defaultNS: 'common',
    keySeparator: false,
    interpolation: { escapeValue: false },
    initAsync: false,
    react: { useSuspense: false },
  });
  return texts;
}
