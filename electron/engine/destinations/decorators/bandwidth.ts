import { fail } from '../../../../shared/domain/failure.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Destination, ReopenableSource } from '../contract.ts';
import { intercept } from './intercept.ts';

/**
 * A rate for the bytes of all uploads together: a token bucket that holds a quarter of a second. Can be
 * changed at any time; null is no limit.
 */
export class BandwidthLimit {
  readonly #clock: Clock;
  #bytesPerSecond: number | null;
  /** Monotonic moment up to which the bytes taken so far pay. */
  #paidUntil = 0;

  constructor(clock: Clock, bytesPerSecond: number | null = null) {
    this.#clock = clock;
    this.#bytesPerSecond = checked(bytesPerSecond);
  }

  get bytesPerSecond(): number | null {
    return this.#bytesPerSecond;
  }

  set(bytesPerSecond: number | null): void {
    this.#bytesPerSecond = checked(bytesPerSecond);
    this.#paidUntil = this.#clock.monotonic();
  }

  /** Resolves when so many more bytes may go. */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    if (this.#bytesPerSecond === null) return;
    const now = this.#clock.monotonic();
    this.#paidUntil = Math.max(this.#paidUntil, now - burstMs);
    this.#paidUntil += (bytes / this.#bytesPerSecond) * 1000;
    const wait = this.#paidUntil - now;
    if (wait > 0) await this.#clock.sleep(wait, signal);
  }
}

/** Holds uploads to a rate. Under a limit the kernel copies no files, since nothing could slow it down. */
export function limitingBandwidth(inner: Destination, limit: BandwidthLimit): Destination {
  return intercept(inner, {
    around: (_call, _signal, run) => run(),
    aroundStream: (_call, _signal, run) => run(),
    source: (source) => limitedSource(source, limit),
  });
}

/** A source that gives its bytes no faster than the limit; as it is while there is none. */
export function limitedSource(source: ReopenableSource, limit: BandwidthLimit): ReopenableSource {
  if (limit.bytesPerSecond === null) return source;
  const { bytes, sha256, mime, modifiedMs } = source;
  return {
    bytes,
    sha256,
    mime,
    modifiedMs,
    async *open(start, signal) {
      for await (const chunk of source.open(start, signal)) {
        for (let from = 0; from < chunk.length; from += pieceBytes) {
          const piece = chunk.subarray(from, from + pieceBytes);
          await limit.take(piece.length, signal);
          yield piece;
        }
      }
    },
  };
}

function checked(bytesPerSecond: number | null): number | null {
  if (bytesPerSecond === null || bytesPerSecond > 0) return bytesPerSecond;
  throw fail('invalid', 'A bandwidth limit has to be more than 0 bytes a second.');
}

const burstMs = 250;
const pieceBytes = 64 * 1024;
