import type { Clock } from '../../../electron/engine/ports/clock.ts';
import { fail } from '../../../shared/domain/failure.ts';
import type { SimulatedProcess } from './steps.ts';

/** Milliseconds that have passed in the simulated world. */
export class SimulatedTime {
  #elapsed = 0;

  get elapsed(): number {
    return this.#elapsed;
  }

  advance(milliseconds: number): void {
    this.#elapsed += Math.max(0, milliseconds);
  }
}

/** Waiting, as the scheduler offers it to the clocks. */
export interface Sleeping {
  /** Calls `wake` once `at` has come; the function it gives back cancels that. */
  sleepUntil(at: number, process: SimulatedProcess, wake: () => void): () => void;
}

/** 2024-06-01T00:00:00Z: where every simulated wall clock starts. */
export const simulatedEpochMs = Date.UTC(2024, 5, 1);

/** The clock of one computer: its wall time can be wrong and can jump, its monotonic time cannot. */
export class SimulatedClock implements Clock {
  readonly #time: SimulatedTime;
  readonly #sleeping: Sleeping;
  readonly #process: SimulatedProcess;
  readonly #wall: { offsetMs: number };

  /** `wall.offsetMs` belongs to the computer and outlives the process. */
  constructor(
    time: SimulatedTime,
    sleeping: Sleeping,
    process: SimulatedProcess,
    wall: { offsetMs: number },
  ) {
    this.#time = time;
    this.#sleeping = sleeping;
    this.#process = process;
    this.#wall = wall;
  }

  now(): number {
    return simulatedEpochMs + Math.floor(this.#time.elapsed) + this.#wall.offsetMs;
  }

  monotonic(): number {
    return this.#time.elapsed;
  }

  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (!this.#process.alive) return new Promise(() => undefined);
    return new Promise((resolve, reject) => {
      const cancelled = (): void => {
        reject(fail('cancelled', 'The wait was cancelled.'));
      };
      if (signal.aborted) {
        cancelled();
        return;
      }
      const onAbort = (): void => {
        cancel();
        if (this.#process.alive) cancelled();
      };
      const cancel = this.#sleeping.sleepUntil(
        this.#time.elapsed + Math.max(0, milliseconds),
        this.#process,
        () => {
          signal.removeEventListener('abort', onAbort);
          if (this.#process.alive) resolve();
        },
      );
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}
