import { fail, failureOf } from '../../../../shared/domain/failure.ts';
import type { PutOptions, PutResult, ReopenableSource } from '../contract.ts';
import { bytesOfSource, provenBytes } from '../common/source-bytes.ts';
import type { DavConnection, DavPath } from './connection.ts';
import { encodedPath } from './connection.ts';
import type { DavFolders } from './folders.ts';
import { lookUp, strongTag } from './propfind.ts';
import type { DavQuirks } from './quirks.ts';
import type { DavTemporaries } from './temporary-files.ts';

/** Smaller files are held in memory, and sent only when they have turned out to be what was promised. */
export const heldBytes = 8 * 1024 * 1024;

export interface PutTools {
  readonly connection: DavConnection;
  readonly folders: DavFolders;
  readonly temporaries: DavTemporaries;
  readonly quirks: DavQuirks;
}

/** What is put, and where. */
export interface PutJob {
  readonly key: string;
  readonly target: DavPath;
  readonly source: ReopenableSource;
  readonly options: PutOptions;
}

/** One request under the file's own name, refused by the server where that is taken. */
export async function putDirectly(
  { connection, folders }: PutTools,
  { key, target, source, options }: PutJob,
  signal: AbortSignal,
): Promise<PutResult> {
  const body = await bytesOfSource(source, signal);
  await folders.make(target.slice(0, -1), signal);
  const headers = { ...fileHeaders(source), 'if-none-match': '*' };
  const request = { method: 'PUT', path: encodedPath(target), headers, body };
  try {
    const reply = await connection.command(request, stored, signal);
    options.onProgress?.(source.bytes);
    return resultOf(key, source, reply.header('etag'));
  } catch (error) {
    throw whenFolderIsGone(error, folders);
  }
}

/** Under a temporary name first; the file's own must then still be free. */
export async function putByMoving(
  tools: PutTools,
  { key, target, source, options }: PutJob,
  signal: AbortSignal,
): Promise<PutResult> {
  const { connection, folders, temporaries } = tools;
  const held = source.bytes <= heldBytes ? await bytesOfSource(source, signal) : undefined;
  await refuseExisting(tools, key, target, signal);
  const temporary = await temporaries.path(signal);
  const body = held ?? {
    bytes: source.bytes,
    chunks: provenBytes(source, options.onProgress, signal),
  };
  try {
    const request = {
      method: 'PUT',
      path: encodedPath(temporary),
      headers: fileHeaders(source),
      body,
    };
    await connection.command(request, stored, signal);
    await requireSize(connection, temporary, source, signal);
    await folders.make(target.slice(0, -1), signal);
    await refuseExisting(tools, key, target, signal);
    const headers = { destination: connection.address(target), overwrite: 'F' };
    const move = { method: 'MOVE', path: encodedPath(temporary), headers };
    const reply = await connection.command(move, stored, signal);
    options.onProgress?.(source.bytes);
    return resultOf(key, source, reply.header('etag'));
  } catch (error) {
    temporaries.discard(temporary);
    throw whenFolderIsGone(error, folders, temporaries);
  }
}

/** Where the server does not refuse by itself, the name is looked up just before. */
export async function refuseExisting(
  { connection, quirks }: Pick<PutTools, 'connection' | 'quirks'>,
  key: string,
  target: DavPath,
  signal: AbortSignal,
): Promise<void> {
  if (quirks.moveRefuses) return;
  if ((await lookUp(connection, target, signal)) !== null) {
    throw fail('conflict', `${key} exists already.`);
  }
}

/** What a finished upload is known to be: the server has computed nothing, so the bytes have to be read back. */
export function resultOf(
  key: string,
  source: ReopenableSource,
  etag: string | undefined,
): PutResult {
  const tag = strongTag(etag);
  return { key, bytes: source.bytes, modifiedMs: null, hashes: {}, tag, evidence: null };
}

export const stored = [200, 201, 204] as const;

function fileHeaders(source: ReopenableSource): Record<string, string> {
  return { 'content-type': source.mime, ...modificationTime(source) };
}

/** Understood by Nextcloud and ownCloud; others ignore it. */
export function modificationTime({ modifiedMs }: ReopenableSource): Record<string, string> {
  return modifiedMs >= 1000 ? { 'x-oc-mtime': String(Math.floor(modifiedMs / 1000)) } : {};
}

/** A server that kept only a part, and said that all is well, is found out before anything is published. */
async function requireSize(
  connection: DavConnection,
  path: DavPath,
  source: ReopenableSource,
  signal: AbortSignal,
): Promise<void> {
  const found = await lookUp(connection, path, signal);
  if (found?.bytes === source.bytes) return;
  throw fail('corrupt', 'The server kept another number of bytes than were sent.', {
    hint: 'It is sent again; if this goes on, the server or its disk is faulty.',
  });
}

/** Somebody removed a folder that was there: it is made anew when the upload is repeated. */
function whenFolderIsGone(
  error: unknown,
  folders: DavFolders,
  temporaries?: DavTemporaries,
): unknown {
  const { code } = failureOf(error);
  if (code !== 'notFound' && code !== 'serverError') return error;
  folders.forget();
  temporaries?.forget();
  if (code === 'serverError') return error;
  return fail('serverError', 'A folder on the server went away.', { cause: error });
}
