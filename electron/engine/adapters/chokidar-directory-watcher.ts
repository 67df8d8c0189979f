import { platform as thisPlatform } from 'node:process';
import type {
  DirectoryWatch,
  DirectoryWatcher,
  DirectoryWatcherEvents,
} from '../ports/directory-watcher.ts';
import { toNativePath } from '../scan/raw-path.ts';
import { relativeTo } from '../scan/roots.ts';
import { ChokidarBatch, type WatchRequest } from './chokidar-batch.ts';
import { NodeDirectoryWatcher } from './node-directory-watcher.ts';

/** Chokidar looks at every file of a directory that it begins to watch: more at once take more memory. */
const directoriesPerBatch = 4;

interface Waiting extends WatchRequest {
  readonly resolve: (watch: DirectoryWatch) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Directory hints through chokidar, without an entry for each file: one directory at a time on Linux, a whole
 * tree on macOS and Windows. Directories are given to chokidar in small batches, one batch after the other,
 * because it says of all directories of a watcher together, and once, that they are watched.
 */
export class ChokidarDirectoryWatcher implements DirectoryWatcher {
  readonly recursive: boolean;
  readonly #backslashSeparates: boolean;
  /** For names that chokidar, whose paths are strings with slashes, cannot say. */
  readonly #otherNames: DirectoryWatcher;
  #waiting: Waiting[] = [];
  #starting = false;

  constructor(platform: NodeJS.Platform = thisPlatform) {
    this.#backslashSeparates = platform === 'win32';
    this.recursive = platform === 'darwin' || platform === 'win32';
    this.#otherNames = new NodeDirectoryWatcher(platform);
  }

  watch(path: string, events: DirectoryWatcherEvents): Promise<DirectoryWatch> {
    if (!this.#canBeSaid(path)) return this.#otherNames.watch(path, events);
    const { promise, resolve, reject } = Promise.withResolvers<DirectoryWatch>();
    this.#waiting.push({ path, events, resolve, reject });
    if (!this.#starting) {
      this.#starting = true;
      // What is asked for in one go joins one batch.
      queueMicrotask(() => void this.#startWaiting());
    }
    return promise;
  }

  #canBeSaid(path: string): boolean {
    if (typeof toNativePath(path) !== 'string') return false;
    return this.#backslashSeparates || !path.includes('\\');
  }

  async #startWaiting(): Promise<void> {
    while (this.#waiting.length > 0) {
      const requests = this.#takeApart();
      const batch = new ChokidarBatch(requests, {
        recursive: this.recursive,
        backslashSeparates: this.#backslashSeparates,
      });
      await batch.start();
      for (const { path, resolve, reject } of requests) {
        try {
          resolve(batch.take(path));
        } catch (error) {
          reject(error);
        }
      }
    }
    this.#starting = false;
  }

  /** The next directories none of which is in another: chokidar closes one together with all below it. */
  #takeApart(): readonly Waiting[] {
    const taken: Waiting[] = [];
    const left: Waiting[] = [];
    const most = this.recursive ? 1 : directoriesPerBatch;
    for (const request of this.#waiting) {
      const apart = taken.every(
        ({ path }) =>
          relativeTo(path, request.path) === null && relativeTo(request.path, path) === null,
      );
      (apart && taken.length < most ? taken : left).push(request);
    }
    this.#waiting = left;
    return taken;
  }
}
