import { createHmac } from 'node:crypto';

/** What is signed of a request. */
export interface SignedParts {
  readonly method: string;
  readonly account: string;
  /** As it is sent, percent-encoded, without its query. */
  readonly path: string;
  /** Not encoded. */
  readonly query: Readonly<Record<string, string>>;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
}

const standardHeaders = [
  ...['content-encoding', 'content-language', 'content-length', 'content-md5', 'content-type'],
  ...['date', 'if-modified-since', 'if-match', 'if-none-match', 'if-unmodified-since', 'range'],
] as const;

/**
 * The header `Authorization` for a request of the Blob service
 * (learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key, version 2015-02-21 and later).
 */
export function sharedKeyAuthorization(parts: SignedParts, key: Buffer): string {
  const { method, account, path, query, headers } = parts;
  const standard = standardHeaders.map((name) => {
    const value = headers[name] ?? '';
    return name === 'content-length' && value === '0' ? '' : value;
  });
  const own = Object.keys(headers)
    .filter((name) => name.startsWith('x-ms-'))
    .sort()
    .map((name) => `${name}:${headers[name] ?? ''}`);
  const options = Object.keys(query)
    .sort()
    .map((name) => `${name.toLowerCase()}:${query[name] ?? ''}`);
  const text = [method, ...standard, ...own, `/${account}${path}`, ...options].join('\n');
  const signature = createHmac('sha256', key).update(text, 'utf8').digest('base64');
  return `SharedKey ${account}:${signature}`;
}
