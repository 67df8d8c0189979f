import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { NodeFileSystem } from '../../../electron/engine/adapters/node-file-system.ts';
import { SystemRandom } from '../../../electron/engine/adapters/system-random.ts';
import { FileDestination } from '../../../electron/engine/destinations/file/file-destination.ts';
import type { FileDestinationOptions } from '../../../electron/engine/destinations/file/file-destination.ts';
import {
  collect,
  lyingSource,
  sha256Of,
  someBytes,
  sourceOf,
} from '../../../electron/engine/destinations/validation/sources.ts';
import type { FileStat, FileSystem } from '../../../electron/engine/ports/file-system.ts';
import { fail, failureOf } from '../../../shared/domain/failure.ts';
import { testMediaReader } from '../../support/destinations/test-media-reader.ts';

const signal = new AbortController().signal;
let base = '';

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'cloudroll-file-'));
});

afterEach(async () => {
  await rm(base, { recursive: true });
});

function open(options: Partial<FileDestinationOptions> = {}): FileDestination {
  return new FileDestination({
    root: join(base, 'backup'),
    fileSystem: new NodeFileSystem(),
    mediaReader: testMediaReader,
    random: new SystemRandom(),
    ...options,
  });
}

/** The real file system, with some calls replaced. */
function fileSystemWith(changes: (real: FileSystem) => Partial<FileSystem>): FileSystem {
  const real = new NodeFileSystem();
  const replaced = changes(real);
  return new Proxy<FileSystem>(real, {
    get: (_target, name) => {
      const own: unknown = Reflect.get(replaced, name);
      const value: unknown = own ?? Reflect.get(real, name);
      return typeof value === 'function' ? (value.bind(real) as unknown) : value;
    },
  });
}

async function failureFrom(work: Promise<unknown>) {
  try {
    await work;
  } catch (error) {
    return failureOf(error);
  }
  throw new Error('it succeeded');
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

describe('the folder itself', () => {
  test('is made by the first upload and not by looking', async () => {
    const destination = open();
    await destination.check(signal);
    expect(await destination.stat('a/b.jpg', signal)).toBeNull();
    expect(await readdir(base)).toEqual([]);
    await destination.put('a/b.jpg', sourceOf(someBytes(3)), {}, signal);
    expect(await readdir(base)).toEqual(['backup']);
  });

  test('is not there for a moment while it is looked at: another computer may be setting it up', async () => {
    const root = join(base, 'backup');
    const made: string[] = [];
    const fileSystem = fileSystemWith((real) => ({
      makeDirectory: async (path) => {
        made.push(path);
        await real.makeDirectory(path);
      },
    }));
    await open({ fileSystem }).check(signal);
    expect(made).toHaveLength(1);
    expect(made).not.toContain(root);
    expect(await readdir(base)).toEqual([]);
  });

  test('may be looked at by two computers in step', async () => {
    const fileSystem = fileSystemWith((real) => ({
      makeDirectory: async (path) => {
        await real.makeDirectory(path);
        await real.removeDirectory(path);
      },
    }));
    await open({ fileSystem }).check(signal);
    expect(await readdir(base)).toEqual([]);
  });

  test('is written to although another computer, when done, removes what is empty of its folders', async () => {
    const system = join(base, 'backup', '.cloudroll');
    let left = 5;
    const fileSystem = fileSystemWith((real) => ({
      makeDirectory: async (path) => {
        if (path === join(system, 'tmp') && left > 0) {
          left -= 1;
          await real.removeDirectory(system);
        }
        await real.makeDirectory(path);
      },
    }));
    await open({ fileSystem }).put('a.jpg', sourceOf(someBytes(3)), {}, signal);
    expect(await filesIn(join(base, 'backup'))).toEqual(['a.jpg']);
    expect(left).toBe(0);
  });

  test('is made again where another program took it away empty', async () => {
    const root = join(base, 'backup');
    let looks = 2;
    const fileSystem = fileSystemWith((real) => ({
      makeDirectory: async (path) => {
        await real.makeDirectory(path);
        if (path === root && looks > 0) {
          looks -= 1;
          await rm(root, { recursive: true });
        }
      },
    }));
    const destination = open({ fileSystem });
    await destination.put('a.jpg', sourceOf(someBytes(3)), {}, signal);
    expect(await filesIn(root)).toEqual(['a.jpg']);
    expect(looks).toBe(0);
  });

  test('is not made where the folder above is missing', async () => {
    const destination = open({ root: join(base, 'unmounted', 'backup') });
    expect((await failureFrom(destination.check(signal))).code).toBe('notFound');
    const put = destination.put('a.jpg', sourceOf(someBytes(3)), {}, signal);
    expect((await failureFrom(put)).code).toBe('notFound');
    expect(await readdir(base)).toEqual([]);
  });

  test.each(['missing', 'empty'])('is away when it was set up before and is %s', async (state) => {
    if (state === 'empty') await mkdir(join(base, 'backup'));
    const destination = open({ purpose: 'write' });
    const failures = [
      await failureFrom(destination.check(signal)),
      await failureFrom(destination.stat('a.jpg', signal)),
      await failureFrom(destination.put('a.jpg', sourceOf(someBytes(3)), {}, signal)),
      await failureFrom(destination.list('', signal)[Symbol.asyncIterator]().next()),
    ];
    expect(failures.map(({ code }) => code)).toEqual(Array(4).fill('offline'));
    expect(failures[0]?.hint).toBeDefined();
    expect(await readdir(base, { recursive: true })).toEqual(state === 'empty' ? ['backup'] : []);
  });

  test('is the one that was set up when its marker is there', async () => {
    const first = open();
    await first.put('.cloudroll/destination.json', sourceOf(someBytes(3)), {}, signal);
    await first.close();
    const destination = open({ purpose: 'write' });
    await destination.check(signal);
    await destination.put('a.jpg', sourceOf(someBytes(3)), {}, signal);
  });

  test('is away when another volume shows under its path, and nothing is written there', async () => {
    let device = 0;
    const fileSystem = fileSystemWith((real) => ({
      stat: async (path: string): Promise<FileStat> => {
        const found = await real.stat(path);
        return { ...found, device: found.device + device };
      },
    }));
    const destination = open({ fileSystem });
    await destination.put('a.jpg', sourceOf(someBytes(3)), {}, signal);
    const before = await filesIn(base);
    device = 1;
    const put = destination.put('b.jpg', sourceOf(someBytes(3)), {}, signal);
    expect((await failureFrom(put)).code).toBe('offline');
    expect((await failureFrom(destination.stat('a.jpg', signal))).code).toBe('offline');
    expect((await failureFrom(destination.remove('a.jpg', signal))).code).toBe('offline');
    expect(await filesIn(base)).toEqual(before);
  });

  test('that goes away while a folder is made below it is not made anew somewhere else', async () => {
    for (const call of [1, 2, 3]) {
      const backup = join(base, 'backup');
      await mkdir(backup);
      let calls = 0;
      const fileSystem = fileSystemWith((real) => ({
        makeDirectory: async (path) => {
          calls += 1;
          if (calls === call) await rm(backup, { recursive: true });
          await real.makeDirectory(path);
        },
      }));
      const destination = open({ fileSystem });
      const put = destination.put('2024/05/a.jpg', sourceOf(someBytes(3)), {}, signal);
      expect((await failureFrom(put)).code).toBe('offline');
      expect(await readdir(base)).toEqual([]);
    }
  });

  test('can be read without permission to write', async () => {
    const writer = open();
    await writer.put('a.jpg', sourceOf(someBytes(30)), {}, signal);
    const refuse = () => Promise.reject(fail('readOnly', 'No.'));
    const fileSystem = fileSystemWith(() => ({
      create: refuse,
      makeDirectory: refuse,
      sync: refuse,
      syncDirectory: refuse,
    }));
    const reader = open({ fileSystem, purpose: 'read' });
    await reader.check(signal);
    expect(await collect(reader.open('a.jpg', null, signal))).toEqual(Buffer.from(someBytes(30)));
    expect((await reader.readBack('a.jpg', signal)).sha256).toBe(sha256Of(someBytes(30)));
  });

  test('that is a file is refused', async () => {
    await writeFile(join(base, 'backup'), 'x');
    expect((await failureFrom(open().check(signal))).code).toBe('invalid');
  });
});

describe('failures of the drive', () => {
  const cases = [
    ['diskFull', 'quota'],
    ['readOnly', 'readOnly'],
    ['unreadable', 'serverError'],
    ['busy', 'serverError'],
  ] as const;

  test.each(cases)('%s is told as %s and leaves nothing behind', async (code, expected) => {
    for (const call of ['create', 'sync', 'makeDirectory', 'publish'] as const) {
      const folder = join(base, call);
      const fileSystem = fileSystemWith(() => ({
        [call]: () => Promise.reject(fail(code, 'No.')),
      }));
      await mkdir(folder);
      const destination = open({ root: folder, fileSystem });
      const put = destination.put('a/b.jpg', sourceOf(someBytes(3)), {}, signal);
      expect(await failureFrom(put)).toMatchObject({ code: expected });
      expect(await filesIn(folder)).toEqual([]);
    }
  });

  test('a refused permission stops the destination', async () => {
    const cause = Object.assign(new Error('EACCES'), { code: 'EACCES' });
    const fileSystem = fileSystemWith(() => ({
      create: () => Promise.reject(fail('unreadable', 'No.', { cause })),
    }));
    const failure = await failureFrom(
      open({ fileSystem })
        .check(signal)
        .then(() => open({ fileSystem }).put('a', sourceOf(someBytes(1)), {}, signal)),
    );
    expect(failure).toMatchObject({ code: 'readOnly' });
    expect(failure.hint).toContain('permission');
  });

  test('bytes that the drive keeps wrongly are found before the object has a name', async () => {
    const mediaReader = {
      ...testMediaReader,
      hash: async (path: string, within: AbortSignal) => {
        const found = await testMediaReader.hash(path, within);
        return path.endsWith('.part') ? { ...found, sha256: '0'.repeat(64) } : found;
      },
    };
    const localPath = join(base, 'photo.jpg');
    await writeFile(localPath, someBytes(100));
    const source = { ...sourceOf(someBytes(100)), localPath };
    const put = open({ mediaReader }).put('a.jpg', source, {}, signal);
    expect((await failureFrom(put)).code).toBe('corrupt');
    expect(await filesIn(join(base, 'backup'))).toEqual([]);
  });

  test('a published object stays when a later step fails', async () => {
    const fileSystem = fileSystemWith((real) => ({
      syncDirectory: (path: string) =>
        path.endsWith('/a') ? Promise.reject(fail('unreadable', 'No.')) : real.syncDirectory(path),
    }));
    const destination = open({ fileSystem });
    const put = destination.put('a/b.jpg', sourceOf(someBytes(3)), {}, signal);
    expect((await failureFrom(put)).code).toBe('serverError');
    expect(await filesIn(join(base, 'backup'))).toEqual(['b.jpg']);
    const again = open().put('a/b.jpg', sourceOf(someBytes(3)), {}, signal);
    expect((await failureFrom(again)).code).toBe('conflict');
  });

  test('reading back makes durable what an earlier process may have left half-way', async () => {
    await open().put('2024/05/b.jpg', sourceOf(someBytes(3)), {}, signal);
    const synced: string[] = [];
    const fileSystem = fileSystemWith((real) => ({
      sync: (path: string) => {
        synced.push(path);
        return real.sync(path);
      },
      syncDirectory: (path: string) => {
        synced.push(path);
        return real.syncDirectory(path);
      },
    }));
    await open({ fileSystem }).readBack('2024/05/b.jpg', signal);
    const root = join(base, 'backup');
    const expected = [`${root}/2024/05/b.jpg`, `${root}/2024/05`, `${root}/2024`, root, base];
    expect(synced).toEqual(expected);
  });
});

describe('a local file as the source', () => {
  test('is copied with its date', async () => {
    const localPath = join(base, 'photo.jpg');
    await writeFile(localPath, someBytes(1000));
    const source = { ...sourceOf(someBytes(1000)), localPath, modifiedMs: 1_500_000_000_000 };
    const result = await open().put('2017/07/photo.jpg', source, {}, signal);
    expect(result).toMatchObject({ bytes: 1000, evidence: 'read-back' });
    const stored = join(base, 'backup/2017/07/photo.jpg');
    expect(await readFile(stored)).toEqual(Buffer.from(someBytes(1000)));
    expect((await stat(stored)).mtimeMs).toBe(1_500_000_000_000);
  });

  test.each([
    ['was changed', 'changed', (path: string) => writeFile(path, someBytes(1000, 2))],
    ['grew', 'changed', (path: string) => writeFile(path, someBytes(1001))],
    ['is gone', 'changed', () => Promise.resolve()],
    ['is a folder', 'unreadable', (path: string) => mkdir(path)],
  ])('that %s is told as %s', async (_what, code, make) => {
    const localPath = join(base, 'photo.jpg');
    await make(localPath);
    const source = { ...sourceOf(someBytes(1000)), localPath };
    const failure = await failureFrom(open().put('a.jpg', source, {}, signal));
    expect(failure.code).toBe(code);
    expect(await filesIn(join(base, 'backup'))).toEqual([]);
  });
});

describe('unfinished files', () => {
  const tmp = () => join(base, 'backup/.cloudroll/tmp');

  async function leave(session: string, ageMs: number): Promise<void> {
    await mkdir(join(tmp(), session), { recursive: true });
    await writeFile(join(tmp(), session, 'left.part'), 'x');
    const moment = new Date(Date.now() - ageMs);
    await utimes(join(tmp(), session), moment, moment);
  }

  test('of an earlier session of the same owner and of long ago are removed, others stay', async () => {
    const day = 24 * 60 * 60 * 1000;
    await leave('mine', 0);
    await leave('abandoned', 8 * day);
    await leave('alive', 6 * day);
    const destination = open({ owner: 'mine' });
    await destination.put('a.jpg', sourceOf(someBytes(3)), {}, signal);
    await destination.close();
    expect(await readdir(tmp(), { recursive: true })).toEqual(['alive', 'alive/left.part']);
  });

  test('are no objects', async () => {
    await leave('other', 0);
    const destination = open();
    await destination.put('.cloudroll/x.json', sourceOf(someBytes(3)), {}, signal);
    const keys: string[] = [];
    for await (const { key } of destination.list('', signal)) keys.push(key);
    expect(keys).toEqual(['.cloudroll/x.json']);
    const put = destination.put('.cloudroll/tmp/a', sourceOf(someBytes(3)), {}, signal);
    expect((await failureFrom(put)).code).toBe('invalid');
  });

  test('that something else removes cost an attempt and no more', async () => {
    const fileSystem = fileSystemWith((real) => ({
      sync: async (path: string) => {
        await real.sync(path);
        await rm(tmp(), { recursive: true });
      },
    }));
    const put = open({ fileSystem }).put('a.jpg', sourceOf(someBytes(3)), {}, signal);
    expect((await failureFrom(put)).code).toBe('serverError');
  });
});

describe('keys', () => {
  test.each(['../a', 'a/../../b', '/a', 'a//b', 'a/', '', '.', 'a\0b'])(
    'refuses %j',
    async (key) => {
      const destination = open();
      const put = destination.put(key, sourceOf(someBytes(3)), {}, signal);
      expect((await failureFrom(put)).code).toBe('invalid');
      expect((await failureFrom(destination.stat(key, signal))).code).toBe('invalid');
    },
  );

  test('shows no folders, links or special files as objects', async () => {
    const destination = open();
    await destination.put('a/b.jpg', sourceOf(someBytes(3)), {}, signal);
    await mkdir(join(base, 'backup/lost+found'));
    await writeFile(join(base, 'backup/lost+found/x'), 'x');
    expect(await destination.stat('a', signal)).toBeNull();
    const keys: string[] = [];
    for await (const { key } of destination.list('', signal)) keys.push(key);
    expect(keys).toEqual(['a/b.jpg']);
  });

  test('an unreadable folder ends the list instead of shortening it', async () => {
    const fileSystem = fileSystemWith((real) => ({
      listDirectory: (path, wanted) =>
        path.endsWith('/b')
          ? Promise.reject(fail('unreadable', 'No.'))
          : real.listDirectory(path, wanted),
    }));
    const destination = open({ fileSystem });
    await destination.put('a/b/c.jpg', sourceOf(someBytes(3)), {}, signal);
    const failure = await failureFrom(
      (async () => {
        for await (const info of destination.list('', signal)) expect(info.key).not.toBe('');
      })(),
    );
    expect(failure.code).toBe('serverError');
  });

  test('a source with other bytes is refused also as a stream', async () => {
    const source = lyingSource(someBytes(10), someBytes(10, 2));
    const failure = await failureFrom(open().put('a.jpg', source, {}, signal));
    expect(failure.code).toBe('corrupt');
  });
});
