import { watch } from 'node:fs';
import { platform as thisPlatform } from 'node:process';
import { failureOf } from '../../../shared/domain/failure.ts';
import { fromNativeName, toNativePath } from '../scan/raw-path.ts';
import type {
  DirectoryWatch,
  DirectoryWatcher,
  DirectoryWatcherEvents,
} from '../ports/directory-watcher.ts';
import { watchFailure } from './watch-failure.ts';

/**
 * Directory hints through Node's `fs.watch`, which also takes names that are not UTF-8: inotify, one watch
 * a directory, on Linux; one handle for a whole tree on macOS (FSEvents) and Windows
 * (ReadDirectoryChangesW).
 */
export class NodeDirectoryWatcher implements DirectoryWatcher {
  readonly recursive: boolean;
  readonly #backslashSeparates: boolean;

  constructor(platform: NodeJS.Platform = thisPlatform) {
    this.#backslashSeparates = platform === 'win32';
    this.recursive = platform === 'darwin' || platform === 'win32';
  }

  watch(path: string, events: DirectoryWatcherEvents): Promise<DirectoryWatch> {
    return new Promise((resolve) => {
      resolve(this.#watch(path, events));
    });
  }

  #watch(path: string, events: DirectoryWatcherEvents): DirectoryWatch {
    try {
      const watcher = watch(
        toNativePath(path),
        { encoding: 'buffer', recursive: this.recursive },
        (type, name) => {
          events.changed(name === null ? null : this.#entryPath(name), type === 'rename');
        },
      );
      watcher.on('error', (error) => {
        watcher.close();
        events.failed(failureOf(watchFailure(error, path)));
      });
      return watcher;
    } catch (error) {
      throw watchFailure(error, path);
    }
  }

  #entryPath(name: Buffer): string {
    const path = fromNativeName(name);
    return this.#backslashSeparates ? path.replaceAll('\\', '/') : path;
  }
}
