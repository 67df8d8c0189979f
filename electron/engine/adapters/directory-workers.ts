import { Worker } from 'node:worker_threads';
import type { PackedListing } from './packed-listing.ts';
import { moduleBeside } from './module-beside.ts';

export interface DirectoryQuestion {
  readonly id: number;
  readonly path: string;
  readonly platform: NodeJS.Platform;
}

export type DirectoryAnswer =
  /** The thread has started. */
  | 'ready'
  | { readonly id: number; readonly listing: PackedListing }
  | {
      readonly id: number;
      readonly systemCode: string;
      readonly message: string;
    };

/** Enough to keep a disk busy; more gain nothing and each takes 10 MB. */
const threadCount = 2;
const idleMs = 5000;

interface Waiting {
  readonly resolve: (listing: PackedListing) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
  ready: boolean;
}

/**
 * Threads that list directories while a whole tree is walked. Calls that wait cost half of what calls
 * through Node's thread pool do, and in a thread of their own they hold nothing up, not even when a drive
 * hangs. The threads end when nothing was asked for a few seconds, and keep the process alive only while
 * a question is open.
 */
export class DirectoryWorkers {
  readonly #platform: NodeJS.Platform;
  #threads: Thread[] = [];
  #nextId = 1;
  #idle: NodeJS.Timeout | undefined;
  #usable = true;

  constructor(platform: NodeJS.Platform) {
    this.#platform = platform;
  }

  /** Whether a thread runs that can be asked. */
  get ready(): boolean {
    return this.#threads.some(({ ready }) => ready);
  }

  /** Has the threads {@link ready} in a tenth of a second; the caller does without them until then. */
  start(): void {
    while (this.#threads.length < threadCount) this.#threads.push(this.#startOne());
  }

  /** False once a thread broke down: the caller then lists without them. */
  get usable(): boolean {
    return this.#usable;
  }

  /** Rejects with what Node throws, with its `code`. */
  list(path: string): Promise<PackedListing> {
    clearTimeout(this.#idle);
    const thread = this.#leastBusy();
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      thread.waiting.set(id, { resolve, reject });
      thread.worker.ref();
      thread.worker.postMessage({ id, path, platform: this.#platform } satisfies DirectoryQuestion);
    });
  }

  #leastBusy(): Thread {
    this.start();
    const ready = this.#threads.filter((thread) => thread.ready);
    return (ready.length > 0 ? ready : this.#threads).reduce((best, each) =>
      each.waiting.size < best.waiting.size ? each : best,
    );
  }

  #startOne(): Thread {
    const worker = new Worker(moduleBeside('directory-worker', import.meta.url), {
      // It keeps nothing: room to keep garbage in would only count as memory.
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
    });
    worker.unref();
    const thread: Thread = { worker, waiting: new Map(), ready: false };
    this.#endSoon();
    worker.on('message', (answer: DirectoryAnswer) => {
      this.#answered(thread, answer);
    });
    worker.on('error', (error) => {
      this.#broke(thread, error);
    });
    worker.on('exit', () => {
      if (this.#threads.includes(thread)) this.#broke(thread, new Error('The thread ended.'));
    });
    return thread;
  }

  #answered(thread: Thread, answer: DirectoryAnswer): void {
    if (answer === 'ready') {
      thread.ready = true;
      return;
    }
    const waiting = thread.waiting.get(answer.id);
    thread.waiting.delete(answer.id);
    if (thread.waiting.size === 0) thread.worker.unref();
    if (this.#threads.every((each) => each.waiting.size === 0)) this.#endSoon();
    if ('listing' in answer) waiting?.resolve(answer.listing);
    else waiting?.reject(Object.assign(new Error(answer.message), { code: answer.systemCode }));
  }

  #endSoon(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      const idle = this.#threads;
      this.#threads = [];
      for (const { worker } of idle) void worker.terminate();
    }, idleMs);
    this.#idle.unref();
  }

  #broke(thread: Thread, error: unknown): void {
    this.#usable = false;
    this.#threads = this.#threads.filter((each) => each !== thread);
    const reason = new DirectoryThreadError(error);
    for (const { reject } of thread.waiting.values()) reject(reason);
    thread.waiting.clear();
  }
}

/** The thread itself failed; this says nothing of the directory. */
export class DirectoryThreadError extends Error {
  constructor(cause: unknown) {
    super('A thread that lists directories broke down.', { cause });
    this.name = 'DirectoryThreadError';
  }
}
