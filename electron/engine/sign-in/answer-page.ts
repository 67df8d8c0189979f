import { createHash } from 'node:crypto';

/** Languages that the page is written in. */
export type PageLanguage = 'en' | 'ko';

/** What the person's browser is told at the end of a sign-in. */
export type PageKind =
  /** Signed in. */
  | 'done'
  /** Not signed in; Cloudroll says why. */
  | 'failed'
  /** This address belongs to no sign-in that waits. */
  | 'foreign';

interface PageText {
  readonly title: string;
  readonly text: string;
}

const texts: Readonly<Record<PageLanguage, Readonly<Record<PageKind, PageText>>>> = {
  en: {
    done: { title: 'You are signed in', text: 'You can close this page and go back to Cloudroll.' },
    failed: {
      title: 'You are not signed in',
      text: 'Cloudroll says why. You can close this page and go back to it.',
    },
    foreign: {
      title: 'Nothing to sign in to here',
      text: 'This page does not belong to the sign-in that Cloudroll waits for. You can close it.',
    },
  },
  ko: {
    done: { title: '로그인되었습니다', text: '이 페이지를 닫고 Cloudroll로 돌아가세요.' },
    failed: {
      title: '로그인되지 않았습니다',
      text: '이유는 Cloudroll에 표시됩니다. 이 페이지를 닫고 Cloudroll로 돌아가세요.',
    },
    foreign: {
      title: '여기에는 로그인할 것이 없습니다',
      text: 'Cloudroll이 기다리는 로그인의 페이지가 아닙니다. 이 페이지를 닫아도 됩니다.',
    },
  },
};

const style =
  ':root{color-scheme:light dark}body{font:1.125rem/1.6 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1.5rem}h1{font-size:1.5rem}';
const styleHash = createHash('sha256').update(style).digest('base64');

/**
 * Headers of the page (Content Security Policy Level 3): it loads nothing, runs nothing, is framed by nobody,
 * and the address it was opened with, which holds the code, is told to nobody.
 */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** The page; nothing in it comes from a request. */
export function answerPage(kind: PageKind, language: PageLanguage): string {
  const { title, text } = texts[language][kind];
  return `<!doctype html>
<html lang="${language}">
  <head><meta charset="utf-8" /><meta name="viewport" content="width=device-width" /><title>${title} – Cloudroll</title><style>${style}</style></head>
  <body><main><h1>${title}</h1><p>${text}</p></main></body>
</html>
`;
}

/** The first language of `Accept-Language` (RFC 9110 section 12.5.4) that the page is written in; else English. */
export function acceptedLanguage(header: string | undefined): PageLanguage {
  const wishes = (header ?? '')
    .slice(0, 1000)
    .split(',')
    .map((part) => /^\s*([a-z]{2,3})(?:-[^;]*)?(?:;\s*q=([\d.]+))?\s*$/iu.exec(part))
    .flatMap((match) => (match === null ? [] : [match]))
    .map(([, language = '', weight = '1']) => ({
      language: language.toLowerCase(),
      weight: Number(weight),
    }))
    .toSorted((a, b) => b.weight - a.weight);
  const best = wishes.find(({ language, weight }) => weight > 0 && /^(?:en|ko)$/u.test(language));
  return best?.language === 'ko' ? 'ko' : 'en';
}
