import { readFileSync, rmSync, watch, writeFileSync, type FSWatcher } from 'node:fs';
import { join } from 'node:path';

/** One process for each directory; a second one leaves what it was asked for and is refused. */
export class SingleInstance {
  readonly #lock: string;
  readonly #watcher: FSWatcher;

  private constructor(lock: string, watcher: FSWatcher) {
    this.#lock = lock;
    this.#watcher = watcher;
  }

  static take(
    directory: string,
    data: unknown,
    onSecond: (data: unknown) => void,
  ): SingleInstance | null {
    const lock = join(directory, 'SingletonLock');
    const letter = join(directory, 'SingletonLetter');
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
    } catch {
      if (isAlive(Number(readFileSync(lock, 'utf8')))) {
        writeFileSync(letter, JSON.stringify(data));
        return null;
      }
      writeFileSync(lock, String(process.pid));
    }
    const watcher = watch(directory, (_event, name) => {
      if (name !== 'SingletonLetter') return;
      const content = readLetter(letter);
      if (content === undefined) return;
      rmSync(letter, { force: true });
      onSecond(content);
    });
    watcher.unref();
    return new SingleInstance(lock, watcher);
  }

  release(): void {
    this.#watcher.close();
    rmSync(this.#lock, { force: true });
  }
}

/** Undefined where it is not there, or not written to its end. */
function readLetter(letter: string): unknown {
  try {
    return JSON.parse(readFileSync(letter, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
