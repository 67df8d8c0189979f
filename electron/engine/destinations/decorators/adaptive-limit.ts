import { cancelled, throwIfCancelled } from '../cancellation.ts';

/** Bounds of an {@link AdaptiveLimit}. */
export interface LimitOptions {
  readonly initial: number;
  readonly max: number;
  /** Bytes that may be under way at once, unless fewer than four transfers are. */
  readonly bytesUnderWay: number;
}

interface Waiting {
  readonly bytes: number;
  readonly start: () => void;
}

/** One call that is under way; exactly one of its ends must be told. */
export interface Slot {
  /** The call ended without a sign of overload. */
  succeeded(): void;
  /** The destination said, or showed by silence, that this is too much. */
  overloaded(): void;
  /** The call ended in a way that says nothing of the load. */
  ended(): void;
}

/**
 * How many calls may be under way: additive increase, multiplicative decrease (Chiu and Jain, 1989), with
 * TCP's slow start before the first sign of overload, so that many small files over a slow line soon go up
 * side by side. Large files fill a line by themselves: they are bounded by their bytes as well.
 */
export class AdaptiveLimit {
  readonly #options: LimitOptions;
  #limit: number;
  #calls = 0;
  #bytes = 0;
  #slowStart = true;
  /** Calls that started before the last decrease say nothing about the limit since. */
  #epoch = 0;
  #waiting: Waiting[] = [];

  constructor(options: LimitOptions) {
    this.#options = options;
    this.#limit = Math.max(1, Math.min(options.initial, options.max));
  }

  /** Calls that may be under way at the moment. */
  get limit(): number {
    return Math.floor(this.#limit);
  }

  get underWay(): number {
    return this.#calls;
  }

  /** Resolves when the call may start, first come, first served. */
  async enter(bytes: number, signal: AbortSignal): Promise<Slot> {
    throwIfCancelled(signal);
    if (this.#waiting.length === 0 && this.#fits(bytes)) this.#count(bytes);
    else await this.#turn(bytes, signal);
    const epoch = this.#epoch;
    const saturated = this.#waiting.length > 0 || this.#calls >= this.limit;
    return {
      succeeded: () => {
        if (saturated) this.#grow();
        this.#leave(bytes);
      },
      overloaded: () => {
        if (epoch === this.#epoch) this.#shrink();
        this.#leave(bytes);
      },
      ended: () => {
        this.#leave(bytes);
      },
    };
  }

  #turn(bytes: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry: Waiting = {
        bytes,
        start: () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      const onAbort = (): void => {
        this.#waiting = this.#waiting.filter((other) => other !== entry);
        reject(cancelled());
        this.#startWaiting();
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(entry);
    });
  }

  #grow(): void {
    const step = this.#slowStart ? 1 : 1 / this.#limit;
    this.#limit = Math.min(this.#options.max, this.#limit + step);
  }

  #shrink(): void {
    this.#slowStart = false;
    this.#epoch += 1;
    this.#limit = Math.max(1, this.#limit / 2);
  }

  #leave(bytes: number): void {
    this.#calls -= 1;
    this.#bytes -= bytes;
    this.#startWaiting();
  }

  #startWaiting(): void {
    let next = this.#waiting[0];
    while (next !== undefined && this.#fits(next.bytes)) {
      this.#waiting.shift();
      this.#count(next.bytes);
      next.start();
      next = this.#waiting[0];
    }
  }

  #count(bytes: number): void {
    this.#calls += 1;
    this.#bytes += bytes;
  }

  #fits(bytes: number): boolean {
    if (this.#calls >= this.limit) return false;
    return this.#calls < transfersAlways || this.#bytes + bytes <= this.#options.bytesUnderWay;
  }
}

const transfersAlways = 4;
