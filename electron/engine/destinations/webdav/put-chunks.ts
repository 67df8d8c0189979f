import { z } from 'zod';

import { fail, failureOf, isTransient } from '../../../../shared/domain/failure.ts';
import type { Random } from '../../ports/random.ts';
import type { PutOptions, PutResult } from '../contract.ts';
import { piecesOf } from '../common/source-bytes.ts';
import type { DavPath } from './connection.ts';
import { encodedPath } from './connection.ts';
import { lookUp, readFolder } from './propfind.ts';
import { modificationTime, refuseExisting, resultOf, stored } from './put-file.ts';
import type { PutJob, PutTools } from './put-file.ts';

const tokenSchema = z.object({
  /** Name of the folder with the chunks. */
  id: z.string().regex(/^cloudroll-[0-9a-f]{32}$/u),
  key: z.string(),
  sha256: z.string(),
  bytes: z.int().nonnegative(),
  chunkBytes: z.int().positive(),
});
type Token = z.infer<typeof tokenSchema>;

const mebibyte = 1024 * 1024;
/** Nextcloud takes chunks of 5 MB to 5 GB, numbered 1 to 10,000. */
const smallestChunk = 8 * mebibyte;
/** How often a server that is still putting the chunks together is asked again, and after how long. */
const mergeAsks = 20;
const mergeWaitMs = 3_000;
/** Putting a large file together takes a server its time. */
const mergeSilenceMs = 600_000;

export interface ChunkTools extends PutTools {
  readonly chunkFolder: DavPath;
  readonly random: Random;
  /** Work that goes on after the put has rejected. */
  readonly background: (work: Promise<void>) => void;
}

/**
 * Nextcloud's upload in chunks, second version: a folder of numbered chunks that the server puts together.
 * Chunks of an earlier attempt that have their whole length are not sent again; whether all together are the
 * right bytes is proven like every upload, by reading the file back.
 */
export async function putChunks(
  tools: ChunkTools,
  job: PutJob,
  signal: AbortSignal,
): Promise<PutResult> {
  const { key, target, source, options } = job;
  // What this server's MOVE does onto an existing file is nowhere promised.
  const careful = { ...tools, quirks: { ...tools.quirks, moveRefuses: false } };
  await refuseExisting(careful, key, target, signal);
  await tools.folders.make(target.slice(0, -1), signal);
  const { token, known } = await beginOrResume(tools, job, signal);
  const folder = [...tools.chunkFolder, token.id];
  const headers = {
    destination: tools.connection.address(target),
    'oc-total-length': String(source.bytes),
  };
  try {
    let taken = 0;
    for await (const { number, body } of piecesOf(source, token.chunkBytes, signal)) {
      if (known.get(number) !== body.length) {
        const path = encodedPath([...folder, String(number).padStart(5, '0')]);
        await tools.connection.command({ method: 'PUT', path, headers, body }, stored, signal);
      }
      taken += body.length;
      options.onProgress?.(taken);
    }
    await refuseExisting(careful, key, target, signal);
    const etag = await assemble(tools, folder, headers, job, signal);
    options.resume?.save(undefined);
    return resultOf(key, source, etag);
  } catch (error) {
    giveUp(tools, folder, options, failureOf(error).code);
    throw error;
  }
}

async function beginOrResume(
  tools: ChunkTools,
  { key, target, source, options }: PutJob,
  signal: AbortSignal,
): Promise<{ token: Token; known: ReadonlyMap<number, number> }> {
  const { sha256, bytes } = source;
  const earlier = parseToken(options.resume?.load());
  if (earlier !== undefined) {
    const folder = [...tools.chunkFolder, earlier.id];
    if (earlier.key === key && earlier.sha256 === sha256 && earlier.bytes === bytes) {
      const known = await chunksIn(tools, folder, signal);
      if (known !== null) return { token: earlier, known };
    } else {
      drop(tools, folder);
    }
  }
  const id = `cloudroll-${Buffer.from(tools.random.bytes(16)).toString('hex')}`;
  const chunkBytes = Math.max(smallestChunk, Math.ceil(bytes / 10_000 / mebibyte) * mebibyte);
  const token = { id, key, sha256, bytes, chunkBytes };
  const path = encodedPath([...tools.chunkFolder, id], true);
  const headers = { destination: tools.connection.address(target) };
  options.resume?.save(JSON.stringify(token));
  await tools.connection.command({ method: 'MKCOL', path, headers }, [201], signal);
  return { token, known: new Map() };
}

/** Bytes of the chunks that the server has, by number; null where it has forgotten the upload (a day). */
async function chunksIn(
  tools: ChunkTools,
  folder: DavPath,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, number> | null> {
  const chunks = new Map<number, number>();
  try {
    for await (const { name, bytes } of readFolder(tools.connection, folder, signal)) {
      if (/^\d{1,5}$/u.test(name) && bytes !== null) chunks.set(Number(name), bytes);
    }
    return chunks;
  } catch (error) {
    if (failureOf(error).code === 'notFound') return null;
    throw error;
  }
}

/** 423: still at it; 404 after that: done meanwhile. Resolves with the ETag where the server tells it. */
async function assemble(
  { connection }: ChunkTools,
  folder: DavPath,
  headers: Readonly<Record<string, string>>,
  { target, source }: PutJob,
  signal: AbortSignal,
): Promise<string | undefined> {
  const request = {
    method: 'MOVE',
    path: encodedPath([...folder, '.file']),
    headers: { ...headers, ...modificationTime(source), overwrite: 'F' },
    silenceMs: mergeSilenceMs,
  };
  for (let ask = 1; ; ask += 1) {
    const reply = await connection.send(request, signal);
    if (stored.some((status) => status === reply.status)) {
      await connection.drop(reply);
      return reply.header('etag');
    }
    const failure = await connection.refused(reply);
    const merging = reply.status === 423 || reply.status === 504;
    if (!merging && !(reply.status === 404 && ask > 1)) throw failure;
    const found = await lookUp(connection, target, signal);
    if (found?.bytes === source.bytes) return undefined;
    if (reply.status === 404) throw fail('serverError', 'The server lost the parts of the file.');
    if (ask === mergeAsks) throw failure;
    await connection.clock.sleep(mergeWaitMs, signal);
  }
}

function giveUp(
  tools: ChunkTools,
  folder: DavPath,
  { resume }: PutOptions,
  code: ReturnType<typeof failureOf>['code'],
): void {
  const worthKeeping =
    isTransient(code) || code === 'cancelled' || code === 'auth' || code === 'quota';
  if (worthKeeping && resume !== undefined) return;
  resume?.save(undefined);
  drop(tools, folder);
}

function drop({ connection, background }: ChunkTools, folder: DavPath): void {
  const request = { method: 'DELETE', path: encodedPath(folder, true) };
  const signal = AbortSignal.timeout(10_000);
  // The server forgets it within a day in any case.
  background(
    connection.command(request, [200, 204, 404], signal).then(
      () => undefined,
      () => undefined,
    ),
  );
}

function parseToken(text: string | undefined): Token | undefined {
  if (text === undefined) return undefined;
  try {
    return tokenSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
