import { fail } from '../../../shared/domain/failure.ts';
import type { Clock } from '../../../electron/engine/ports/clock.ts';

/** A clock that only a test moves; who sleeps wakes when the test says so. */
export class StillClock implements Clock {
  nowMs: number;
  readonly #sleepers = new Set<() => void>();

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  now(): number {
    return this.nowMs;
  }

  monotonic(): number {
    return this.nowMs;
  }

  /** Moves the time on and wakes everybody. */
  advance(milliseconds: number): void {
    this.nowMs += milliseconds;
    const sleepers = [...this.#sleepers];
    this.#sleepers.clear();
    for (const wake of sleepers) wake();
  }

  sleep(_milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = (): void => {
        this.#sleepers.delete(wake);
        reject(fail('cancelled', 'The sleep was cancelled.'));
      };
      const wake = (): void => {
        signal.removeEventListener('abort', cancel);
        resolve();
      };
      if (signal.aborted) {
        cancel();
        return;
      }
      this.#sleepers.add(wake);
      signal.addEventListener('abort', cancel, { once: true });
    });
  }
}
