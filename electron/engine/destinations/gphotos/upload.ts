import { createHash } from 'node:crypto';

import { fail, failureOf } from '../../../../shared/domain/failure.ts';
import { bytesOfSource } from '../common/source-bytes.ts';
import type { HttpReply } from '../common/http-client.ts';
import type { PutOptions, ReopenableSource } from '../contract.ts';
import { changed, exactBytes } from '../exact-source.ts';
import { uploadTokenOf, type PhotosApi } from './photos-api.ts';
import type { UploadSessions } from './upload-sessions.ts';

const path = '/v1/uploads';
/** Up to here one request is cheaper, since each counts against the quota of a day. */
const largestRaw = 16 * 1024 * 1024;

/**
 * Uploads bytes and gives the token that stands for them (developers.google.com/photos/library/guides/upload-media
 * and …/resumable-uploads). Nobody sees anything yet. Large files go on where they stopped, also after a restart.
 */
export async function upload(
  api: PhotosApi,
  sessions: UploadSessions,
  source: ReopenableSource,
  options: PutOptions,
  signal: AbortSignal,
): Promise<string> {
  if (source.bytes <= largestRaw) return uploadWhole(api, source, options, signal);
  const sessionPath = await sessions.load(options.resume, source);
  if (sessionPath !== undefined) {
    const position = await receivedOf(api, sessionPath, signal);
    if (position !== null && position <= source.bytes) {
      return uploadRest(api, sessionPath, position, source, options, signal);
    }
  }
  const begun = await begin(api, source, signal);
  await sessions.save(options.resume, source, begun);
  return uploadRest(api, begun, 0, source, options, signal);
}

async function uploadWhole(
  api: PhotosApi,
  source: ReopenableSource,
  options: PutOptions,
  signal: AbortSignal,
): Promise<string> {
  const body = await bytesOfSource(source, signal);
  const headers = {
    'content-type': 'application/octet-stream',
    'x-goog-upload-content-type': source.mime,
    'x-goog-upload-protocol': 'raw',
  };
  const token = await uploadTokenOf(await api.upload({ path, headers, body }, [200], signal));
  options.onProgress?.(source.bytes);
  return token;
}

/** The path of a new session. */
async function begin(
  api: PhotosApi,
  source: ReopenableSource,
  signal: AbortSignal,
): Promise<string> {
  const headers = {
    'x-goog-upload-command': 'start',
    'x-goog-upload-content-type': source.mime,
    'x-goog-upload-protocol': 'resumable',
    'x-goog-upload-raw-size': String(source.bytes),
  };
  const request = { path, headers, body: new Uint8Array(0) };
  const reply = await api.upload(request, [200], signal);
  await discard(reply);
  const address = URL.parse(reply.header('x-goog-upload-url') ?? '');
  // The sign-in goes along with every request, so only where it belongs.
  if (address?.origin !== new URL(api.origin).origin) {
    throw fail('serverError', 'Google Photos began an upload without saying where.');
  }
  return `${address.pathname}${address.search}`;
}

/** Bytes that a session has; null where it is over, whatever became of it. */
async function receivedOf(
  api: PhotosApi,
  sessionPath: string,
  signal: AbortSignal,
): Promise<number | null> {
  const headers = { 'x-goog-upload-command': 'query' };
  const request = { path: sessionPath, headers, body: new Uint8Array(0) };
  try {
    const reply = await api.upload(request, [200], signal);
    await discard(reply);
    if (reply.header('x-goog-upload-status') !== 'active') return null;
    const received = reply.header('x-goog-upload-size-received') ?? '';
    return /^\d{1,15}$/u.test(received) ? Number(received) : null;
  } catch (error) {
    if (['notFound', 'invalid'].includes(failureOf(error).code)) return null;
    throw error;
  }
}

async function uploadRest(
  api: PhotosApi,
  sessionPath: string,
  position: number,
  source: ReopenableSource,
  options: PutOptions,
  signal: AbortSignal,
): Promise<string> {
  const request = () => ({
    path: sessionPath,
    headers: {
      'x-goog-upload-command': 'upload, finalize',
      'x-goog-upload-offset': String(position),
    },
    body: {
      bytes: source.bytes - position,
      chunks: restOf(source, position, options.onProgress, signal),
    },
  });
  return uploadTokenOf(await api.uploadAgain(request, [200], signal));
}

/**
 * The bytes from a position on. All of them are read and held to the promised hash; the last piece is held back
 * until it is known, so that a file that changed is never uploaded to its end.
 */
async function* restOf(
  source: ReopenableSource,
  position: number,
  onProgress: ((bytes: number) => void) | undefined,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let read = 0;
  let held: Uint8Array | undefined;
  for await (const chunk of exactBytes(source, 0, signal)) {
    hash.update(chunk);
    const start = Math.max(0, position - read);
    read += chunk.length;
    if (start >= chunk.length) continue;
    if (held !== undefined) yield held;
    held = Uint8Array.from(chunk.subarray(start));
    onProgress?.(read - held.length);
  }
  if (hash.digest('hex') !== source.sha256) throw changed('changed after it was examined');
  if (held !== undefined) yield held;
  onProgress?.(read);
}

async function discard(reply: HttpReply): Promise<void> {
  // Its head said everything.
  await reply.discard().catch(() => undefined);
}
