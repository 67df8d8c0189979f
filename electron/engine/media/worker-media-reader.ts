import { availableParallelism } from 'node:os';
import { fail, failureOf, type Failure } from '../../../shared/domain/failure.ts';
import type { MetadataTags } from '../../../shared/domain/metadata-tags.ts';
import type { Inspection, MediaReader } from '../ports/media-reader.ts';
import type { MetadataFallback } from './exiftool-metadata.ts';
import { MediaThread, type FileReading } from './media-thread.ts';
import type { WorkerRequest } from './worker-protocol.ts';
import { moduleBeside } from '../adapters/module-beside.ts';

export interface WorkerMediaReaderOptions {
  /** Threads; by default one a core, at most four. */
  readonly threads?: number;
  /** How long a file's metadata may take before its parser is killed, milliseconds. */
  readonly parseTimeoutMs?: number;
  /** How long a disk may deliver nothing before the file is given up, milliseconds. */
  readonly stallTimeoutMs?: number;
  /** Memory of a thread beside its buffers, megabytes. */
  readonly memoryMegabytes?: number;
  /** Where the worker's module is; by default beside this one. */
  readonly workerUrl?: URL;
  /** Reads the metadata that the built-in readers cannot. */
  readonly fallback?: MetadataFallback | null;
}

interface Waiting {
  readonly kind: WorkerRequest['kind'];
  readonly path: string;
  readonly signal: AbortSignal;
  readonly resolve: (reading: FileReading) => void;
  readonly reject: (error: unknown) => void;
}

const mostThreads = 4;

/**
 * {@link MediaReader} over worker threads. Each file is read once; its hash is safe before any parser sees
 * its bytes, and a parser that hangs or eats memory costs only its thread, which is replaced.
 */
export class WorkerMediaReader implements MediaReader {
  readonly #threads: readonly MediaThread[];
  readonly #fallback: MetadataFallback | null;
  readonly #waiting: Waiting[] = [];
  #closed = false;

  constructor(options: WorkerMediaReaderOptions = {}) {
    const count = options.threads ?? Math.min(availableParallelism(), mostThreads);
    const settings = {
      parseTimeoutMs: options.parseTimeoutMs ?? 5_000,
      stallTimeoutMs: options.stallTimeoutMs ?? 60_000,
      memoryMegabytes: options.memoryMegabytes ?? 256,
      workerUrl: options.workerUrl ?? moduleBeside('media-worker', import.meta.url),
    };
    this.#threads = Array.from({ length: count }, () => new MediaThread(settings));
    this.#fallback = options.fallback ?? null;
  }

  async inspect(path: string, signal: AbortSignal): Promise<Inspection> {
    const { sha256, bytes, type, tags, failure } = await this.#read('inspect', path, signal);
    if (failure === null || type === null || bytes === 0 || this.#fallback === null) {
      return { sha256, bytes, type, tags, metadataFailure: failure };
    }
    const second = await this.#secondOpinion(this.#fallback, path, failure, signal);
    return { sha256, bytes, type, ...second };
  }

  async hash(path: string, signal: AbortSignal): Promise<{ sha256: string; bytes: number }> {
    const { sha256, bytes } = await this.#read('hash', path, signal);
    return { sha256, bytes };
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#waiting.splice(0)) waiting.reject(closed());
    await Promise.all([
      ...this.#threads.map((thread) => thread.close()),
      this.#fallback?.close() ?? Promise.resolve(),
    ]);
  }

  async #secondOpinion(
    fallback: MetadataFallback,
    path: string,
    first: Failure,
    signal: AbortSignal,
  ): Promise<{ readonly tags: MetadataTags; readonly metadataFailure: Failure | null }> {
    try {
      return { tags: await fallback.read(path, signal), metadataFailure: null };
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code === 'cancelled') throw error;
      // What the fallback lacks says more than "unsupported"; damage found first says more than its echo.
      return { tags: {}, metadataFailure: first.code === 'unsupported' ? failure : first };
    }
  }

  #read(kind: WorkerRequest['kind'], path: string, signal: AbortSignal): Promise<FileReading> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(closed());
        return;
      }
      const onAbort = (): void => {
        const index = this.#waiting.indexOf(waiting);
        if (index >= 0) this.#waiting.splice(index, 1);
        reject(fail('cancelled', 'The work was cancelled.'));
      };
      const waiting: Waiting = {
        kind,
        path,
        signal,
        resolve: (reading) => {
          signal.removeEventListener('abort', onAbort);
          resolve(reading);
        },
        reject: (error) => {
          signal.removeEventListener('abort', onAbort);
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      };
      if (signal.aborted) {
        onAbort();
        return;
      }
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(waiting);
      this.#dispatch();
    });
  }

  #dispatch(): void {
    for (;;) {
      const thread = this.#threads.reduce((best, each) => (each.load < best.load ? each : best));
      const next = thread.hasRoom ? this.#waiting.shift() : undefined;
      if (next === undefined) return;
      thread
        .read(next.kind, next.path, next.signal)
        .then(next.resolve, next.reject)
        .finally(() => {
          this.#dispatch();
        });
    }
  }
}

function closed(): Error {
  return fail('cancelled', 'The media reader was closed.');
}
