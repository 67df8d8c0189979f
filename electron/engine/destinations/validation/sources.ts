import { createHash } from 'node:crypto';

import { fail } from '../../../../shared/domain/failure.ts';
import { cancelled } from '../cancellation.ts';
import type { ReopenableSource, ResumeStore } from '../contract.ts';

/** Bytes that look random and are the same for the same seed (xorshift32, Marsaglia 2003). */
export function someBytes(count: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(count);
  let state = seed * 2_654_435_769;
  for (let index = 0; index < count; index += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[index] = state & 0xff;
  }
  return bytes;
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A source that keeps its word. */
export function sourceOf(bytes: Uint8Array): ReopenableSource {
  return lyingSource(bytes, bytes);
}

/** A source that promises some bytes and gives others. */
export function lyingSource(promised: Uint8Array, given: Uint8Array): ReopenableSource {
  return describe(promised, async function* open(start) {
    await Promise.resolve();
    yield* chunksOf(given, start, given.length);
  });
}

/** A source that breaks after some bytes. */
export function breakingSource(promised: Uint8Array, after: number): ReopenableSource {
  return describe(promised, async function* open(start) {
    await Promise.resolve();
    yield* chunksOf(promised, start, after);
    throw fail('unreadable', 'The source broke, as it was told to.');
  });
}

/** A source that gives some bytes and then nothing until it is cancelled; `reached` tells when it does so. */
export function hangingSource(
  promised: Uint8Array,
  after: number,
  reached: () => void,
): ReopenableSource {
  return describe(promised, async function* open(start, signal) {
    yield* chunksOf(promised, start, after);
    reached();
    await new Promise((_resolve, reject) => {
      const onAbort = (): void => {
        reject(cancelled());
      };
      if (signal.aborted) onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
    });
  });
}

/** Keeps a resume token in memory. */
export class TokenStore implements ResumeStore {
  token: string | undefined;

  load(): string | undefined {
    return this.token;
  }

  save(token: string | undefined): void {
    this.token = token;
  }
}

/** All that comes, in one piece. */
export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(Uint8Array.from(chunk));
  return Buffer.concat(parts);
}

function describe(promised: Uint8Array, open: ReopenableSource['open']): ReopenableSource {
  return {
    bytes: promised.length,
    sha256: sha256Of(promised),
    mime: 'application/octet-stream',
    modifiedMs: 1_700_000_000_000,
    open,
  };
}

function* chunksOf(bytes: Uint8Array, start: number, end: number): Generator<Uint8Array> {
  const limit = Math.min(end, bytes.length);
  for (let from = start; from < limit; from += chunkBytes) {
    yield bytes.subarray(from, Math.min(from + chunkBytes, limit));
  }
}

const chunkBytes = 256 * 1024;
