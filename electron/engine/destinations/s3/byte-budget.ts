import { cancelled, throwIfCancelled } from '../cancellation.ts';

interface Waiting {
  readonly bytes: number;
  readonly start: () => void;
}

/** Keeps the bytes that uploads hold in memory at once below a limit, first come, first served. */
export class ByteBudget {
  readonly #limit: number;
  #held = 0;
  #waiting: Waiting[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Resolves with what gives the bytes back. More than the whole limit is granted when nothing else is held. */
  async take(bytes: number, signal: AbortSignal): Promise<() => void> {
    throwIfCancelled(signal);
    if (this.#waiting.length > 0 || !this.#fits(bytes)) await this.#turn(bytes, signal);
    else this.#held += bytes;
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.#held -= bytes;
      this.#startWaiting();
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
      const onAbort = () => {
        this.#waiting = this.#waiting.filter((other) => other !== entry);
        reject(cancelled());
        this.#startWaiting();
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(entry);
    });
  }

  #startWaiting(): void {
    for (
      let next = this.#waiting[0];
      next !== undefined && this.#fits(next.bytes);
      next = this.#waiting[0]
    ) {
      this.#waiting.shift();
      this.#held += next.bytes;
      next.start();
    }
  }

  #fits(bytes: number): boolean {
    return this.#held === 0 || this.#held + bytes <= this.#limit;
  }
}
