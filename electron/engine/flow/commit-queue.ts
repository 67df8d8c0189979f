import type { Clock } from '../ports/clock.ts';

interface Waiting {
  /** Does the work inside a transaction and keeps its result. */
  readonly work: () => void;
  /** Hands the result over, once it is durable. */
  readonly settle: () => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Lets changes that come up at the same moment share one transaction, and so one wait for the disk: a
 * durable commit costs as much for fifty photos as for one. Each change still resolves only when it is
 * durable, and one that fails takes none of the others with it.
 */
export class CommitQueue {
  readonly #transaction: (work: () => void) => void;
  readonly #clock: Clock;
  #waiting: Waiting[] = [];
  #scheduled = false;

  constructor(transaction: (work: () => void) => void, clock: Clock) {
    this.#transaction = transaction;
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
    if (!this.#scheduled) {
      this.#scheduled = true;
      void this.#flush();
    }
    return promise;
  }

  async #flush(): Promise<void> {
    await this.#clock.sleep(0, unending);
    const batch = this.#waiting;
    this.#waiting = [];
    this.#scheduled = false;
    try {
      this.#transaction(() => {
        for (const { work } of batch) work();
      });
    } catch {
      this.#oneByOne(batch);
      return;
    }
    for (const { settle } of batch) settle();
  }

  #oneByOne(batch: readonly Waiting[]): void {
    for (const { work, settle, fail } of batch) {
      try {
        this.#transaction(work);
        settle();
      } catch (error) {
        fail(error);
      }
    }
  }
}

const unending = new AbortController().signal;
