import { fail } from './failure.ts';
import type { CloudrollError } from './failure.ts';

/** A destination as a person writes it: `scheme://authority/path?name=value`. Holds no secret. */
export interface DestinationUrl {
  /** Lower case, e.g. `file` or `s3`. */
  readonly scheme: string;
  /** Bucket, account or host, as written; empty for `file`. */
  readonly authority: string;
  /**
   * Decoded. For `file` the absolute path (`/media/backup`, `C:/Backup`); otherwise what follows the
   * authority, without slashes at its ends.
   */
  readonly path: string;
  /** Decoded options. */
  readonly query: Readonly<Record<string, string>>;
}

/**
 * Reads a destination URL. RFC 3986 with two liberties for people: spaces and letters of any script may
 * stand unencoded. What is not a URL, has a fragment or would hold a secret is `invalid`; the message
 * repeats no secret.
 */
export function parseDestinationUrl(text: string): DestinationUrl {
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?(#.*)?$/su.exec(
    text,
  );
  if (match === null) throw notUrl(text);
  const [, scheme = '', authority = '', path = '', query = '', fragment] = match;
  if (authority.includes('@')) throw secretInUrl('a user name or password');
  if (fragment !== undefined) {
    throw fail('invalid', 'A destination cannot have a part that begins with "#".', {
      hint: 'Write a "#" in a name as %23.',
    });
  }
  const options = parseQuery(query);
  return scheme.toLowerCase() === 'file'
    ? fileUrl(authority, path, options)
    : { scheme: scheme.toLowerCase(), authority, path: trimSlashes(decode(path)), query: options };
}

/** The one way to write a destination: options in order of their names, no superfluous slashes. */
export function formatDestinationUrl(url: DestinationUrl): string {
  const path = url.path.replace(/[%?#\p{Cc} ]/gu, encodeURIComponent);
  const names = Object.keys(url.query).sort();
  const query = names.map((name) => `${encode(name)}=${encode(url.query[name] ?? '')}`).join('&');
  const slash = path === '' || path.startsWith('/') ? '' : '/';
  return `${url.scheme}://${url.authority}${slash}${path}${query === '' ? '' : `?${query}`}`;
}

/**
 * A stable name for the place a URL leads to, the same whatever the order of options or trailing slashes, and
 * without options that only say how to get there. An S3 region is part of it only where the endpoint is made
 * from it.
 */
export function destinationName(url: DestinationUrl): string {
  const { region, ...rest } = url.query;
  const placed =
    region !== undefined && rest['preset'] !== undefined && rest['endpoint'] === undefined;
  if (url.scheme === 's3') {
    return formatDestinationUrl({ ...url, query: placed ? url.query : rest });
  }
  const ways = waysThere.get(url.scheme) ?? [];
  const query = Object.entries(url.query).filter(([name]) => !ways.includes(name));
  return formatDestinationUrl({ ...url, query: Object.fromEntries(query) });
}

const waysThere: ReadonlyMap<string, readonly string[]> = new Map([
  ['sftp', ['hostkey', 'identity']],
  ['webdav', ['plain']],
]);

function fileUrl(
  host: string,
  encodedPath: string,
  query: Readonly<Record<string, string>>,
): DestinationUrl {
  if (host !== '' && host !== 'localhost') {
    throw fail(
      'invalid',
      `A folder is written with three slashes, not file://${host}${encodedPath}.`,
      {
        hint: `Did you mean file:///${host}${encodedPath}?`,
      },
    );
  }
  const decoded = decode(encodedPath);
  const path = decoded.replace(/^\/(?=[A-Za-z]:(?:\/|$))/u, '').replace(/(?<=.)\/+$/u, '');
  if (path === '') {
    throw fail('invalid', 'The destination names no folder.', {
      hint: 'Write it like file:///media/backup.',
    });
  }
  if (path.includes('\0') || path.split('/').some((part) => part === '.' || part === '..')) {
    throw fail('invalid', 'The path of a folder must not hold "." or "..".', {
      hint: 'Write the full path.',
    });
  }
  return {
    scheme: 'file',
    authority: '',
    path: /^[A-Za-z]:$/u.test(path) ? `${path}/` : path,
    query,
  };
}

function parseQuery(text: string): Record<string, string> {
  const query: Record<string, string> = {};
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1));
    if (secretName.test(name)) throw secretInUrl(`the option "${name}"`);
    if (/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*@/iu.test(value)) throw secretInUrl(`the option "${name}"`);
    if (Object.hasOwn(query, name)) {
      throw fail('invalid', `The option "${name}" stands twice in the destination.`);
    }
    query[name] = value;
  }
  return query;
}

const secretName =
  /secret|passw|token|credential|signature|access.?key|api.?key|account.?key|^(?:key|sig|auth|user(?:name)?|pass)$/iu;

function secretInUrl(what: string): CloudrollError {
  return fail('invalid', `A destination must not hold secrets, and ${what} looks like one.`, {
    hint: 'Put secrets into environment variables, such as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  });
}

function notUrl(text: string): CloudrollError {
  // What stands before an "@" may be a secret that was typed in the wrong place.
  const shown = text.includes('@') ? 'This' : `"${text.slice(0, 200)}"`;
  const hint = text.startsWith('/')
    ? `For a folder write file://${text}.`
    : 'Write a folder as file:///media/backup and a bucket as s3://bucket/prefix.';
  return fail('invalid', `${shown} is not a destination.`, { hint });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw fail(
      'invalid',
      'The destination holds a "%" that is not followed by two hexadecimal digits.',
      {
        hint: 'Write a "%" in a name as %25.',
      },
    );
  }
}

function encode(text: string): string {
  return text.replace(/[%&=#+\p{Cc} ]/gu, encodeURIComponent);
}

function trimSlashes(text: string): string {
  return text.replace(/^\/+|\/+$/gu, '');
}
