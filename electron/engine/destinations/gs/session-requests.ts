import { fail } from '../../../../shared/domain/failure.ts';
import type { HttpReply } from '../common/http-client.ts';
import { readAnswer } from '../common/signed-api.ts';
import type { ReopenableSource } from '../contract.ts';
import type { Checksums } from './checksums.ts';
import type { GoogleStorageConnection } from './connection.ts';
import { objectFields, objectSchema } from './object-resource.ts';
import type { StorageObject } from './object-resource.ts';
import { metadataFor } from './stored-object.ts';

/** Every request of a session but the last brings a multiple of this. */
export const chunkUnit = 256 * 1024;

/** How far an upload has come at the service. */
export type SessionState =
  | { readonly kind: 'open'; readonly offset: number }
  | { readonly kind: 'done'; readonly object: StorageObject }
  /** The service knows nothing of it any more. */
  | { readonly kind: 'gone' };

/** A part of the source and where it belongs. */
export interface Part {
  readonly offset: number;
  readonly body: Uint8Array;
  /** Bytes of the whole. */
  readonly total: number;
  /** Of the whole; given with the last part, so that the service refuses anything else. */
  readonly checksums?: Checksums;
}

/**
 * Begins an upload and returns the path of its session
 * (cloud.google.com/storage/docs/performing-resumable-uploads). That there must be no such object yet is
 * decided by the service when the last bytes come.
 */
export async function beginSession(
  connection: GoogleStorageConnection,
  key: string,
  source: ReopenableSource,
  signal: AbortSignal,
): Promise<string> {
  const metadata = metadataFor(`${connection.settings.prefix}${key}`, source);
  const reply = await connection.command(
    {
      method: 'POST',
      target: 'upload',
      query: { uploadType: 'resumable', ifGenerationMatch: '0', fields: objectFields },
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'x-upload-content-type': source.mime,
        'x-upload-content-length': String(source.bytes),
      },
      body: Buffer.from(JSON.stringify(metadata)),
    },
    [200, 201],
    signal,
  );
  const location = reply.header('location') ?? '';
  const address = URL.parse(location);
  if (address === null || location.length > 4000) {
    throw fail('serverError', 'The server did not say where the upload goes on.');
  }
  // Only its path: bytes and tokens go nowhere but to the server that was chosen.
  return `${address.pathname}${address.search}`;
}

/** Asks how far an upload has come. */
export async function askSession(
  connection: GoogleStorageConnection,
  path: string,
  total: number,
  signal: AbortSignal,
): Promise<SessionState> {
  const headers = { 'content-range': `bytes */${String(total)}` };
  const request = { method: 'PUT' as const, target: { path }, headers };
  return stateOf(await connection.send(request, sessionStatuses, signal), total);
}

export async function sendPart(
  connection: GoogleStorageConnection,
  path: string,
  { offset, body, total, checksums }: Part,
  signal: AbortSignal,
): Promise<SessionState> {
  const last = offset + body.length - 1;
  const headers = {
    'content-range': `bytes ${String(offset)}-${String(last)}/${String(total)}`,
    ...(checksums === undefined
      ? {}
      : { 'x-goog-hash': `crc32c=${checksums.crc32c},md5=${checksums.md5}` }),
  };
  const request = { method: 'PUT' as const, target: { path }, headers, body };
  return stateOf(await connection.send(request, sessionStatuses, signal), total);
}

const sessionStatuses = [200, 201, 308, 404, 410];

async function stateOf(reply: HttpReply, total: number): Promise<SessionState> {
  if (reply.status === 200 || reply.status === 201) {
    return { kind: 'done', object: await readAnswer(objectSchema, reply) };
  }
  await reply.discard().catch(() => undefined);
  if (reply.status !== 308) return { kind: 'gone' };
  const range = reply.header('range');
  if (range === undefined) return { kind: 'open', offset: 0 };
  const last = Number(/^bytes=0-(\d{1,15})$/u.exec(range)?.[1] ?? Number.NaN);
  const offset = last + 1;
  // What is no multiple cannot be gone on with, and what is complete would not be open.
  if (!(offset < total && offset % chunkUnit === 0)) return { kind: 'gone' };
  return { kind: 'open', offset };
}
