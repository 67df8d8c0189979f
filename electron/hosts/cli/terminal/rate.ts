/** How far the measurement looks back, milliseconds. */
const windowMs = 15_000;
/** Less than this says too little, milliseconds. */
const leastMs = 2000;
/** Samples closer together than this are one, milliseconds. */
const sampleEveryMs = 250;

/** Bytes per second over the last moments, and the time that is left. Pure: told the time. */
export class RateMeter {
  readonly #samples: { atMs: number; bytes: number }[] = [];

  /** Bytes moved so far, at a moment of a clock that only grows. */
  add(atMs: number, bytes: number): void {
    const last = this.#samples.at(-1);
    if (last !== undefined && atMs - last.atMs < sampleEveryMs) return;
    this.#samples.push({ atMs, bytes });
    while (this.#samples.length > 2 && atMs - (this.#samples[1]?.atMs ?? atMs) >= windowMs) {
      this.#samples.shift();
    }
  }

  /** Null until enough was seen. */
  bytesPerSecond(): number | null {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.atMs - first.atMs < leastMs) return null;
    return Math.max(0, ((last.bytes - first.bytes) * 1000) / (last.atMs - first.atMs));
  }

  /** Seconds until `bytes` more have moved; null where that cannot be told. */
  secondsFor(bytes: number): number | null {
    if (bytes <= 0) return 0;
    const rate = this.bytesPerSecond();
    return rate === null || rate < 1 ? null : bytes / rate;
  }
}
