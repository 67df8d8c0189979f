import fs, { promises } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { platform } from 'node:process';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ChokidarDirectoryWatcher } from '../../../electron/engine/adapters/chokidar-directory-watcher.ts';
import { NodeDirectoryWatcher } from '../../../electron/engine/adapters/node-directory-watcher.ts';
import type {
  DirectoryWatch,
  DirectoryWatcher,
} from '../../../electron/engine/ports/directory-watcher.ts';
import { fromNativeName, toNativePath } from '../../../electron/engine/scan/raw-path.ts';
import type { Failure } from '../../../shared/domain/failure.ts';
import { makeTree, temporaryDirectory } from './temporary-directory.ts';
import { posixNames, rawNames } from '../../support/where.ts';

interface Watched {
  readonly watch: DirectoryWatch;
  readonly told: readonly (string | null)[];
  readonly failures: readonly Failure[];
  /** Resolves once something was told for which this holds. */
  readonly until: (holds: () => boolean) => Promise<void>;
}

async function watched(watcher: DirectoryWatcher, path: string): Promise<Watched> {
  const told: (string | null)[] = [];
  const failures: Failure[] = [];
  const lookers = new Set<() => void>();
  const tell = (): void => {
    for (const look of lookers) look();
  };
  const watch = await watcher.watch(path, {
    changed: (entry) => {
      told.push(entry);
      tell();
    },
    failed: (failure) => {
      failures.push(failure);
      tell();
    },
  });
  onTestFinished(() => {
    watch.close();
  });
  return {
    watch,
    told,
    failures,
    until: (holds) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!holds()) return;
          lookers.delete(look);
          resolve();
        };
        lookers.add(look);
        look();
      }),
  };
}

/** Puts another function in the place of `fs.watch` until the test ends. */
function replaceWatch(replacement: (path: fs.PathLike) => fs.FSWatcher): void {
  const original = fs.watch;
  const put = (watch: typeof fs.watch): void => {
    fs.watch = watch;
    syncBuiltinESMExports();
  };
  put((path: fs.PathLike) => replacement(path));
  onTestFinished(() => {
    put(original);
  });
}

function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: watch '${path}'`), { code, syscall: 'watch', path });
}

const kinds: readonly [string, () => DirectoryWatcher][] = [
  ['chokidar', () => new ChokidarDirectoryWatcher()],
  ["Node's own watch", () => new NodeDirectoryWatcher()],
];

describe.each(kinds)('a directory watched over %s', (_name, makeWatcher) => {
  test('tells of what happens right after it was taken', async () => {
    const root = await temporaryDirectory();
    const { told, until } = await watched(makeWatcher(), root);
    await promises.writeFile(`${root}/a.jpg`, 'a');
    await until(() => told.includes('a.jpg'));
  });

  test('is refused where it is not there', async () => {
    const root = await temporaryDirectory();
    const events = { changed: () => undefined, failed: () => undefined };
    await expect(makeWatcher().watch(`${root}/none`, events)).rejects.toMatchObject({
      failure: { code: 'notFound' },
    });
  });

  test.runIf(posixNames)('may have any name', async () => {
    const root = await temporaryDirectory();
    const names = ['사진', 'Übung', 'backup~', '.x.swp', ' [a] {b} *?', 'back\\slash', 'a'];
    if (platform === 'linux') names.push(fromNativeName(Buffer.from([0x66, 0xfc, 0x72])));
    const watcher = makeWatcher();
    for (const name of names) {
      const directory = toNativePath(`${root}/${name}`);
      await promises.mkdir(directory);
      const { told, until } = await watched(watcher, `${root}/${name}`);
      await promises.writeFile(toNativePath(`${root}/${name}/a.jpg`), 'a');
      await until(() => told.includes('a.jpg'));
    }
  });

  test.runIf(rawNames)('says no wrong name for one that is not UTF-8', async () => {
    const root = await temporaryDirectory();
    const name = fromNativeName(Buffer.from([0x66, 0xfc, 0x72]));
    const { told, until } = await watched(makeWatcher(), root);
    await promises.writeFile(toNativePath(`${root}/${name}`), 'a');
    await until(() => told.includes(name) || told.includes(null));
    expect(told.filter((path) => path !== name && path !== null)).toEqual([]);
  });

  test('is silent once closed, while those watched together with it go on', async () => {
    const root = await temporaryDirectory();
    await makeTree(root, { 'a/1.jpg': '', 'a/in/2.jpg': '', 'b/3.jpg': '' });
    const watcher = makeWatcher();
    const [outer, inner, other] = await Promise.all([
      watched(watcher, `${root}/a`),
      watched(watcher, `${root}/a/in`),
      watched(watcher, `${root}/b`),
    ]);
    outer.watch.close();
    await promises.writeFile(`${root}/a/new.jpg`, '');
    await promises.writeFile(`${root}/a/in/new.jpg`, '');
    await inner.until(() => inner.told.includes('new.jpg'));
    await promises.writeFile(`${root}/b/new.jpg`, '');
    await other.until(() => other.told.includes('new.jpg'));
    expect(outer.told).toEqual([]);
    const again = await watched(watcher, `${root}/a`);
    await promises.writeFile(`${root}/a/newer.jpg`, '');
    await again.until(() => again.told.includes('newer.jpg'));
  });

  test('gives its handle back when it is closed, and the last one too', async () => {
    const root = await temporaryDirectory();
    await makeTree(root, { 'a/1.jpg': '', 'b/2.jpg': '' });
    const closed: Promise<string>[] = [];
    const original = fs.watch;
    replaceWatch((path) => {
      const watcher = original(path);
      closed.push(
        new Promise((resolve) => {
          watcher.once('close', () => {
            resolve(String(path));
          });
        }),
      );
      return watcher;
    });
    const watcher = makeWatcher();
    const [a, b] = await Promise.all([
      watched(watcher, `${root}/a`),
      watched(watcher, `${root}/b`),
    ]);
    a.watch.close();
    expect(await Promise.race(closed)).toBe(`${root}/a`);
    b.watch.close();
    expect(await Promise.all(closed)).toEqual([`${root}/a`, `${root}/b`]);
  });

  test('a new directory in the place of a removed one can be watched', async () => {
    const root = await temporaryDirectory();
    await makeTree(root, { 'a/1.jpg': '', 'b/2.jpg': '' });
    const watcher = makeWatcher();
    const [before] = await Promise.all([
      watched(watcher, `${root}/a`),
      watched(watcher, `${root}/b`),
    ]);
    await promises.rename(`${root}/a`, `${root}/away`);
    await promises.mkdir(`${root}/a`);
    before.watch.close();
    const after = await watched(watcher, `${root}/a`);
    await promises.writeFile(`${root}/a/new.jpg`, '');
    await after.until(() => after.told.includes('new.jpg'));
  });

  test.each(['ENOSPC', 'EMFILE'])(
    'where the system has no watch left (%s), says so',
    async (code) => {
      const root = await temporaryDirectory();
      await makeTree(root, { 'full/1.jpg': '', 'free/2.jpg': '' });
      const original = fs.watch;
      replaceWatch((path) => {
        if (String(path).endsWith('/full')) throw systemError(code, String(path));
        return original(path);
      });
      const watcher = makeWatcher();
      const free = watched(watcher, `${root}/free`);
      await expect(watched(watcher, `${root}/full`)).rejects.toMatchObject({
        failure: { code: 'busy' },
      });
      await expect(free).resolves.toBeDefined();
    },
  );

  test('tells when its watch breaks', async () => {
    const root = await temporaryDirectory();
    const opened: fs.FSWatcher[] = [];
    const original = fs.watch;
    replaceWatch((path) => {
      const watcher = original(path);
      opened.push(watcher);
      return watcher;
    });
    const { failures, until } = await watched(makeWatcher(), root);
    opened[0]?.emit('error', systemError('EIO', root));
    await until(() => failures.length > 0);
    expect(failures).toMatchObject([{ code: 'unreadable' }]);
  });
});

test('one watch for a whole tree tells of what lies deep in it', async () => {
  const root = await temporaryDirectory();
  await makeTree(root, { '2024/05/a.jpg': '' });
  const watcher = new ChokidarDirectoryWatcher('darwin');
  expect(watcher.recursive).toBe(true);
  const { told, until } = await watched(watcher, root);
  await promises.appendFile(`${root}/2024/05/a.jpg`, 'more');
  await until(() => told.includes('2024/05/a.jpg'));
});
