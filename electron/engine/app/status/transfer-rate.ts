/** How far back a rate looks, milliseconds. */
const windowMs = 10_000;
/** A shorter time says nothing. */
const shortestMs = 500;

/** Bytes a second over the last seconds. */
export class TransferRate {
  readonly #samples: { atMs: number; bytes: number }[] = [];
  #bytes = 0;

  add(bytes: number, atMs: number): void {
    const last = this.#samples.at(-1);
    this.#bytes += bytes;
    if (last !== undefined && atMs - last.atMs < 100) last.bytes += bytes;
    else this.#samples.push({ atMs, bytes });
    this.#forget(atMs);
  }

  /** Null while nothing is sent, and until it can be told. */
  at(nowMs: number): number | null {
    this.#forget(nowMs);
    const first = this.#samples[0];
    if (first === undefined) return null;
    const span = nowMs - first.atMs;
    return span < shortestMs ? null : (this.#bytes / span) * 1000;
  }

  #forget(nowMs: number): void {
    for (;;) {
      const first = this.#samples[0];
      if (first === undefined || nowMs - first.atMs <= windowMs) return;
      this.#bytes -= first.bytes;
      this.#samples.shift();
    }
  }
}
