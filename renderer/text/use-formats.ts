import { useTranslation } from 'react-i18next';

import { formatsFor, type Formats } from './formats.ts';
import { bestLanguage, type Language } from './i18n.ts';

/** The language of what is shown now. */
export function useLanguage(): Language {
  const { i18n } = useTranslation();
  return bestLanguage([i18n.language]);
}

/** Formats of the language that is shown now. */
export function useFormats(): Formats {
  return formatsFor(useLanguage());
}
