import { Worker } from 'node:worker_threads';
import type { PackedListing } from './packed-listing.ts';
import type { PackedLook } from './packed-look.ts';
import { moduleBeside } from './module-beside.ts';

/** `look`: what a scan makes of the directory, see `scan/look.ts`. */
type Wish = { readonly kind: 'list' } | { readonly kind: 'look'; readonly known: string | null };

export type DirectoryQuestion = Wish & {
  readonly id: number;
  readonly path: string;
  readonly platform: NodeJS.Platform;
};

export type DirectoryAnswer =
  /** The thread has started. */
  | 'ready'
  | { readonly id: number; readonly listing: PackedListing }
  | { readonly id: number; readonly look: PackedLook }
  | {
      readonly id: number;
      readonly systemCode: string;
      readonly message: string;
    };

/** Enough to keep a disk busy; more gain nothing and each takes 10 MB. */
const threadCount = 2;
const idleMs = 5000;

type Told = Extract<DirectoryAnswer, { listing: unknown } | { look: unknown }>;

interface Waiting {
  readonly resolve: (answer: Told) => void;
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
 * they start or a question is open.
 */
export class DirectoryWorkers {
  readonly #platform: NodeJS.Platform;
  #threads: Thread[] = [];
  #nextId = 1;
  #idle: NodeJS.Timeout | undefined;
  #usable = true;
  #started = Promise.withResolvers<undefined>();

  constructor(platform: NodeJS.Platform) {
    this.#platform = platform;
  }

  /** Whether a thread runs that can be asked. */
  get ready(): boolean {
    return this.#threads.some(({ ready }) => ready);
  }

  /** Starts the threads; resolves, in a tenth of a second, when one is {@link ready} or none will be. */
  async start(): Promise<void> {
    while (this.#threads.length < threadCount) this.#threads.push(this.#startOne());
    if (!this.ready) await this.#started.promise;
  }

  /** False once a thread broke down: the caller then lists without them. */
  get usable(): boolean {
    return this.#usable;
  }

  /** Rejects with what Node throws, with its `code`. */
  async list(path: string): Promise<PackedListing> {
    const answer = await this.#ask(path, { kind: 'list' });
    if ('listing' in answer) return answer.listing;
    throw new DirectoryThreadError(new Error('The thread answered something else.'));
  }

  /** As {@link list}; `known` as of `DirectoryLooker.look`. */
  async look(path: string, known: string | null): Promise<PackedLook> {
    const answer = await this.#ask(path, { kind: 'look', known });
    if ('look' in answer) return answer.look;
    throw new DirectoryThreadError(new Error('The thread answered something else.'));
  }

  #ask(path: string, wish: Wish): Promise<Told> {
    clearTimeout(this.#idle);
    const thread = this.#leastBusy();
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      thread.waiting.set(id, { resolve, reject });
      thread.worker.ref();
      const question: DirectoryQuestion = { ...wish, id, path, platform: this.#platform };
      thread.worker.postMessage(question);
    });
  }

  #leastBusy(): Thread {
    void this.start();
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
    const thread: Thread = { worker, waiting: new Map(), ready: false };
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
      this.#started.resolve(undefined);
      this.#rest(thread);
      return;
    }
    const waiting = thread.waiting.get(answer.id);
    thread.waiting.delete(answer.id);
    this.#rest(thread);
    if (!('systemCode' in answer)) waiting?.resolve(answer);
    else waiting?.reject(Object.assign(new Error(answer.message), { code: answer.systemCode }));
  }

  /** A thread keeps the process alive while it starts, because somebody waits for that, and while it is asked. */
  #rest(thread: Thread): void {
    if (thread.waiting.size === 0) thread.worker.unref();
    if (this.#threads.every(({ ready, waiting }) => ready && waiting.size === 0)) this.#endSoon();
  }

  #endSoon(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      const idle = this.#threads;
      this.#threads = [];
      this.#started = Promise.withResolvers();
      for (const { worker } of idle) void worker.terminate();
    }, idleMs);
    this.#idle.unref();
  }

  #broke(thread: Thread, error: unknown): void {
    this.#usable = false;
    this.#started.resolve(undefined);
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
