import { availableParallelism } from 'node:os';
import type { ContentHash } from '../../../../shared/domain/asset.ts';
import { fail, type Failure } from '../../../../shared/domain/failure.ts';
import type { Thumbnail, Thumbnailer, ThumbnailSizes } from '../../ports/thumbnailer.ts';
import { RenderProcess } from './render-process.ts';
import { ThumbnailCache } from './thumbnail-cache.ts';
import { forkThumbnailProcess, type SpawnThumbnailProcess } from './thumbnail-process.ts';
import type { RenderedThumbnail, ThumbnailReply, ThumbnailRequest } from './thumbnail-protocol.ts';

export interface ProcessThumbnailerOptions {
  /** Where the pictures are kept. */
  readonly directory: string;
  /** Size of the cache, bytes. */
  readonly cacheBytes?: number;
  /** Pictures rendered at once, each in a process of its own; by default two or three. */
  readonly processes?: number;
  /** How long one picture may take before its process is killed, milliseconds. */
  readonly timeoutMs?: number;
  readonly spawn?: SpawnThumbnailProcess;
}

type Request = Omit<ThumbnailRequest, 'id'>;

interface Waiting {
  readonly request: Request;
  readonly signal: AbortSignal;
  readonly resolve: (outcome: RenderedThumbnail | Failure) => void;
}

/**
 * {@link Thumbnailer} over child processes with one picture each, so that a picture that hangs, crashes the
 * decoder or eats memory is known by name and harms no other.
 */
export class ProcessThumbnailer implements Thumbnailer {
  readonly #cache: ThumbnailCache;
  readonly #processes: readonly RenderProcess[];
  readonly #waiting: Waiting[] = [];
  #closed = false;

  constructor(options: ProcessThumbnailerOptions) {
    this.#cache = new ThumbnailCache(options.directory, options.cacheBytes ?? 4 * 1024 ** 3);
    const count = options.processes ?? Math.max(2, Math.min(3, availableParallelism() - 1));
    const spawn = options.spawn ?? forkThumbnailProcess();
    const timeoutMs = options.timeoutMs ?? 30_000;
    this.#processes = Array.from({ length: count }, () => new RenderProcess(spawn, timeoutMs));
  }

  async make(
    path: string,
    hash: ContentHash,
    signal: AbortSignal,
    sizes: ThumbnailSizes = 'all',
  ): Promise<Thumbnail> {
    const outcome = await this.#render({ path, hash, sizes }, signal);
    if ('code' in outcome) return placeholder(outcome);
    const gridPath = await this.#cache.store(hash, 'grid', outcome.grid);
    const previewPath =
      outcome.preview === null ? null : await this.#cache.store(hash, 'preview', outcome.preview);
    const { width, height, thumbHash } = outcome;
    const full = gridPath === null || (outcome.preview !== null && previewPath === null);
    const placeholderReason: Failure | null = full
      ? {
          code: 'diskFull',
          message: 'The preview could not be stored.',
          hint: 'Free some space on the disk that holds the data directory.',
        }
      : null;
    return { gridPath, previewPath, width, height, thumbHash, placeholderReason };
  }

  async find(hash: ContentHash, size: 'grid' | 'preview'): Promise<string | null> {
    return this.#cache.find(hash, size);
  }

  close(): Promise<void> {
    this.#closed = true;
    for (const { resolve } of this.#waiting.splice(0)) resolve(cancelled);
    for (const process of this.#processes) process.close();
    return Promise.resolve();
  }

  async #render(request: Request, signal: AbortSignal): Promise<RenderedThumbnail | Failure> {
    if (signal.aborted || this.#closed) throw fail('cancelled', cancelled.message);
    const outcome = await new Promise<RenderedThumbnail | Failure>((resolve) => {
      const onAbort = (): void => {
        const index = this.#waiting.indexOf(waiting);
        if (index >= 0) this.#waiting.splice(index, 1);
        resolve(cancelled);
      };
      const waiting: Waiting = {
        request,
        signal,
        resolve: (result) => {
          signal.removeEventListener('abort', onAbort);
          resolve(result);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(waiting);
      this.#dispatch();
    });
    if ('code' in outcome && outcome.code === 'cancelled') throw fail('cancelled', outcome.message);
    return outcome;
  }

  #dispatch(): void {
    for (const process of this.#processes) {
      if (process.busy) continue;
      const next = this.#waiting.shift();
      if (next === undefined) return;
      void process.render(next.request).then((reply) => {
        next.resolve(outcomeOf(reply));
        this.#dispatch();
      });
    }
  }
}

const cancelled: Failure = { code: 'cancelled', message: 'The work was cancelled.' };

function outcomeOf(reply: ThumbnailReply): RenderedThumbnail | Failure {
  return 'failure' in reply ? reply.failure : reply.rendered;
}

function placeholder(reason: Failure): Thumbnail {
  return {
    gridPath: null,
    previewPath: null,
    width: null,
    height: null,
    thumbHash: null,
    placeholderReason: reason,
  };
}
