import type { IncomingHttpHeaders } from 'node:http';

import { z } from 'zod';

import type { Bucket, Intent, Session, StoredObject } from './bucket.ts';
import { GoogleRefusal } from './refusals.ts';

/** Requests within a session bring a multiple of this, the last one aside. */
const chunkUnit = 256 * 1024;

const metadataSchema = z.object({
  name: z.string().optional(),
  contentType: z.string().optional(),
  metadata: z.record(z.string(), z.string()).default({}),
  md5Hash: z.string().optional(),
  crc32c: z.string().optional(),
});

export interface UploadRequest {
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** cloud.google.com/storage/docs/uploading-objects: what is told of the object, and its bytes. */
export function multipartUpload({ query, headers, body }: UploadRequest): {
  readonly intent: Intent;
  readonly bytes: Buffer;
} {
  const given = /^multipart\/related;.*boundary="?([^";]+)"?/u.exec(headers['content-type'] ?? '');
  const boundary = given?.[1];
  if (boundary === undefined) throw badRequest('Missing multipart boundary.');
  const separator = Buffer.from(`\r\n--${boundary}`);
  const parts: Buffer[] = [];
  let from = Buffer.concat([Buffer.from('\r\n'), body]);
  for (let at = from.indexOf(separator); at >= 0; at = from.indexOf(separator)) {
    parts.push(from.subarray(0, at));
    from = from.subarray(at + separator.length);
  }
  const [, metadata, media] = parts;
  if (metadata === undefined || media === undefined || parts.length !== 3) {
    throw badRequest('A multipart upload has to have two parts.');
  }
  if (!from.toString('latin1').startsWith('--')) throw badRequest('The upload has no end.');
  const intent = intentOf(query, contentOf(metadata).bytes, contentOf(media).type);
  return { intent, bytes: contentOf(media).bytes };
}

/** What the first request of a session, or the metadata of a multipart upload, says. */
export function intentOf(query: URLSearchParams, json: Buffer, type: string | undefined): Intent {
  let document: unknown;
  try {
    document = json.length === 0 ? {} : JSON.parse(json.toString('utf8'));
  } catch {
    throw badRequest('Parse Error');
  }
  const parsed = metadataSchema.safeParse(document);
  if (!parsed.success) throw badRequest('Parse Error');
  const { contentType, metadata, md5Hash, crc32c } = parsed.data;
  const name = query.get('name') ?? parsed.data.name;
  if (name === undefined) throw new GoogleRefusal(400, 'required', 'Required');
  return {
    ...{ name, metadata, md5Hash, crc32c },
    contentType: contentType ?? type ?? 'application/octet-stream',
    generation: query.get('ifGenerationMatch') ?? undefined,
  };
}

/** Outcome of a request within a session. */
export type SessionOutcome =
  { readonly kind: 'open'; readonly persisted: number } | { readonly kind: 'done' };

/**
 * One request within a session (cloud.google.com/storage/docs/performing-resumable-uploads): bytes, or the
 * question how many there are.
 * @param keeps of the bytes that come, so many at most are kept; the service may keep fewer than it is sent
 */
export function continueSession(
  bucket: Bucket,
  session: Session,
  { headers, body }: UploadRequest,
  keeps: number,
): SessionOutcome & { readonly object?: StoredObject } {
  const range = headers['content-range'] ?? '';
  if (session.made !== undefined) return { kind: 'done', object: session.made };
  const asked = /^bytes \*\/(?:\d+|\*)$/u.test(range);
  if (asked && body.length === 0) return { kind: 'open', persisted: session.persisted.length };
  const [, first, last, total] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/u.exec(range) ?? [];
  if (first === undefined || Number(last) - Number(first) + 1 !== body.length) {
    throw badRequest('Failed to parse Content-Range header.');
  }
  if (total !== undefined && total !== '*') {
    if (session.total !== undefined && session.total !== Number(total)) {
      throw badRequest('The total size differs from the one that was announced.');
    }
    session.total = Number(total);
  }
  const offset = session.persisted.length;
  if (Number(first) !== offset) {
    // The service takes no gaps; what it has already it skips, which hides mistakes, so it is refused here.
    throw new GoogleRefusal(
      503,
      'backendError',
      'Invalid request. The offset is not the next one.',
    );
  }
  const final = session.total === offset + body.length;
  if (!final && body.length % chunkUnit !== 0) {
    throw badRequest('Chunks have to be a multiple of 256 KiB.');
  }
  const kept = keeps < body.length ? keeps - (keeps % chunkUnit) : body.length;
  session.persisted = Buffer.concat([session.persisted, body.subarray(0, kept)]);
  if (!final || kept < body.length) return { kind: 'open', persisted: session.persisted.length };
  return { kind: 'done', object: finish(bucket, session, headers) };
}

function finish(bucket: Bucket, session: Session, headers: IncomingHttpHeaders): StoredObject {
  const given = String(headers['x-goog-hash'] ?? '');
  const claimed = (name: string): string | undefined =>
    new RegExp(`(?:^|,)\\s*${name}=([A-Za-z0-9+/=]+)`, 'u').exec(given)?.[1];
  const intent = {
    ...session.intent,
    md5Hash: claimed('md5') ?? session.intent.md5Hash,
    crc32c: claimed('crc32c') ?? session.intent.crc32c,
  };
  session.made = bucket.create(intent, session.persisted);
  return session.made;
}

function contentOf(part: Buffer): { readonly type: string | undefined; readonly bytes: Buffer } {
  const end = part.indexOf('\r\n\r\n');
  if (end < 0) throw badRequest('A part has no end of its headers.');
  const head = part.subarray(0, end).toString('latin1');
  const type = /^content-type:\s*([^\r\n]+)/imu.exec(head)?.[1];
  return { type, bytes: part.subarray(end + 4) };
}

export function badRequest(message: string): GoogleRefusal {
  return new GoogleRefusal(400, 'badRequest', message);
}
