import { createHash } from 'node:crypto';

import { z } from 'zod';

import { fail, failureOf, isTransient } from '../../../../shared/domain/failure.ts';
import type { Random } from '../../ports/random.ts';
import { throwIfCancelled } from '../cancellation.ts';
import { piecesOf } from '../common/source-bytes.ts';
import type { Piece } from '../common/source-bytes.ts';
import { readElements, textOf } from '../common/read-xml.ts';
import type { PutOptions, PutResult, ReopenableSource } from '../contract.ts';
import type { AzureConnection } from './connection.ts';
import { tagOf } from './list-container.ts';
import { blobHeaders } from './put-blob.ts';

const tokenSchema = z.object({
  /** Begins the names of this upload's blocks. */
  id: z.string().regex(/^[0-9a-f]{24}$/u),
  key: z.string(),
  sha256: z.string(),
  bytes: z.int().nonnegative(),
  blockBytes: z.int().positive(),
});
type Token = z.infer<typeof tokenSchema>;

const mebibyte = 1024 * 1024;
const smallestBlock = 8 * mebibyte;
const mostBlocks = 50_000;
const blocksInFlight = 3;

export interface BlockTools {
  readonly connection: AzureConnection;
  readonly random: Random;
  readonly exists: (key: string, signal: AbortSignal) => Promise<boolean>;
}

/**
 * Uploads in blocks, a few at once, each refused by the service where it arrives damaged. The source is read
 * from its start on every attempt and hashed as a whole; blocks that the service has are not sent again. Blocks
 * that never became a blob are invisible, and forgotten by the service after a week.
 */
export async function putBlocks(
  tools: BlockTools,
  key: string,
  source: ReopenableSource,
  options: PutOptions,
  signal: AbortSignal,
): Promise<PutResult> {
  if (await tools.exists(key, signal)) throw fail('conflict', `${key} exists already.`);
  const { token, known } = await beginOrResume(tools, key, source, options, signal);
  try {
    const { names, md5 } = await sendBlocks(tools, token, known, source, options, signal);
    const tag = await commit(tools, key, source, { names, md5 }, signal);
    options.resume?.save(undefined);
    return { key, bytes: source.bytes, modifiedMs: null, hashes: {}, tag, evidence: null };
  } catch (error) {
    const { code } = failureOf(error);
    const worthKeeping =
      isTransient(code) || code === 'cancelled' || code === 'auth' || code === 'quota';
    if (!worthKeeping) options.resume?.save(undefined);
    throw error;
  }
}

async function beginOrResume(
  { connection, random }: BlockTools,
  key: string,
  source: ReopenableSource,
  options: PutOptions,
  signal: AbortSignal,
): Promise<{ token: Token; known: ReadonlyMap<string, number> }> {
  const { sha256, bytes } = source;
  const earlier = parseToken(options.resume?.load());
  if (earlier?.key === key && earlier.sha256 === sha256 && earlier.bytes === bytes) {
    return { token: earlier, known: await blocksOf(connection, key, signal) };
  }
  const id = Buffer.from(random.bytes(12)).toString('hex');
  const blockBytes = Math.max(smallestBlock, Math.ceil(bytes / mostBlocks / mebibyte) * mebibyte);
  const token = { id, key, sha256, bytes, blockBytes };
  options.resume?.save(JSON.stringify(token));
  return { token, known: new Map() };
}

/** Bytes of the blocks that wait to become this blob, by name. */
async function blocksOf(
  connection: AzureConnection,
  key: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const blob = `${connection.settings.prefix}${key}`;
  const query = { comp: 'blocklist', blocklisttype: 'uncommitted' };
  const blocks = new Map<string, number>();
  try {
    const reply = await connection.send({ method: 'GET', blob, query }, [200], signal);
    for await (const block of readElements(reply.chunks(), new Set(['Block']))) {
      const size = Number(textOf(block, 'Size') ?? Number.NaN);
      blocks.set(textOf(block, 'Name') ?? '', size);
    }
  } catch (error) {
    if (failureOf(error).code !== 'notFound') throw error;
  }
  return blocks;
}

async function sendBlocks(
  { connection }: BlockTools,
  token: Token,
  known: ReadonlyMap<string, number>,
  source: ReopenableSource,
  options: PutOptions,
  outer: AbortSignal,
): Promise<{ names: readonly string[]; md5: string }> {
  const stop = new AbortController();
  const signal = AbortSignal.any([outer, stop.signal]);
  const whole = createHash('md5');
  const inFlight = new Set<Promise<void>>();
  const names: string[] = [];
  let taken = 0;
  let failure: { readonly error: unknown } | undefined;
  const send = async ({ body }: Piece, name: string): Promise<void> => {
    try {
      if (known.get(name) !== body.length)
        await putBlock(connection, token.key, name, body, signal);
      taken += body.length;
      options.onProgress?.(taken);
    } catch (error) {
      failure ??= { error };
      stop.abort();
    }
  };
  try {
    for await (const piece of piecesOf(source, token.blockBytes, signal)) {
      whole.update(piece.body);
      const name = blockName(token.id, piece.number);
      names.push(name);
      const sending = send(piece, name).finally(() => inFlight.delete(sending));
      inFlight.add(sending);
      if (inFlight.size >= blocksInFlight) await Promise.race(inFlight);
    }
  } catch (error) {
    failure ??= { error };
    stop.abort();
  }
  await Promise.all(inFlight);
  throwIfCancelled(outer);
  if (failure !== undefined) throw failure.error;
  return { names, md5: whole.digest('base64') };
}

async function putBlock(
  connection: AzureConnection,
  key: string,
  name: string,
  body: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  const request = {
    method: 'PUT' as const,
    blob: `${connection.settings.prefix}${key}`,
    query: { comp: 'block', blockid: name },
    headers: { 'content-md5': createHash('md5').update(body).digest('base64') },
    body,
  };
  await connection.command(request, [201], signal);
}

/** The blocks become the blob, whose own MD5 is kept for other programs: the service does not check it. */
async function commit(
  { connection }: BlockTools,
  key: string,
  source: ReopenableSource,
  { names, md5 }: { readonly names: readonly string[]; readonly md5: string },
  signal: AbortSignal,
): Promise<string | null> {
  const list = names.map((name) => `<Uncommitted>${name}</Uncommitted>`).join('');
  const text = `<?xml version="1.0" encoding="utf-8"?><BlockList>${list}</BlockList>`;
  const reply = await connection.command(
    {
      method: 'PUT',
      blob: `${connection.settings.prefix}${key}`,
      query: { comp: 'blocklist' },
      headers: {
        ...blobHeaders(source),
        'content-type': 'application/xml',
        'if-none-match': '*',
        'x-ms-blob-content-md5': md5,
        'x-ms-blob-content-type': source.mime,
      },
      body: Buffer.from(text),
    },
    [201],
    signal,
  );
  return tagOf(reply.header('etag'));
}

/** All names of a blob's blocks have to be of one length, also those of another device's upload. */
function blockName(id: string, number: number): string {
  return Buffer.from(`${id}-${String(number).padStart(5, '0')}`).toString('base64');
}

function parseToken(text: string | undefined): Token | undefined {
  if (text === undefined) return undefined;
  try {
    return tokenSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
