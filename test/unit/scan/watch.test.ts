import { promises as fs } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ChokidarDirectoryWatcher } from '../../../electron/engine/adapters/chokidar-directory-watcher.ts';
import { NodeDirectoryWatcher } from '../../../electron/engine/adapters/node-directory-watcher.ts';
import { NodeFileSystem } from '../../../electron/engine/adapters/node-file-system.ts';
import { SystemClock } from '../../../electron/engine/adapters/system-clock.ts';
import type { Clock } from '../../../electron/engine/ports/clock.ts';
import type {
  DirectoryWatch,
  DirectoryWatcher,
  DirectoryWatcherEvents,
} from '../../../electron/engine/ports/directory-watcher.ts';
import {
  watchFolders,
  type WatchOptions,
  type WatchPorts,
} from '../../../electron/engine/scan/watch.ts';
import { fail, type Failure } from '../../../shared/domain/failure.ts';
import { makeTree, temporaryDirectory } from './temporary-directory.ts';

const quick: WatchOptions = { hintAfterMs: 20, pollEveryMs: 50 };

interface Watching {
  readonly polling: Failure[];
  readonly ended: Promise<void>;
  /** Resolves with the next hints until one is for this directory of this root. */
  hint(directory: string, root?: string): Promise<void>;
  forget(): void;
  stop(): void;
}

async function watchingWith(
  roots: readonly string[],
  changes: Partial<WatchPorts> & Pick<WatchPorts, 'watcher'>,
  options: WatchOptions = quick,
): Promise<Watching> {
  const ports: WatchPorts = {
    fileSystem: new NodeFileSystem(),
    clock: new SystemClock(),
    ...changes,
  };
  const hints = new Set<string>();
  const polling: Failure[] = [];
  const controller = new AbortController();
  const lookers = new Set<() => void>();
  let ended: Promise<void> = Promise.resolve();
  await new Promise<void>((resolve, reject) => {
    ended = watchFolders(
      roots,
      ports,
      {
        ready: resolve,
        hint: (root, directory) => {
          hints.add(`${root} ${directory}`);
          for (const look of lookers) look();
        },
        polling: (_, failure) => polling.push(failure),
      },
      controller.signal,
      options,
    );
    ended.catch(reject);
  });
  onTestFinished(async () => {
    controller.abort();
    await ended;
  });
  return {
    polling,
    ended,
    hint: (directory, root = roots[0]) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!hints.has(`${root ?? ''} ${directory}`)) return;
          lookers.delete(look);
          resolve();
        };
        lookers.add(look);
        look();
      }),
    forget: () => {
      hints.clear();
    },
    stop: () => {
      controller.abort();
    },
  };
}

const systemWatchers: readonly [string, () => DirectoryWatcher][] = [
  ['chokidar', () => new ChokidarDirectoryWatcher()],
  ["Node's own watch", () => new NodeDirectoryWatcher()],
];

describe.each(systemWatchers)('watchFolders over %s', (_name, makeWatcher) => {
  const watching = (
    roots: readonly string[],
    changes: Partial<WatchPorts> = {},
  ): Promise<Watching> => watchingWith(roots, { watcher: makeWatcher(), ...changes });

  test('a file that comes, changes, is renamed or goes gives a hint for its directory', async () => {
    const root = await temporaryDirectory();
    await makeTree(root, { '2024/a.jpg': 'a', 'top.jpg': '' });
    const watch = await watching([root]);
    const steps: readonly (() => Promise<void>)[] = [
      () => fs.writeFile(`${root}/2024/new.jpg`, 'x'),
      () => fs.appendFile(`${root}/2024/a.jpg`, 'more'),
      () => fs.rename(`${root}/2024/a.jpg`, `${root}/2024/b.jpg`),
      () => fs.rm(`${root}/2024/b.jpg`),
    ];
    for (const step of steps) {
      watch.forget();
      await step();
      await watch.hint('2024');
    }
    await fs.rm(`${root}/top.jpg`);
    await watch.hint('');
  });

  test('new directories are followed, all at once and one by one', async () => {
    const root = await temporaryDirectory();
    const elsewhere = await temporaryDirectory();
    await makeTree(elsewhere, { 'moved/deep/a.jpg': 'a' });
    const watch = await watching([root]);
    await fs.rename(`${elsewhere}/moved`, `${root}/moved`);
    await Promise.all([watch.hint(''), watch.hint('moved/deep')]);
    watch.forget();
    await fs.appendFile(`${root}/moved/deep/a.jpg`, 'more');
    await watch.hint('moved/deep');
    await fs.mkdir(`${root}/moved/new`);
    await watch.hint('moved/new');
    watch.forget();
    await fs.writeFile(`${root}/moved/new/b.jpg`, '');
    await watch.hint('moved/new');
  });

  test('a directory that is renamed or replaced goes on under its new name', async () => {
    const root = await temporaryDirectory();
    await makeTree(root, { 'a/x/1.jpg': '' });
    const watch = await watching([root]);
    await fs.rename(`${root}/a`, `${root}/b`);
    await watch.hint('b/x');
    watch.forget();
    await fs.writeFile(`${root}/b/x/2.jpg`, '');
    await watch.hint('b/x');
    await fs.rm(`${root}/b`, { recursive: true });
    await fs.mkdir(`${root}/b`);
    await watch.hint('b');
    watch.forget();
    await fs.writeFile(`${root}/b/3.jpg`, '');
    await watch.hint('b');
  });

  test('a folder that goes and comes back, as a drive does, is watched again', async () => {
    const parent = await temporaryDirectory();
    const root = `${parent}/drive`;
    await makeTree(root, { 'sub/a.jpg': '' });
    const watch = await watching([root]);
    await fs.rename(root, `${parent}/away`);
    await watch.hint('');
    watch.forget();
    await fs.rename(`${parent}/away`, root);
    await watch.hint('sub');
    watch.forget();
    await fs.appendFile(`${root}/sub/a.jpg`, 'more');
    await watch.hint('sub');
  });

  test('a folder that is not there yet is waited for', async () => {
    const parent = await temporaryDirectory();
    const watch = await watching([`${parent}/later`]);
    await makeTree(parent, { 'later/a.jpg': '' });
    await watch.hint('');
  });

  test('of two folders, one in the other, each tells of its own', async () => {
    const root = await temporaryDirectory();
    await makeTree(root, { 'in/a.jpg': '', 'out/b.jpg': '' });
    const watch = await watching([root, `${root}/in`]);
    await fs.appendFile(`${root}/in/a.jpg`, 'x');
    await watch.hint('', `${root}/in`);
    await fs.appendFile(`${root}/out/b.jpg`, 'x');
    await watch.hint('out');
  });

  test('ends when the signal aborts', async () => {
    const watch = await watching([await temporaryDirectory()]);
    watch.stop();
    await expect(watch.ended).resolves.toBeUndefined();
  });

  test('where the system has no watch left, directories are looked at regularly, and it is said once', async () => {
    const root = await temporaryDirectory();
    await makeTree(root, { 'a/1.jpg': '', 'b/2.jpg': '' });
    const used: DirectoryWatcher = {
      recursive: false,
      watch: () => Promise.reject(fail('busy', 'No watch left.')),
    };
    const watch = await watching([root], { watcher: used });
    expect(watch.polling).toMatchObject([{ code: 'busy' }]);
    await fs.writeFile(`${root}/a/3.jpg`, '');
    await watch.hint('a');
    await makeTree(root, { 'b/new/4.jpg': '' });
    await watch.hint('b/new');
    await fs.writeFile(`${root}/b/new/5.jpg`, '');
    watch.forget();
    await watch.hint('b/new');
    expect(watch.polling).toHaveLength(1);
  });
});

/** A watcher of a whole tree, as on macOS and Windows, worked by hand. */
class ManualWatcher implements DirectoryWatcher {
  readonly recursive = true;
  readonly watched = new Map<string, DirectoryWatcherEvents>();

  watch(path: string, events: DirectoryWatcherEvents): Promise<DirectoryWatch> {
    this.watched.set(path, events);
    return Promise.resolve({ close: () => this.watched.delete(path) });
  }

  tell(root: string, path: string | null, appearedOrGone: boolean): void {
    this.watched.get(root)?.changed(path, appearedOrGone);
  }
}

describe('watchFolders with one watch for all', () => {
  test('speaks of the directory of a change, and of all below one that appeared', async () => {
    const root = await temporaryDirectory();
    await makeTree(root, { '2024/05/a.jpg': '', 'lib.photoslibrary/x/b.jpg': '' });
    const watcher = new ManualWatcher();
    const watch = await watchingWith([root], { watcher });
    expect([...watcher.watched.keys()]).toEqual([root]);
    watcher.tell(root, '2024/05/a.jpg', false);
    await watch.hint('2024/05');
    watch.forget();
    watcher.tell(root, '2024', true);
    await Promise.all([watch.hint(''), watch.hint('2024'), watch.hint('2024/05')]);
    watch.forget();
    watcher.tell(root, null, true);
    await Promise.all([watch.hint(''), watch.hint('2024/05')]);
  });

  test('is silent about what is ignored', async () => {
    const root = await temporaryDirectory();
    await makeTree(root, { 'lib.photoslibrary/x/b.jpg': '', 'in/c.jpg': '' });
    const watcher = new ManualWatcher();
    const told: string[] = [];
    const controller = new AbortController();
    let slept = 0;
    const clock: Clock = {
      now: () => slept * 20,
      monotonic: () => slept * 20,
      sleep: (milliseconds, signal) => {
        if (milliseconds === 20) {
          slept += 1;
          return Promise.resolve();
        }
        return new SystemClock().sleep(milliseconds, signal);
      },
    };
    const ended = watchFolders(
      [root, `${root}/in`],
      { fileSystem: new NodeFileSystem(), watcher, clock },
      {
        ready: () => {
          watcher.tell(root, 'lib.photoslibrary/x/b.jpg', false);
          watcher.tell(root, '.DS_Store', true);
          watcher.tell(root, 'notes.txt', false);
          watcher.tell(root, 'in/c.jpg', false);
          watcher.tell(root, 'a.jpg', false);
        },
        hint: (where, directory) => {
          told.push(`${where === root ? 'root' : 'in'}:${directory}`);
          controller.abort();
        },
        polling: () => undefined,
      },
      controller.signal,
      { hintAfterMs: 20, pollEveryMs: 60_000 },
    );
    await ended;
    expect(told).toEqual(['root:']);
    expect(slept).toBe(1);
  });
});
