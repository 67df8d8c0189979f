import type { Timers } from '../../../electron/main/system/timers.ts';

/** A clock that a test moves. */
export class ManualTimers implements Timers {
  #nowMs: number;
  #waiting: { readonly atMs: number; readonly callback: () => void }[] = [];

  constructor(nowMs = Date.UTC(2024, 4, 17, 3)) {
    this.#nowMs = nowMs;
  }

  now(): number {
    return this.#nowMs;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { atMs: this.#nowMs + ms, callback };
    this.#waiting.push(timer);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== timer);
    };
  }

  /** Lets time pass; what is due runs in its order. */
  pass(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      const [next] = this.#waiting.toSorted((a, b) => a.atMs - b.atMs);
      if (next === undefined || next.atMs > untilMs) break;
      this.#waiting = this.#waiting.filter((other) => other !== next);
      this.#nowMs = next.atMs;
      next.callback();
    }
    this.#nowMs = untilMs;
  }
}
