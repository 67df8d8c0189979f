import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import { rpcError } from './rpc-error.ts';

/** Chunks before the last are multiples of this, bytes. */
export const granularity = 262_144;

interface Session {
  readonly bytes: number;
  readonly parts: Buffer[];
  token: string | null;
}

/** What an upload request is answered with. */
export interface UploadAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The bytes that wait to become items (developers.google.com/photos/library/guides/upload-media, …/resumable-uploads). */
export class PhotosUploads {
  /** Bytes by their upload token; they are forgotten after a day. */
  readonly tokens = new Map<string, Buffer>();
  readonly sessions = new Map<string, Session>();
  readonly origin: () => string;

  constructor(origin: () => string) {
    this.origin = origin;
  }

  whole(request: IncomingMessage, body: Buffer): UploadAnswer {
    requireHeader(request, 'content-type', 'application/octet-stream');
    if (body.length === 0) throw rpcError(400, 'INVALID_ARGUMENT', 'Empty request body.');
    return { headers: {}, body: this.#token(body) };
  }

  start(request: IncomingMessage, body: Buffer): UploadAnswer {
    requireHeader(request, 'x-goog-upload-command', 'start');
    requireHeader(request, 'content-length', '0');
    const size = Number(request.headers['x-goog-upload-raw-size']);
    const type = request.headers['x-goog-upload-content-type'];
    if (!Number.isInteger(size) || size <= 0 || type === undefined || body.length > 0) {
      throw rpcError(400, 'INVALID_ARGUMENT', 'Not the start of an upload.');
    }
    const id = randomUUID();
    this.sessions.set(id, { bytes: size, parts: [], token: null });
    const address = `${this.origin()}/v1/uploads?upload_id=${id}&upload_protocol=resumable`;
    return {
      headers: {
        'x-goog-upload-url': address,
        'x-goog-upload-chunk-granularity': String(granularity),
        'x-goog-upload-status': 'active',
      },
      body: '',
    };
  }

  /** `whole`: the body came to its announced end; of one that was cut off only whole grains stay. */
  go(request: IncomingMessage, id: string, body: Buffer, whole: boolean): UploadAnswer {
    const session = this.sessions.get(id);
    if (session === undefined) throw rpcError(404, 'NOT_FOUND', 'There is no such upload.');
    const received = lengthOf(session.parts);
    const command = request.headers['x-goog-upload-command'];
    if (command === 'query') {
      requireHeader(request, 'content-length', '0');
      const status = session.token === null ? 'active' : 'final';
      const headers = {
        'x-goog-upload-status': status,
        'x-goog-upload-size-received': String(received),
      };
      return { headers, body: '' };
    }
    if (command !== 'upload' && command !== 'upload, finalize') {
      throw rpcError(400, 'INVALID_ARGUMENT', 'Unknown command.');
    }
    if (session.token !== null) throw rpcError(400, 'INVALID_ARGUMENT', 'The upload is final.');
    if (Number(request.headers['x-goog-upload-offset']) !== received) {
      throw rpcError(400, 'INVALID_ARGUMENT', 'The offset is not where the upload stands.');
    }
    if (!whole) {
      session.parts.push(body.subarray(0, body.length - (body.length % granularity)));
      throw rpcError(400, 'INVALID_ARGUMENT', 'The body ended early.');
    }
    const last = command === 'upload, finalize';
    if (!last && body.length % granularity !== 0) {
      throw rpcError(400, 'INVALID_ARGUMENT', 'The chunk is no multiple of the granularity.');
    }
    const total = received + body.length;
    if (last ? total !== session.bytes : total > session.bytes) {
      throw rpcError(400, 'INVALID_ARGUMENT', 'These are not as many bytes as announced.');
    }
    session.parts.push(body);
    if (!last) return { headers: { 'x-goog-upload-status': 'active' }, body: '' };
    session.token = this.#token(Buffer.concat(session.parts));
    return { headers: { 'x-goog-upload-status': 'final' }, body: session.token };
  }

  #token(bytes: Buffer): string {
    const token = `CAISiAMA${randomUUID().replaceAll('-', '')}`;
    this.tokens.set(token, bytes);
    return token;
  }
}

function requireHeader({ headers }: IncomingMessage, name: string, value: string): void {
  if (headers[name] !== value) throw rpcError(400, 'INVALID_ARGUMENT', `${name} is not ${value}.`);
}

function lengthOf(parts: readonly Buffer[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}
