import { fail } from '../../../shared/domain/failure.ts';

interface Job {
  readonly work: (signal: AbortSignal) => Promise<void>;
  readonly stop: AbortController;
  readonly done: PromiseWithResolvers<undefined>;
  waiting: number;
  running: boolean;
}

/**
 * Runs a few pieces of work at once, those that were asked for last first. Who asks for the same piece
 * waits for the one that is there; a piece that nobody waits for any more is stopped.
 */
export class LatestFirst {
  readonly #atOnce: number;
  /** By key, in the order in which they were last asked for. */
  readonly #jobs = new Map<string, Job>();
  #running = 0;

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  /** Resolves when the work of that key is done; rejects as it does, or with `cancelled`. */
  async run(
    key: string,
    work: (signal: AbortSignal) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    if (signal.aborted) throw cancelled();
    const job = this.#jobs.get(key) ?? newJob(work);
    job.waiting += 1;
    this.#jobs.delete(key);
    this.#jobs.set(key, job);
    const left = Promise.withResolvers<never>();
    const leave = (): void => {
      job.waiting -= 1;
      if (job.waiting === 0) this.#give(key, job);
      left.reject(cancelled());
    };
    signal.addEventListener('abort', leave, { once: true });
    this.#startNext();
    try {
      await Promise.race([job.done.promise, left.promise]);
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  #give(key: string, job: Job): void {
    job.stop.abort();
    if (this.#jobs.get(key) === job) this.#jobs.delete(key);
    if (!job.running) job.done.reject(cancelled());
  }

  #startNext(): void {
    while (this.#running < this.#atOnce) {
      const next = [...this.#jobs].findLast(([, { running }]) => !running);
      if (next === undefined) return;
      void this.#perform(...next);
    }
  }

  /** Never rejects. */
  async #perform(key: string, job: Job): Promise<void> {
    job.running = true;
    this.#running += 1;
    try {
      await job.work(job.stop.signal);
      job.done.resolve(undefined);
    } catch (error) {
      job.done.reject(error);
    } finally {
      this.#running -= 1;
      if (this.#jobs.get(key) === job) this.#jobs.delete(key);
      this.#startNext();
    }
  }
}

function newJob(work: Job['work']): Job {
  const done = Promise.withResolvers<undefined>();
  // Whoever waits hears of it; where nobody does, nobody has to.
  done.promise.catch(() => undefined);
  return { work, stop: new AbortController(), done, waiting: 0, running: false };
}

function cancelled(): Error {
  return fail('cancelled', 'The work was cancelled.');
}
