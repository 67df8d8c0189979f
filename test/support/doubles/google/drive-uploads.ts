import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import { ApiError, badRequest } from './api-error.ts';
import type { Caller, DriveStore, Entry, Metadata } from './drive-store.ts';

const mebibyte = 1024 * 1024;
const chunkUnit = 256 * 1024;
const largestMultipart = 5 * mebibyte;

const metadataSchema = z.looseObject({
  id: z.string().optional(),
  name: z.string().optional(),
  mimeType: z.string().optional(),
  parents: z.array(z.string()).optional(),
  modifiedTime: z.string().optional(),
  appProperties: z.record(z.string(), z.string()).optional(),
});

interface Session {
  readonly metadata: Metadata;
  readonly caller: Caller;
  readonly bytes: number;
  /** The `fields` that the last answer is held to. */
  readonly fields: string | null;
  readonly chunks: Buffer[];
  made: Entry | undefined;
}

/** What a session answers: so many bytes are there, or the file is. */
export type SessionAnswer = { readonly stored: number } | { readonly made: Entry };

/** Uploads of three kinds (developers.google.com/workspace/drive/api/guides/manage-uploads). */
export class DriveUploads {
  readonly sessions = new Map<string, Session>();
  readonly #store: DriveStore;

  constructor(store: DriveStore) {
    this.#store = store;
  }

  /** RFC 2387: JSON first, the bytes second. */
  multipart(contentType: string, body: Buffer, caller: Caller): Entry {
    const [, boundary] =
      /^multipart\/related; *boundary="?([^";]{1,70})"?$/u.exec(contentType) ?? [];
    if (boundary === undefined) throw badRequest('Missing boundary.');
    const [first, second, more] = partsOf(body, boundary);
    if (first === undefined || second === undefined || more !== undefined) {
      throw badRequest('Malformed multipart body.');
    }
    if (!/^application\/json(?:;|$)/iu.test(first.contentType) || second.contentType === '') {
      throw badRequest('Missing content type in a part.');
    }
    if (second.body.length > largestMultipart) {
      throw new ApiError(413, 'uploadTooLarge', 'Request is too large.');
    }
    const metadata = parseMetadata(first.body);
    return this.#store.create({ mimeType: second.contentType, ...metadata }, second.body, caller);
  }

  /** @returns the upload id */
  begin(
    { type, length, fields }: { type: string; length: string; fields: string | null },
    body: Buffer,
    caller: Caller,
  ): string {
    if (type === '' || !/^\d+$/u.test(length))
      throw badRequest('Missing X-Upload-Content headers.');
    const metadata = { mimeType: type, ...parseMetadata(body) };
    this.#store.requireProper(metadata, caller);
    this.#store.requireSpace(Number(length));
    const id = randomUUID();
    const session = { metadata, caller, bytes: Number(length), fields, chunks: [] };
    this.sessions.set(id, { ...session, made: undefined });
    return id;
  }

  session(id: string): Session {
    const session = this.sessions.get(id);
    if (session === undefined) throw new ApiError(404, 'notFound', 'The session has expired.');
    return session;
  }

  /** A chunk, or the question how far it is. */
  put(id: string, contentRange: string, body: Buffer): SessionAnswer {
    const session = this.session(id);
    const { chunks, bytes, made } = session;
    if (made !== undefined) return { made };
    const stored = Buffer.concat(chunks).length;
    const asked = /^bytes \*\/(\d+)$/u.exec(contentRange);
    if (asked !== null) {
      if (Number(asked[1]) !== bytes || body.length > 0) throw badRequest('Wrong total.');
      return { stored };
    }
    const [, start, end, total] = /^bytes (\d+)-(\d+)\/(\d+)$/u.exec(contentRange) ?? [];
    const length = Number(end) - Number(start) + 1;
    if (Number(total) !== bytes || length !== body.length || length < 1) {
      throw badRequest('Failed to parse Content-Range header.');
    }
    if (Number(start) !== stored) throw badRequest('Invalid request: not the next chunk.');
    const last = Number(end) + 1 === bytes;
    if (!last && length % chunkUnit !== 0) throw badRequest('Not a multiple of 256 KiB.');
    const kept = Math.floor(this.#store.moods.keepsOfChunk / chunkUnit) * chunkUnit;
    if (kept < length) {
      chunks.push(body.subarray(0, kept));
      return { stored: stored + kept };
    }
    chunks.push(body);
    if (!last) return { stored: stored + length };
    session.made = this.#store.create(session.metadata, Buffer.concat(chunks), session.caller);
    return { made: session.made };
  }
}

export function parseMetadata(body: Buffer): Metadata {
  try {
    return metadataSchema.parse(JSON.parse(body.toString('utf8')));
  } catch {
    throw new ApiError(400, 'parseError', 'Parse Error');
  }
}

function partsOf(body: Buffer, boundary: string): { contentType: string; body: Buffer }[] {
  const delimiter = Buffer.from(`--${boundary}`);
  const parts: { contentType: string; body: Buffer }[] = [];
  let start = body.indexOf(delimiter);
  for (;;) {
    if (start < 0) throw badRequest('Malformed multipart body.');
    const after = start + delimiter.length;
    if (body.subarray(after, after + 2).toString() === '--') return parts;
    const end = body.indexOf(delimiter, after);
    const head = body.indexOf('\r\n\r\n', after);
    if (end < 0 || head < 0 || head > end) throw badRequest('Malformed multipart body.');
    const [, contentType = ''] =
      /content-type: *([^\r\n]+)/iu.exec(body.subarray(after, head).toString()) ?? [];
    parts.push({ contentType, body: body.subarray(head + 4, end - 2) });
    start = end;
  }
}
