/** Languages that the command line speaks. */
export const languages = ['en', 'ko'] as const;
export type Language = (typeof languages)[number];

/** How a person wants to read: the language of texts, and the locale of numbers and dates. */
export interface Reading {
  readonly language: Language;
  /** BCP 47, in that language. */
  readonly locale: string;
}

/**
 * The language by what the person said, else by the environment (POSIX: `LC_ALL`, `LC_MESSAGES`, `LANG`,
 * the first that is set decides); English where nothing is known.
 */
export function readingOf(
  chosen: Language | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Reading {
  const named = [environment['LC_ALL'], environment['LC_MESSAGES'], environment['LANG']].find(
    (value) => value !== undefined && value !== '',
  );
  const match = /^([a-z]{2,3})(?:_([A-Z]{2}))?(?:[.@]|$)/u.exec(named ?? '');
  const language = chosen ?? languages.find((known) => known === match?.[1]) ?? 'en';
  const region = match?.[1] === language ? match[2] : undefined;
  return { language, locale: `${language}-${region ?? (language === 'ko' ? 'KR' : 'US')}` };
}
