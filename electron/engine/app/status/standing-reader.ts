import { Worker } from 'node:worker_threads';

import { CloudrollError, fail } from '../../../../shared/domain/failure.ts';
import type { Standing, StandingRequest } from '../../catalog/standing.ts';
import type { StandingAnswer, StandingQuestion } from './standing-protocol.ts';
import { moduleBeside } from '../../adapters/module-beside.ts';

interface Waiting {
  readonly resolve: (counted: Counted) => void;
  readonly reject: (error: unknown) => void;
}

/** A count, and how long the counting itself took, milliseconds. */
export interface Counted {
  readonly standing: Standing;
  readonly tookMs: number;
}

/** After so long without a question the thread ends: it takes memory, and nothing may happen for hours. */
const idleMs = 10_000;

/** Counts in a thread of its own, over its own connection, so that no question holds up the engine. */
export class StandingReader {
  readonly #catalogue: string;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #nextId = 1;
  #idle: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param catalogue path of the catalogue's file */
  constructor(catalogue: string) {
    this.#catalogue = catalogue;
  }

  /** @throws what kept the catalogue from being read; `cancelled` when this is closed */
  async read(request: StandingRequest): Promise<Counted> {
    if (this.#closed) throw closed();
    clearTimeout(this.#idle);
    const id = this.#nextId++;
    const worker = (this.#worker ??= this.#start());
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, request } satisfies StandingQuestion);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#failAll(closed());
    await this.#end();
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  #endWhenIdle(): void {
    clearTimeout(this.#idle);
    if (this.#waiting.size > 0) return;
    this.#idle = setTimeout(() => void this.#end(), idleMs);
    this.#idle.unref();
  }

  #start(): Worker {
    const worker = new Worker(moduleBeside('standing-worker', import.meta.url), {
      workerData: { catalogue: this.#catalogue },
    });
    worker.unref();
    worker.on('message', (answer: StandingAnswer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ('standing' in answer) waiting?.resolve(answer);
      else waiting?.reject(new CloudrollError(answer.failure));
      this.#endWhenIdle();
    });
    const gone = (error: unknown): void => {
      // One that was ended for want of questions may have a successor, whose questions are none of its.
      if (this.#worker !== worker) return;
      this.#worker = null;
      this.#failAll(error);
    };
    worker.on('error', gone);
    worker.on('exit', () => {
      gone(closed());
    });
    return worker;
  }

  #failAll(error: unknown): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

function closed(): CloudrollError {
  return fail('cancelled', 'Counting was stopped.');
}
