import { Worker } from 'node:worker_threads';
import type { ContentHash, MediaType } from '../../../shared/domain/asset.ts';
import { CloudrollError, fail, type Failure } from '../../../shared/domain/failure.ts';
import type { MetadataTags } from '../../../shared/domain/metadata-tags.ts';
import {
  controlBytes,
  controlCancelled,
  controlProgress,
  type WorkerData,
  type WorkerReply,
  type WorkerRequest,
} from './worker-protocol.ts';

/** What a thread finds out about one file. */
export interface FileReading {
  readonly sha256: ContentHash;
  readonly bytes: number;
  readonly type: MediaType | null;
  readonly tags: MetadataTags;
  /** Why there are no tags. */
  readonly failure: Failure | null;
}

export interface MediaThreadSettings {
  readonly parseTimeoutMs: number;
  readonly stallTimeoutMs: number;
  readonly memoryMegabytes: number;
  readonly workerUrl: URL;
}

/** Files that a thread has been given: one that it works on and one to follow without waiting for us. */
const filesGiven = 2;
/** A thread without work ends after this time: its memory counts while the app sits in the tray. */
const idleMs = 20_000;

type Hashed = Extract<WorkerReply, { event: 'hashed' }>;

interface Job {
  readonly id: number;
  readonly path: string;
  readonly signal: AbortSignal;
  /** What is asked of the thread now: the hash alone, once a thread was lost over this file. */
  kind: WorkerRequest['kind'];
  /** Why the first thread was lost. */
  lost: Failure | null;
  readonly resolve: (reading: FileReading) => void;
  readonly reject: (failure: Failure) => void;
  hashed: Hashed | null;
}

/** One worker thread that works on one file at a time; started when first needed, replaced after a kill. */
export class MediaThread {
  readonly #settings: MediaThreadSettings;
  readonly #control = new Int32Array(new SharedArrayBuffer(controlBytes));
  #worker: Worker | null = null;
  /** In the order in which the thread has been given them; it works on the first. */
  #jobs: Job[] = [];
  #timer: NodeJS.Timeout | null = null;
  #nextId = 1;

  constructor(settings: MediaThreadSettings) {
    this.#settings = settings;
  }

  /** Files that it has been given. */
  get load(): number {
    return this.#jobs.length;
  }

  /** Whether it takes another file. */
  get hasRoom(): boolean {
    return this.#jobs.length < filesGiven;
  }

  /** Reads one file; only when it {@link hasRoom}. An abort stops the hashing at the next block. */
  async read(kind: WorkerRequest['kind'], path: string, signal: AbortSignal): Promise<FileReading> {
    const id = this.#nextId;
    this.#nextId += 1;
    const onAbort = (): void => {
      if (this.#jobs[0]?.id === id) this.#stopHashing(id);
      else this.#jobs.find((job) => job.id === id)?.reject(cancelled());
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await new Promise<FileReading>((resolve, reject) => {
        const job: Job = {
          id,
          kind,
          path,
          signal,
          lost: null,
          hashed: null,
          resolve,
          reject: (failure) => {
            reject(new CloudrollError(failure));
          },
        };
        this.#jobs.push(job);
        this.#send(job);
        if (this.#jobs.length === 1) this.#watchProgress(job);
      });
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    this.#clearTimer();
    for (const job of this.#jobs.splice(0)) {
      job.reject(fail('cancelled', 'The media reader was closed.').failure);
    }
    await worker?.terminate();
  }

  #stopHashing(id: number): void {
    Atomics.store(this.#control, controlCancelled, id);
  }

  #send(job: Job): void {
    this.#worker ??= this.#start();
    this.#worker.ref();
    const { id, kind, path } = job;
    const request: WorkerRequest = { id, kind, path };
    this.#worker.postMessage(request);
  }

  #start(): Worker {
    const data: WorkerData = { control: this.#control.buffer };
    const worker = new Worker(this.#settings.workerUrl, {
      workerData: data,
      resourceLimits: {
        maxOldGenerationSizeMb: this.#settings.memoryMegabytes,
        maxYoungGenerationSizeMb: 8,
      },
    });
    worker.on('message', (reply: WorkerReply) => {
      if (worker === this.#worker) this.#receive(reply);
    });
    worker.on('error', (error: Error & { readonly code?: string }) => {
      const outOfMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.#lose(worker, {
        code: 'corrupt',
        message: outOfMemory
          ? 'Reading the metadata needed too much memory and was stopped.'
          : `Reading the metadata failed: ${error.message}`,
      });
    });
    worker.on('exit', () => {
      this.#lose(worker, { code: 'bug', message: 'The media reader stopped unexpectedly.' });
    });
    return worker;
  }

  #receive(reply: WorkerReply): void {
    const [job] = this.#jobs;
    if (job?.id !== reply.id) return;
    if (reply.event === 'failed') {
      this.#end();
      job.reject(reply.failure);
    } else if (reply.event === 'parsed') {
      this.#deliver(job, reply.tags, reply.failure);
    } else {
      job.hashed = reply;
      if (job.kind === 'hash') this.#deliver(job, {}, job.lost);
      else this.#watchParser(job);
    }
  }

  #deliver(job: Job, tags: MetadataTags, failure: Failure | null): void {
    const { hashed } = job;
    if (hashed === null) return;
    const { sha256, bytes, type } = hashed;
    this.#end();
    job.resolve({ sha256, bytes, type, tags, failure });
  }

  /**
   * The hash counts even when the thread is gone. A thread that died over an inspection may have taken the
   * hash with it: a new one is asked for the hash alone.
   */
  #lose(worker: Worker, failure: Failure): void {
    if (worker !== this.#worker) return;
    this.#worker = null;
    const [job] = this.#jobs;
    if (job === undefined) return;
    if (job.hashed === null && job.kind === 'inspect' && failure.code !== 'timeout') {
      job.kind = 'hash';
      job.lost = failure;
      this.#watchProgress(job);
    } else if (job.hashed === null) {
      this.#end();
      job.reject(failure);
    } else {
      this.#deliver(job, {}, failure);
    }
    for (const left of this.#jobs) this.#send(left);
  }

  #kill(failure: Failure): void {
    const worker = this.#worker;
    if (worker === null) return;
    this.#lose(worker, failure);
    // A thread stuck in a system call ends when the call does; nobody waits for it.
    worker.unref();
    void worker.terminate();
  }

  #watchParser(job: Job): void {
    const { parseTimeoutMs } = this.#settings;
    this.#setTimer(parseTimeoutMs, () => {
      if (this.#jobs[0] !== job) return;
      const seconds = String(parseTimeoutMs / 1000);
      this.#kill({
        code: 'timeout',
        message: `Reading the metadata took longer than ${seconds} seconds and was stopped.`,
      });
    });
  }

  #watchProgress(job: Job): void {
    const before = Atomics.load(this.#control, controlProgress);
    this.#setTimer(this.#settings.stallTimeoutMs, () => {
      if (this.#jobs[0] !== job) return;
      if (Atomics.load(this.#control, controlProgress) !== before) {
        this.#watchProgress(job);
        return;
      }
      this.#kill({
        code: 'timeout',
        message: 'The disk delivered nothing of this file for too long.',
        hint: 'Check that the drive is connected and awake.',
      });
    });
  }

  #retireLater(worker: Worker): void {
    worker.unref();
    this.#setTimer(idleMs, () => {
      if (this.#jobs.length > 0 || this.#worker !== worker) return;
      this.#worker = null;
      void worker.terminate();
    });
    this.#timer?.unref();
  }

  #setTimer(milliseconds: number, action: () => void): void {
    this.#clearTimer();
    this.#timer = setTimeout(action, milliseconds);
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** The first file is done with; the thread, if it lives, goes on with the next. */
  #end(): void {
    this.#clearTimer();
    this.#jobs.shift();
    const [next] = this.#jobs;
    if (next === undefined) {
      if (this.#worker !== null) this.#retireLater(this.#worker);
      return;
    }
    this.#watchProgress(next);
    if (next.signal.aborted) this.#stopHashing(next.id);
  }
}

function cancelled(): Failure {
  return { code: 'cancelled', message: 'The work was cancelled.' };
}
