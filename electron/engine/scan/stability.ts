import type { Clock } from '../ports/clock.ts';

/** What tells whether a file is still being written. */
export interface FileShape {
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number;
}

/** A shape and when it was first seen, on the monotonic clock. */
export interface ShapeSighting extends FileShape {
  readonly sinceMonotonicMs: number;
}

/** `settled`: read it now. `wait`: look again after so many milliseconds. */
export type Stability =
  | { readonly state: 'settled' }
  | {
      readonly state: 'wait';
      readonly forMs: number;
      readonly sighting: ShapeSighting;
    };

export interface StabilityQuestion {
  readonly shape: FileShape;
  /** The last sighting that led to `wait`, if any. */
  readonly previous: ShapeSighting | null;
  /** Whether the file was just seen changing: then its own time proves nothing. */
  readonly changing: boolean;
  /** How long a file that was seen changing must not change, milliseconds. */
  readonly quietMs: number;
  /** Age of the modification time that settles any other file at first sight, milliseconds. */
  readonly oldMs: number;
  /** Wall clock, milliseconds since 1970. */
  readonly nowMs: number;
  readonly monotonicMs: number;
}

/**
 * Whether a file has stopped growing. Pure.
 *
 * A file that was not seen changing and whose modification time lies at least `oldMs` in the past has
 * settled at first sight; so a library is not held up. Every other one, also one from the future
 * (a camera's or a server's clock that is ahead), has to keep its size and time for `quietMs` of monotonic
 * time. A clock behind ours can make a growing file look old; reading is therefore framed by two stats.
 */
export function judgeStability(question: StabilityQuestion): Stability {
  const { shape, previous, changing, quietMs, oldMs, nowMs, monotonicMs } = question;
  if (!changing && previous === null && shape.modifiedMs <= nowMs - oldMs) {
    return { state: 'settled' };
  }
  const unchanged =
    previous?.size === shape.size && previous.modifiedMs === shape.modifiedMs ? previous : null;
  const since = unchanged?.sinceMonotonicMs ?? monotonicMs;
  const forMs = quietMs - (monotonicMs - since);
  if (unchanged !== null && forMs <= 0) return { state: 'settled' };
  const { size, modifiedMs } = shape;
  return {
    state: 'wait',
    forMs: Math.max(forMs, 1),
    sighting: { size, modifiedMs, sinceMonotonicMs: since },
  };
}

/** See {@link StabilityQuestion}. */
export type StabilityTimes = Pick<StabilityQuestion, 'quietMs' | 'oldMs'>;

/** Remembers the files that have not settled, and only those. */
export class StabilityGate {
  readonly #clock: Clock;
  readonly #times: StabilityTimes;
  readonly #unsettled = new Map<string, ShapeSighting>();

  constructor(clock: Clock, times: StabilityTimes) {
    this.#clock = clock;
    this.#times = times;
  }

  /** Files that are waited for. */
  get waiting(): number {
    return this.#unsettled.size;
  }

  /**
   * Milliseconds to wait before the file is looked at again; 0 means that it has settled and may be read.
   * `changing` says that it was just seen changing, see {@link judgeStability}.
   */
  wait(path: string, shape: FileShape, changing: boolean): number {
    const verdict = judgeStability({
      shape,
      previous: this.#unsettled.get(path) ?? null,
      changing,
      ...this.#times,
      nowMs: this.#clock.now(),
      monotonicMs: this.#clock.monotonic(),
    });
    if (verdict.state === 'settled') {
      this.#unsettled.delete(path);
      return 0;
    }
    this.#unsettled.set(path, verdict.sighting);
    return verdict.forMs;
  }

  /** Drops a file that is gone. */
  forget(path: string): void {
    this.#unsettled.delete(path);
  }
}
