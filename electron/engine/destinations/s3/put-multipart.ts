import { createHash } from 'node:crypto';

import type { CompletedPart, Part } from '@aws-sdk/client-s3';

import { fail, failureOf, isTransient } from '../../../../shared/domain/failure.ts';
import { throwIfCancelled } from '../cancellation.ts';
import type { PutOptions, PutResult, ReopenableSource } from '../contract.ts';
import { changed, exactBytes } from '../exact-source.ts';
import type { ByteBudget } from './byte-budget.ts';
import type { MultipartApi, MultipartUpload } from './multipart-api.ts';
import { formatToken, parseToken, partBytesFor } from './multipart-token.ts';

interface Tools {
  readonly api: MultipartApi;
  readonly budget: ByteBudget;
  /** Whether an object of that key stands at the destination. */
  readonly exists: (key: string, signal: AbortSignal) => Promise<boolean>;
  /** Work that goes on after the put has rejected and that nobody waits for. */
  readonly background: (work: Promise<void>) => void;
}

interface Begun extends MultipartUpload {
  readonly partBytes: number;
  /** Parts that the server has from an earlier attempt. */
  readonly known: ReadonlyMap<number, Part>;
}

/**
 * Uploads in parts, a few at once. The source is read from its start on every attempt and hashed as a
 * whole; parts that the server demonstrably has are not sent again. What was begun is kept for the next
 * attempt where the failure may pass and there is a place to remember it, and dropped otherwise.
 *
 * Servers may ignore the condition on completing, so the key is looked up before the first part and once
 * more before the last step: a race of two uploads of one key can then end with the later one's bytes.
 */
export async function putMultipart(
  tools: Tools,
  key: string,
  source: ReopenableSource,
  options: PutOptions,
  signal: AbortSignal,
): Promise<PutResult> {
  await refuseExisting(tools, key, signal);
  const upload = await beginOrResume(tools, key, source, options, signal);
  try {
    const parts = await sendParts(tools, upload, source, options, signal);
    await refuseExisting(tools, key, signal);
    const tag = await tools.api.complete(upload, parts, signal);
    options.resume?.save(undefined);
    return { key, bytes: source.bytes, modifiedMs: null, hashes: {}, tag, evidence: null };
  } catch (error) {
    const { code } = failureOf(error);
    const worthKeeping =
      isTransient(code) || code === 'cancelled' || code === 'auth' || code === 'quota';
    if (!worthKeeping || options.resume === undefined) {
      options.resume?.save(undefined);
      drop(tools, upload);
    }
    throw error;
  }
}

async function refuseExisting(tools: Tools, key: string, signal: AbortSignal): Promise<void> {
  if (await tools.exists(key, signal)) throw fail('conflict', `${key} exists already.`);
}

async function beginOrResume(
  tools: Tools,
  key: string,
  source: ReopenableSource,
  options: PutOptions,
  signal: AbortSignal,
): Promise<Begun> {
  const token = parseToken(options.resume?.load());
  if (token !== undefined) {
    if (token.key === key && token.sha256 === source.sha256 && token.bytes === source.bytes) {
      const known = await tools.api.parts(token, signal);
      if (known !== null) return { ...token, known };
    } else {
      drop(tools, token);
    }
  }
  const partBytes = partBytesFor(source.bytes);
  const uploadId = await tools.api.begin(key, source.mime, source.modifiedMs, signal);
  const { sha256, bytes } = source;
  options.resume?.save(formatToken({ uploadId, key, sha256, bytes, partBytes }));
  return { key, uploadId, partBytes, known: new Map() };
}

async function sendParts(
  tools: Tools,
  upload: Begun,
  source: ReopenableSource,
  options: PutOptions,
  outer: AbortSignal,
): Promise<CompletedPart[]> {
  const stop = new AbortController();
  const signal = AbortSignal.any([outer, stop.signal]);
  const inFlight = new Set<Promise<void>>();
  const done: CompletedPart[] = [];
  let taken = 0;
  let failure: { readonly error: unknown } | undefined;
  const send = async (number: number, body: Buffer, giveBack: () => void): Promise<void> => {
    try {
      const same = tools.api.same(number, upload.known.get(number), body);
      done.push(same ?? (await tools.api.send(upload, number, body, signal)));
      taken += body.length;
      options.onProgress?.(taken);
    } catch (error) {
      failure ??= { error };
      stop.abort();
    } finally {
      giveBack();
    }
  };
  try {
    for await (const part of partsOf(source, upload.partBytes, tools.budget, signal)) {
      const sending = send(part.number, part.body, part.giveBack).finally(() =>
        inFlight.delete(sending),
      );
      inFlight.add(sending);
      if (inFlight.size >= partsInFlight) await Promise.race(inFlight);
    }
  } catch (error) {
    failure ??= { error };
    stop.abort();
  }
  await Promise.all(inFlight);
  throwIfCancelled(outer);
  if (failure !== undefined) throw failure.error;
  return done.sort((left, right) => (left.PartNumber ?? 0) - (right.PartNumber ?? 0));
}

interface PartBody {
  /** Counts from 1. */
  readonly number: number;
  readonly body: Buffer;
  readonly giveBack: () => void;
}

/** The source cut into parts; after the last it is known whether all of them together are what was promised. */
async function* partsOf(
  source: ReopenableSource,
  partBytes: number,
  budget: ByteBudget,
  signal: AbortSignal,
): AsyncGenerator<PartBody> {
  const whole = createHash('sha256');
  let number = 1;
  let left = source.bytes;
  let pending: { body: Buffer; filled: number; giveBack: () => void } | undefined;
  try {
    for await (const chunk of exactBytes(source, 0, signal)) {
      whole.update(chunk);
      for (let offset = 0; offset < chunk.length;) {
        pending ??= await emptyPart(Math.min(partBytes, left), budget, signal);
        const piece = chunk.subarray(offset, offset + pending.body.length - pending.filled);
        pending.body.set(piece, pending.filled);
        pending.filled += piece.length;
        offset += piece.length;
        if (pending.filled < pending.body.length) continue;
        const { body, giveBack } = pending;
        left -= body.length;
        pending = undefined;
        yield { number, body, giveBack };
        number += 1;
      }
    }
  } finally {
    pending?.giveBack();
  }
  if (whole.digest('hex') !== source.sha256) throw changed('changed after it was examined');
}

async function emptyPart(
  bytes: number,
  budget: ByteBudget,
  signal: AbortSignal,
): Promise<{ body: Buffer; filled: number; giveBack: () => void }> {
  const giveBack = await budget.take(bytes, signal);
  return { body: Buffer.allocUnsafe(bytes), filled: 0, giveBack };
}

function drop(tools: Tools, upload: MultipartUpload): void {
  // An upload that cannot be dropped costs its owner some space; the photo's own failure counts more.
  const signal = AbortSignal.timeout(dropMs);
  tools.background(tools.api.abort(upload, signal).catch(() => undefined));
}

const partsInFlight = 3;
const dropMs = 5_000;
