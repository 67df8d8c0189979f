/** Shorter values are words that would be found everywhere, and protect nothing. */
const shortestSecret = 6;
const replacement = '[secret]';

/** Environment variables whose values are secrets, by the name that providers give them. */
const secretVariable =
  /SECRET|PASSW|TOKEN|CREDENTIAL|CONNECTION_STRING|(?:_|^)KEY(?:_ID)?$|_PAT$/iu;
/** Variables that match by name and hold a path. */
const pathVariables = new Set(['GOOGLE_APPLICATION_CREDENTIALS']);

/**
 * Makes a function that takes secrets out of text: the given values in every spelling they may come in, and
 * whatever looks like a secret by where it stands (user names and passwords in URLs, authorization headers,
 * signed queries).
 */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const spellings = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < shortestSecret) continue;
    spellings.add(secret);
    spellings.add(encodeURIComponent(secret));
    spellings.add(JSON.stringify(secret).slice(1, -1));
    spellings.add(Buffer.from(secret).toString('base64'));
  }
  // The longest first, so that no part of one stays behind when another is contained in it.
  const known = [...spellings].toSorted((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const secret of known) clean = clean.replaceAll(secret, replacement);
    for (const [pattern, into] of shapes) clean = clean.replace(pattern, into);
    return clean;
  };
}

/** Most secrets that are remembered: access tokens come anew every hour, for months. */
const mostSecrets = 500;

/** As {@link createRedactor}, with secrets that come by while it is in use. */
export class Redactor {
  readonly #secrets: Set<string>;
  #clean: ((text: string) => string) | null = null;

  constructor(secrets: readonly string[]) {
    this.#secrets = new Set(secrets);
  }

  /** Takes this secret out of all text from now on. */
  readonly hide = (secret: string): void => {
    if (this.#secrets.has(secret)) return;
    const [oldest] = this.#secrets;
    if (oldest !== undefined && this.#secrets.size >= mostSecrets) this.#secrets.delete(oldest);
    this.#secrets.add(secret);
    this.#clean = null;
  };

  readonly redact = (text: string): string => {
    this.#clean ??= createRedactor([...this.#secrets]);
    return this.#clean(text);
  };
}

/** The values of environment variables that hold secrets. */
export function secretsOf(
  environment: Readonly<Record<string, string | undefined>>,
  names: readonly string[] = [],
): string[] {
  return Object.entries(environment).flatMap(([name, value]) => {
    const secret = names.includes(name) || (secretVariable.test(name) && !pathVariables.has(name));
    return secret && value !== undefined ? [value] : [];
  });
}

const shapes: readonly (readonly [RegExp, string])[] = [
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#@]+@/giu, `$1${replacement}@`],
  [
    /\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?)(?:(?:basic|bearer|digest|negotiate|aws4-hmac-sha256)\s+)?[^\s"',}]+(?:,\s*(?:SignedHeaders|Signature)=[^\s"',}]+)*/giu,
    `$1${replacement}`,
  ],
  [/\b(bearer\s+)[a-z0-9._~+/=-]{8,}/giu, `$1${replacement}`],
  [
    /([?&](?:x-amz-signature|x-amz-credential|x-amz-security-token|x-goog-signature|x-goog-credential|sig|signature|awsaccesskeyid|access_token|refresh_token|token|key|api_?key|code|client_secret|password)=)[^&\s"'<>]+/giu,
    `$1${replacement}`,
  ],
];
