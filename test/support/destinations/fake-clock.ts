import { cancelled } from '../../../electron/engine/destinations/cancellation.ts';
import type { Clock } from '../../../electron/engine/ports/clock.ts';

/** A clock that passes the time of every sleep at once, and remembers the sleeps. */
export class FakeClock implements Clock {
  readonly sleeps: number[] = [];
  #monotonic = 1_000;
  /** Wall clock minus monotonic clock; may be changed to make the wall clock jump. */
  wallOffset = 1_700_000_000_000;

  now(): number {
    return this.#monotonic + this.wallOffset;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  advance(milliseconds: number): void {
    this.#monotonic += milliseconds;
  }

  async sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    await Promise.resolve();
    if (signal.aborted) throw cancelled();
    this.sleeps.push(milliseconds);
    this.advance(milliseconds);
  }
}
