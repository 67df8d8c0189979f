import { createHash, hash } from 'node:crypto';

import type { ReopenableSource } from '../contract.ts';
import { changed, exactBytes, readExactly } from '../exact-source.ts';

/**
 * The whole source in memory, held to its word: other bytes than promised are `changed`. For what is small
 * enough that a request that is sent at all should be sent whole.
 */
export async function bytesOfSource(
  source: ReopenableSource,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const body = await readExactly(source, Buffer.allocUnsafe(source.bytes + 1), signal);
  requireHash(hash('sha256', body), source);
  return body;
}

/** The source's bytes as they come; at their end other bytes than promised are `changed`. */
export async function* provenBytes(
  source: ReopenableSource,
  onProgress: ((bytes: number) => void) | undefined,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const whole = createHash('sha256');
  let sent = 0;
  let held: Uint8Array | undefined;
  for await (const chunk of exactBytes(source, 0, signal)) {
    if (held !== undefined) {
      yield held;
      sent += held.length;
      onProgress?.(sent);
    }
    whole.update(chunk);
    // Held back by one, so that the last bytes of a source that lied never leave.
    held = new Uint8Array(chunk);
  }
  requireHash(whole.digest('hex'), source);
  if (held === undefined) return;
  yield held;
  onProgress?.(sent + held.length);
}

/** A number of bytes of a source, counted from 1. */
export interface Piece {
  readonly number: number;
  readonly body: Uint8Array;
}

/**
 * The source cut into pieces of one size, the last as long as what is left. When the last has come it is
 * known that all of them together are what was promised; otherwise `changed`.
 */
export async function* piecesOf(
  source: ReopenableSource,
  pieceBytes: number,
  signal: AbortSignal,
): AsyncGenerator<Piece> {
  const whole = createHash('sha256');
  let number = 1;
  let body = Buffer.allocUnsafe(Math.min(pieceBytes, source.bytes));
  let filled = 0;
  let cut = 0;
  for await (const chunk of exactBytes(source, 0, signal)) {
    whole.update(chunk);
    for (let offset = 0; offset < chunk.length;) {
      if (filled === body.length) {
        yield { number, body };
        number += 1;
        cut += filled;
        body = Buffer.allocUnsafe(Math.min(pieceBytes, source.bytes - cut));
        filled = 0;
      }
      const part = chunk.subarray(offset, offset + body.length - filled);
      body.set(part, filled);
      filled += part.length;
      offset += part.length;
    }
  }
  requireHash(whole.digest('hex'), source);
  if (filled > 0) yield { number, body };
}

function requireHash(sha256: string, source: ReopenableSource): void {
  if (sha256 !== source.sha256) throw changed('changed after it was examined');
}
