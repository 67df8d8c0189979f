import { isAbsolute } from 'node:path';
import { FSWatcher } from 'chokidar';
import { fail, failureOf } from '../../../shared/domain/failure.ts';
import type { DirectoryWatch, DirectoryWatcherEvents } from '../ports/directory-watcher.ts';
import { mayHideBytes } from '../scan/raw-path.ts';
import { watchFailure } from './watch-failure.ts';

export interface WatchRequest {
  readonly path: string;
  readonly events: DirectoryWatcherEvents;
}

export interface BatchOptions {
  /** Whether one handle covers all below a directory. */
  readonly recursive: boolean;
  /** Whether names cannot hold a backslash, because it separates them. */
  readonly backslashSeparates: boolean;
}

interface Member extends WatchRequest {
  /** Whether chokidar came by the directory. */
  found: boolean;
  /** Why it is not watched. */
  error: unknown;
}

/**
 * A few directories under one chokidar watcher, none inside another. Everything in them is ignored, so that
 * chokidar keeps an entry for each directory and none for a file; its raw hints tell what happened.
 */
export class ChokidarBatch {
  readonly #members = new Map<string, Member>();
  readonly #chokidar: FSWatcher;
  readonly #backslashSeparates: boolean;
  #ready = false;

  constructor(requests: readonly WatchRequest[], options: BatchOptions) {
    this.#backslashSeparates = options.backslashSeparates;
    for (const request of requests) {
      this.#members.set(this.#key(request.path), { ...request, found: false, error: null });
    }
    this.#chokidar = new FSWatcher({
      ...(options.recursive ? { backend: 'native-recursive' } : { backend: 'native', depth: 0 }),
      followSymlinks: false,
      // Else directories with names like those of editors' temporary files are passed over.
      atomic: false,
      ignored: (path) => !this.#members.has(this.#key(path)),
    });
  }

  /** Resolves when every directory is watched or has a reason not to be. */
  async start(): Promise<void> {
    this.#chokidar
      .on('addDir', (path) => {
        const member = this.#members.get(this.#key(path));
        if (member !== undefined) member.found = true;
      })
      .on('raw', (type, entry, details) => {
        const { events } = this.#members.get(this.#key(watchedPath(details))) ?? {};
        events?.changed(this.#entry(entry), type === 'rename');
      })
      .on('error', (error) => {
        this.#takeError(error);
      });
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#chokidar.once('ready', () => {
      resolve(undefined);
    });
    this.#chokidar.add([...this.#members.values()].map(({ path }) => path));
    await promise;
    this.#ready = true;
  }

  /** The watch of a directory, once {@link start} has resolved; throws as `DirectoryWatcher.watch` rejects. */
  take(path: string): DirectoryWatch {
    const key = this.#key(path);
    const member = this.#members.get(key);
    if (member?.found === true && member.error === null) {
      return {
        close: () => {
          this.#close(key);
        },
      };
    }
    this.#close(key);
    if (member === undefined || member.error === null) {
      throw fail('notFound', 'There is no such folder any more.');
    }
    throw watchFailure(member.error, path);
  }

  #close(key: string): void {
    const member = this.#members.get(key);
    if (member === undefined) return;
    this.#members.delete(key);
    if (this.#members.size > 0) this.#chokidar.unwatch(member.path);
    else void this.#chokidar.close();
  }

  /** Only a refused or broken watch matters: what chokidar could not look at for itself is not asked of it. */
  #takeError(error: unknown): void {
    if (!isOfWatch(error)) return;
    const key = this.#key(error.path);
    const member = this.#members.get(key);
    if (member === undefined) return;
    member.error = error;
    if (!this.#ready) return;
    this.#close(key);
    member.events.failed(failureOf(watchFailure(error, member.path)));
  }

  /** Null where the name may not be the one on disk. */
  #entry(entry: string | null): string | null {
    if (entry === null || isAbsolute(entry) || mayHideBytes(entry)) return null;
    return this.#slashed(entry);
  }

  #key(path: string): string {
    return this.#slashed(path).replace(/\/+$/u, '');
  }

  #slashed(path: string): string {
    return this.#backslashSeparates ? path.replaceAll('\\', '/') : path;
  }
}

function isOfWatch(error: unknown): error is Error & { readonly path: string } {
  if (!(error instanceof Error) || !('syscall' in error) || !('path' in error)) return false;
  return error.syscall === 'watch' && typeof error.path === 'string';
}

/** Chokidar says with each raw hint which path it was watched under. */
function watchedPath(details: unknown): string {
  if (typeof details !== 'object' || details === null || !('watchedPath' in details)) return '';
  return typeof details.watchedPath === 'string' ? details.watchedPath : '';
}
