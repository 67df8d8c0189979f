import type { Failure } from '../../../../shared/domain/failure.ts';
import type { SpawnThumbnailProcess, ThumbnailProcess } from './thumbnail-process.ts';
import {
  outOfMemoryStatus,
  type ThumbnailReply,
  type ThumbnailRequest,
} from './thumbnail-protocol.ts';

interface Job {
  readonly id: number;
  readonly resolve: (reply: ThumbnailReply) => void;
  readonly timer: NodeJS.Timeout;
}

/** A process without work ends after this time, so that nothing of it stays in memory. */
const idleMs = 20_000;
/** A process is replaced after this many pictures, before what decoders leak adds up. */
const mostPictures = 2_000;

/** One child process with at most one picture in it; started when first needed, replaced after a kill. */
export class RenderProcess {
  readonly #spawn: SpawnThumbnailProcess;
  readonly #timeoutMs: number;
  #process: ThumbnailProcess | null = null;
  #job: Job | null = null;
  #idle: NodeJS.Timeout | null = null;
  #nextId = 1;
  #rendered = 0;

  constructor(spawn: SpawnThumbnailProcess, timeoutMs: number) {
    this.#spawn = spawn;
    this.#timeoutMs = timeoutMs;
  }

  get busy(): boolean {
    return this.#job !== null;
  }

  /** Renders one picture; only when not {@link busy}. Never rejects. */
  render(request: Omit<ThumbnailRequest, 'id'>): Promise<ThumbnailReply> {
    const id = this.#nextId;
    this.#nextId += 1;
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = null;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#stop();
        this.#fail({
          code: 'timeout',
          message: 'The picture took too long to decode, so it has no preview.',
        });
      }, this.#timeoutMs);
      this.#job = { id, resolve, timer };
      this.#process ??= this.#start();
      this.#process.send({ id, ...request });
    });
  }

  close(): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#stop();
    this.#fail({ code: 'cancelled', message: 'The work was cancelled.' });
  }

  #start(): ThumbnailProcess {
    this.#rendered = 0;
    const process = this.#spawn({
      onReply: (reply) => {
        if (this.#process === process) this.#finish(reply);
      },
      onExit: (status) => {
        if (this.#process !== process) return;
        this.#process = null;
        this.#fail(exitFailure(status));
      },
    });
    return process;
  }

  #stop(): void {
    const process = this.#process;
    this.#process = null;
    process?.kill();
  }

  #fail(failure: Failure): void {
    if (this.#job !== null) this.#finish({ id: this.#job.id, failure });
  }

  #finish(reply: ThumbnailReply): void {
    const job = this.#job;
    if (job?.id !== reply.id) return;
    clearTimeout(job.timer);
    this.#job = null;
    this.#rendered += 1;
    if (this.#rendered >= mostPictures) this.#stop();
    this.#idle = setTimeout(() => {
      this.#stop();
    }, idleMs);
    this.#idle.unref();
    job.resolve(reply);
  }
}

function exitFailure(status: number | null): Failure {
  return status === outOfMemoryStatus
    ? { code: 'unsupported', message: 'The picture needs too much memory for a preview.' }
    : { code: 'corrupt', message: 'The picture made the decoder crash, so it has no preview.' };
}
