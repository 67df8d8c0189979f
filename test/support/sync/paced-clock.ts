import { fail } from '../../../shared/domain/failure.ts';
import type { Clock } from '../../../electron/engine/ports/clock.ts';

interface Sleeper {
  readonly milliseconds: number;
  readonly until: number;
  readonly wake: () => void;
}

/**
 * A clock that a test moves on. Sleeps of less than a second pass by themselves, at once; longer ones last
 * until the test has moved the time that far.
 */
export class PacedClock implements Clock {
  #now: number;
  readonly #sleepers = new Set<Sleeper>();
  readonly #lookers = new Set<() => void>();

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
    for (const sleeper of [...this.#sleepers]) {
      if (sleeper.until > this.#now) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }

  async sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw fail('cancelled', 'The sleep was cancelled.');
    if (milliseconds < 1000) {
      await new Promise((resolve) => setImmediate(resolve));
      this.advance(milliseconds);
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const sleeper: Sleeper = {
      milliseconds,
      until: this.#now + milliseconds,
      wake: () => {
        resolve(undefined);
      },
    };
    const cancel = (): void => {
      reject(fail('cancelled', 'The sleep was cancelled.'));
    };
    signal.addEventListener('abort', cancel, { once: true });
    this.#sleepers.add(sleeper);
    for (const look of this.#lookers) look();
    try {
      await promise;
    } finally {
      this.#sleepers.delete(sleeper);
      signal.removeEventListener('abort', cancel);
    }
  }

  /** Resolves once somebody sleeps for just so long. */
  async sleeping(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (![...this.#sleepers].some((sleeper) => sleeper.milliseconds === milliseconds)) return;
        this.#lookers.delete(look);
        resolve();
      };
      this.#lookers.add(look);
      look();
    });
  }
}
