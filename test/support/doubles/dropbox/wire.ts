import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** An answer of the double. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A request, read whole. */
export interface DropboxRequest {
  readonly method: string;
  /** Such as `files/upload`. */
  readonly route: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Undefined where the connection broke before its end. */
export async function readRequest(incoming: IncomingMessage): Promise<DropboxRequest | undefined> {
  const url = new URL(incoming.url ?? '/', 'http://dropbox.test');
  const body = await buffer(incoming).catch(() => undefined);
  if (body === undefined) return undefined;
  return {
    method: incoming.method ?? '',
    route: url.pathname.replace(/^\/2\//u, ''),
    url,
    headers: incoming.headers,
    body,
  };
}

/** A member of a union, as Dropbox writes it. */
export type Tagged = Readonly<Record<string, unknown>> & { readonly '.tag': string };

/** A refusal that depends on the route. */
export class Refused extends Error {
  readonly error: Tagged;

  constructor(error: Tagged) {
    super(error['.tag']);
    this.error = error;
  }
}

/** The dots at the end are there so that nobody compares it. */
export function errorReply(
  status: number,
  error: Tagged,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return jsonReply(status, { error_summary: `${error['.tag']}/...`, error }, headers);
}

export function jsonReply(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const body = JSON.stringify(value);
  return { status, headers: { 'content-type': 'application/json', ...headers }, body };
}

/** What is wrong with the request itself comes as plain text. */
export function badRequest(route: string, what: string): Reply {
  const body = `Error in call to API function "${route}": ${what}`;
  return { status: 400, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

/** Whether nothing but printable ASCII stands in a header. */
export function isHeaderSafe(text: string): boolean {
  return /^[\x20-\x7e]*$/u.test(text);
}

/** JSON that may stand in a header. */
export function headerSafe(value: unknown): string {
  return Array.from(JSON.stringify(value), (character) =>
    isHeaderSafe(character)
      ? character
      : Array.from({ length: character.length }, (_none, index) => {
          const unit = character.charCodeAt(index).toString(16);
          return `\\u${unit.padStart(4, '0')}`;
        }).join(''),
  ).join('');
}
