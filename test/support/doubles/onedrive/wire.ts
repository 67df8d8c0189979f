import type { IncomingHttpHeaders } from 'node:http';

/** A request that arrived whole. */
export interface GraphRequest {
  readonly method: string;
  /** As sent, percent-encoded, without its query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Where the server is for this client. */
  readonly origin: string;
  /** Where uploads and downloads are for it: a name of its own, where Graph is asked by its name. */
  readonly contentOrigin: string;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** A refusal in the form of learn.microsoft.com/graph/errors. */
export class Refused extends Error {
  readonly reply: Reply;

  constructor(status: number, code: string, headers: Readonly<Record<string, string>> = {}) {
    super(code);
    const error = {
      code,
      message: `Refused: ${code}.`,
      innerError: { date: '2026-11-22T10:00:00', 'request-id': 'a-request' },
    };
    this.reply = json(status, { error }, headers);
  }
}

export function json(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(JSON.stringify(body)),
  };
}

/** The body of a request as an object; anything else is refused. */
export function jsonBody({ headers, body }: GraphRequest): Readonly<Record<string, unknown>> {
  if (!(headers['content-type'] ?? '').startsWith('application/json')) {
    throw new Refused(415, 'unsupportedMediaType');
  }
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    if (isObject(parsed)) return parsed;
  } catch {
    // Refused below.
  }
  throw new Refused(400, 'invalidRequest');
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
