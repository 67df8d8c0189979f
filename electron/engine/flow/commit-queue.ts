import type { Clock } from '../ports/clock.ts';

interface Waiting {
  /** Does the work inside a transaction and keeps its result. */
  readonly work: () => void;
  /** Hands the result over, once it is durable. */
  readonly settle: () => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Does work in one transaction. Throws where nothing was changed; `durable` resolves when the change is
 * durable, and rejects where it was made but cannot be made to last.
 */
type Commit = (work: () => void) => { readonly durable: Promise<void> };

/** From one transaction to the next, milliseconds: where many changes come up each is to hold many. */
const gatherMs = 8;

/**
 * Lets changes that come up at the same moment, or while the disk is still busy with earlier ones, share one
 * transaction, and so one wait for the disk: a durable commit costs as much for fifty photos as for one. Each
 * change still resolves only when it is durable, and one that fails takes none of the others with it.
 */
export class CommitQueue {
  readonly #commit: Commit;
  readonly #clock: Clock;
  /** Of this queue alone: one for all queues would remember every wait that never ended. */
  readonly #unending = new AbortController().signal;
  #waiting: Waiting[] = [];
  #working = false;
  #flushedAt = Number.NEGATIVE_INFINITY;

  constructor(commit: Commit, clock: Clock) {
    this.#commit = commit;
    this.#clock = clock;
  }

  /** Does a synchronous change to the catalogue; resolves with its result when it is durable. */
  async add<T>(work: () => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const results: T[] = [];
    this.#waiting.push({
      work: () => {
        results.splice(0, results.length, work());
      },
      settle: () => {
        for (const result of results) resolve(result);
      },
      fail: reject,
    });
    if (!this.#working) void this.#workThrough();
    return promise;
  }

  async #workThrough(): Promise<void> {
    this.#working = true;
    while (this.#waiting.length > 0) {
      const gathering = this.#flushedAt + gatherMs - this.#clock.monotonic();
      await this.#clock.sleep(Math.max(0, gathering), this.#unending);
      this.#flushedAt = this.#clock.monotonic();
      const batch = this.#waiting;
      this.#waiting = [];
      await this.#flush(batch);
    }
    this.#working = false;
  }

  async #flush(batch: readonly Waiting[]): Promise<void> {
    let committed: { readonly durable: Promise<void> };
    try {
      committed = this.#commit(() => {
        for (const { work } of batch) work();
      });
    } catch (error) {
      const [only] = batch;
      if (batch.length === 1) only?.fail(error);
      else for (const change of batch) await this.#flush([change]);
      return;
    }
    try {
      await committed.durable;
      for (const { settle } of batch) settle();
    } catch (error) {
      for (const { fail } of batch) fail(error);
    }
  }
}
