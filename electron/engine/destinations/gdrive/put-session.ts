import { fail } from '../../../../shared/domain/failure.ts';
import type { HttpReply } from '../common/http-client.ts';
import { readAnswer } from '../common/signed-api.ts';
import { piecesOf } from '../common/source-bytes.ts';
import type { PutOptions, ReopenableSource } from '../contract.ts';
import { creationQuery } from './drive-api.ts';
import type { DriveApi } from './drive-api.ts';
import { driveFileSchema, fileFields } from './drive-file.ts';
import type { DriveFile } from './drive-file.ts';
import { mediaType } from './metadata.ts';
import type { NewFile } from './metadata.ts';

/** Chunks have to be multiples of 256 KiB. */
const chunkUnit = 256 * 1024;
const chunkBytes = 32 * chunkUnit;

/** How a session stands: so many bytes are there, or the file is; null where Google has forgotten the session. */
type SessionState = { readonly offset: number } | { readonly file: DriveFile } | null;

/**
 * Begins a resumable upload
 * (developers.google.com/workspace/drive/api/guides/manage-uploads#resumable).
 * @returns path of the session, which lives for a week
 */
export async function beginSession(
  api: DriveApi,
  file: NewFile,
  source: ReopenableSource,
  signal: AbortSignal,
): Promise<string> {
  const request = {
    method: 'POST',
    path: `/upload/drive/v3/files?uploadType=resumable&${creationQuery}&fields=${fileFields}`,
    headers: {
      'content-type': 'application/json; charset=UTF-8',
      'x-upload-content-type': mediaType(source),
      'x-upload-content-length': String(source.bytes),
    },
    body: Buffer.from(JSON.stringify(file)),
  };
  const reply = await api.send(request, [200], signal);
  await reply.discard().catch(() => undefined);
  const address = reply.header('location') ?? '';
  const url = URL.canParse(address) ? new URL(address) : null;
  // Only the path is taken: no address that a reply names gets the access token.
  if (url?.pathname !== '/upload/drive/v3/files' || !url.searchParams.has('upload_id')) {
    throw fail('serverError', 'Google Drive began no upload.');
  }
  return `${url.pathname}${url.search}`;
}

/** Asks how far a session has come. */
export async function askSession(
  api: DriveApi,
  session: string,
  source: ReopenableSource,
  signal: AbortSignal,
): Promise<SessionState> {
  const headers = { 'content-range': `bytes */${String(source.bytes)}` };
  return putToSession(api, { session, headers, body: Buffer.alloc(0) }, signal);
}

/**
 * Sends what is missing. The source is read from its start and hashed as a whole, so that nothing is mixed
 * together; its last bytes leave only when all were what was promised.
 * @returns null where Google has forgotten the session
 */
export async function sendChunks(
  api: DriveApi,
  session: string,
  from: number,
  source: ReopenableSource,
  { onProgress }: PutOptions,
  signal: AbortSignal,
): Promise<DriveFile | null> {
  let offset = from;
  let start = 0;
  for await (const { body } of piecesOf(source, chunkBytes, signal)) {
    const end = start + body.length;
    while (offset < end) {
      if (offset < start) throw outOfStep();
      const headers = {
        'content-range': `bytes ${String(offset)}-${String(end - 1)}/${String(source.bytes)}`,
      };
      const chunk = { session, headers, body: body.subarray(offset - start) };
      const state = await putToSession(api, chunk, signal);
      if (state === null) return null;
      if ('file' in state) {
        if (end < source.bytes) throw outOfStep();
        onProgress?.(source.bytes);
        return state.file;
      }
      if (state.offset <= offset || state.offset > end || end === source.bytes) throw outOfStep();
      offset = state.offset;
      onProgress?.(offset);
    }
    start = end;
  }
  throw outOfStep();
}

async function putToSession(
  api: DriveApi,
  chunk: {
    readonly session: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Uint8Array;
  },
  signal: AbortSignal,
): Promise<SessionState> {
  const { session, headers, body } = chunk;
  const request = { method: 'PUT', path: session, headers, body };
  const reply = await api.send(request, [200, 201, 308, 404, 410], signal);
  if (reply.status === 200 || reply.status === 201) {
    return { file: await readAnswer(driveFileSchema, reply) };
  }
  await reply.discard().catch(() => undefined);
  return reply.status === 308 ? { offset: storedBytes(reply) } : null;
}

/** No `Range`: nothing is there yet. */
function storedBytes(reply: HttpReply): number {
  const range = reply.header('range');
  if (range === undefined) return 0;
  const [, last] = /^bytes=0-(\d{1,15})$/u.exec(range) ?? [];
  if (last === undefined) throw outOfStep();
  return Number(last) + 1;
}

function outOfStep(): Error {
  return fail('serverError', 'Google Drive lost count of an upload.', {
    hint: 'It goes on from what is there.',
  });
}
