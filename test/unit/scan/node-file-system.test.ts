import { Buffer } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { promises as fs } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { NodeFileSystem } from '../../../electron/engine/adapters/node-file-system.ts';
import { publishExclusively } from '../../../electron/engine/adapters/node-publish.ts';
import { isPlaceholder } from '../../../electron/engine/adapters/placeholder.ts';
import type { Look, UnchangedLook } from '../../../electron/engine/scan/look.ts';
import { fromNativeName } from '../../../electron/engine/scan/raw-path.ts';
import { makeTree, patient, temporaryDirectory } from './temporary-directory.ts';
import { posixNames, rawNames } from '../../support/where.ts';

const fileSystem = new NodeFileSystem();
const everything = (): boolean => true;

async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString();
}

describe('directories', () => {
  test('are listed with the stats that are wanted', async () => {
    const root = await temporaryDirectory();
    await makeTree(root, { 'a.jpg': 'abc', 'b.txt': 'b', sub: null });
    await fs.utimes(`${root}/a.jpg`, 1.5, 1.5);
    const listed = await fileSystem.listDirectory(root, ({ name }) => name === 'a.jpg');
    expect([...listed].sort((a, b) => (a.name < b.name ? -1 : 1))).toMatchObject([
      {
        name: 'a.jpg',
        kind: 'file',
        stat: { kind: 'file', size: 3, modifiedMs: 1500, placeholder: false },
      },
      { name: 'b.txt', kind: 'file', stat: null },
      { name: 'sub', kind: 'directory', stat: null },
    ]);
  });

  test('are listed alike alone and many at once, by threads', async () => {
    const root = await temporaryDirectory();
    const tree = Array.from({ length: 40 }, (_, index) => [
      [`d${String(index)}/한글 ${String(index)}.jpg`, 'x'.repeat(index)],
      [`d${String(index)}/empty`, null],
    ]).flat();
    await makeTree(root, Object.fromEntries(tree) as Record<string, string | null>);
    const directories = (await fileSystem.readDirectory(root)).map(({ name }) => `${root}/${name}`);
    const alone = [];
    for (const each of directories) alone.push(await fileSystem.listDirectory(each, everything));
    // The first rounds go without the threads, which are started by them, the last ones through them.
    for (let round = 0; round < 60; round += 1) {
      const together = await Promise.all(
        directories.map((each) => fileSystem.listDirectory(each, everything)),
      );
      expect(together).toEqual(alone);
      expect(together.flat()).toHaveLength(80);
    }
    const missing = Array.from({ length: 8 }, () =>
      fileSystem.listDirectory(`${root}/-`, everything),
    );
    for (const outcome of await Promise.allSettled(missing)) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { failure: { code: 'notFound' } },
      });
    }
  });

  test('look alike alone and many at once, by threads, and say where nothing has changed', async () => {
    const root = await temporaryDirectory();
    const tree = Array.from({ length: 40 }, (_, index) => {
      const directory = `d${String(index)}`;
      return [
        [`${directory}/한글 ${String(index)}.jpg`, 'x'.repeat(index)],
        [`${directory}/한글 ${String(index)}.xmp`, '<x/>'],
        [`${directory}/stray.json`, '{}'],
        [`${directory}/notes.txt`, ''],
        [`${directory}/Library.photoslibrary`, null],
        [`${directory}/below`, null],
      ];
    }).flat();
    await makeTree(root, Object.fromEntries(tree) as Record<string, string | null>);
    const directories = (await fileSystem.readDirectory(root)).map(({ name }) => `${root}/${name}`);
    const alone: (Look | UnchangedLook)[] = [];
    for (const each of directories) alone.push(await fileSystem.look(each, null));
    const [first] = alone;
    expect(first).toMatchObject({
      directories: ['below'],
      notices: [{ name: 'Library.photoslibrary', reason: 'library' }],
      passedOver: { other: 2, library: 1 },
      unreadable: [],
    });
    const sidecars = alone.flatMap(({ files }) =>
      typeof files === 'number' ? [] : files.filter(({ candidate }) => candidate === 'sidecar'),
    );
    expect(sidecars).toHaveLength(40);
    for (const { name, describes } of sidecars) expect(describes).toBe(name.replace('xmp', 'jpg'));
    // The first of each round go without the threads, which are started by them, the others through them.
    for (let round = 0; round < 3; round += 1) {
      const together = await Promise.all(directories.map((each) => fileSystem.look(each, null)));
      expect(together).toEqual(alone);
    }
    const changed = directories[3] ?? '';
    await fs.utimes(`${changed}/한글 ${/\d+$/u.exec(changed)?.[0] ?? ''}.jpg`, 5, 5);
    const again = await Promise.all(
      directories.map((each, index) => fileSystem.look(each, alone[index]?.fingerprint ?? null)),
    );
    expect(again.map(({ files }) => (typeof files === 'number' ? files : 'changed'))).toEqual(
      directories.map((each) => (each === changed ? 'changed' : 2)),
    );
  });

  test.runIf(rawNames)('carry names that are not UTF-8, all the way to their bytes', async () => {
    const root = await temporaryDirectory();
    const raw = Buffer.concat([Buffer.from(`${root}/Caf`), Buffer.of(0xe9), Buffer.from('.jpg')]);
    await fs.writeFile(raw, 'latin');
    await fs.writeFile(`${root}/\uEFE9.jpg`, 'genuine');
    await fs.writeFile(`${root}/\uFFFD.jpg`, 'replacement');
    const listed = await fileSystem.listDirectory(root, everything);
    const contents = await Promise.all(
      listed.map(async ({ name, stat }) => {
        const read = await bytesOf(fileSystem.read(`${root}/${name}`, patient));
        return [name, read, stat?.size] as const;
      }),
    );
    expect(new Map(contents.map(([name, content]) => [name, content]))).toEqual(
      new Map([
        ['Caf\uEFE9.jpg', 'latin'],
        [fromNativeName(Buffer.from('\uEFE9.jpg')), 'genuine'],
        ['\uFFFD.jpg', 'replacement'],
      ]),
    );
    for (const [, content, size] of contents) expect(size).toBe(content.length);
  });

  test('are made also where another removes what it made in that very moment', async () => {
    const made = `${await temporaryDirectory()}/made`;
    const tryOut = async (): Promise<void> => {
      for (let round = 0; round < 200; round += 1) {
        await fileSystem.makeDirectory(made);
        await fs.rmdir(made).catch(() => undefined);
      }
    };
    const outcomes = await Promise.allSettled([tryOut(), tryOut(), tryOut(), tryOut()]);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
  });

  test('are made one by one, and never where something else stands', async () => {
    const root = await temporaryDirectory();
    await fileSystem.makeDirectory(`${root}/a`);
    await fileSystem.makeDirectory(`${root}/a`);
    await expect(fileSystem.makeDirectory(`${root}/b/c`)).rejects.toMatchObject({
      failure: { code: 'notFound' },
    });
    await makeTree(root, { file: '' });
    await expect(fileSystem.makeDirectory(`${root}/file`)).rejects.toMatchObject({
      failure: { code: 'conflict' },
    });
    await expect(fileSystem.makeDirectory(`${root}/file/x`)).rejects.toMatchObject({
      failure: { code: 'notFound' },
    });
  });

  test('are removed only when empty', async () => {
    const root = await temporaryDirectory();
    await makeTree(root, { 'full/a': '', empty: null });
    await expect(fileSystem.removeDirectory(`${root}/full`)).rejects.toMatchObject({
      failure: { code: 'conflict' },
    });
    await fileSystem.removeDirectory(`${root}/empty`);
    expect(await fs.readdir(root)).toEqual(['full']);
    await fileSystem.syncDirectory(root);
  });
});

describe('reading', () => {
  test('gives a range, in chunks that together are the file', async () => {
    const root = await temporaryDirectory();
    const content = 'abcdefghij'.repeat(300_000);
    await makeTree(root, { a: content });
    expect(await bytesOf(fileSystem.read(`${root}/a`, patient))).toBe(content);
    expect(await bytesOf(fileSystem.read(`${root}/a`, patient, 3, 7))).toBe('defg');
    expect(await bytesOf(fileSystem.read(`${root}/a`, patient, content.length - 2))).toBe('ij');
    expect(await bytesOf(fileSystem.read(`${root}/a`, patient, content.length + 5))).toBe('');
  });

  test('fills a place as far as the file goes, and no further', async () => {
    const root = await temporaryDirectory();
    const content = 'abcdefghij'.repeat(300_000);
    await makeTree(root, { a: content, empty: '' });
    const target = Buffer.alloc(content.length + 10, '-');
    const into = (name: string, place: Uint8Array, start: number): Promise<number> =>
      fileSystem.readInto(`${root}/${name}`, place, start, patient);
    expect(await into('a', target, 0)).toBe(content.length);
    expect(target.toString()).toBe(`${content}----------`);
    expect(await into('a', target.subarray(0, 4), 3)).toBe(4);
    expect(target.toString('latin1', 0, 6)).toBe('defgef');
    expect(await into('a', target, content.length - 2)).toBe(2);
    expect(await into('a', target, content.length + 5)).toBe(0);
    expect(await into('empty', target, 0)).toBe(0);
    await expect(into('gone', target, 0)).rejects.toMatchObject({ failure: { code: 'notFound' } });
    const aborted = fileSystem.readInto(`${root}/a`, target, 0, AbortSignal.abort());
    await expect(aborted).rejects.toMatchObject({ failure: { code: 'cancelled' } });
  });

  test('stops when the signal aborts', async () => {
    const root = await temporaryDirectory();
    await makeTree(root, { a: 'x'.repeat(3_000_000) });
    const controller = new AbortController();
    let chunks = 0;
    const reading = (async () => {
      for await (const chunk of fileSystem.read(`${root}/a`, controller.signal)) {
        chunks += chunk.length > 0 ? 1 : 0;
        controller.abort();
      }
    })();
    await expect(reading).rejects.toMatchObject({ failure: { code: 'cancelled' } });
    expect(chunks).toBe(1);
  });

  test('of a small file refuses a large one', async () => {
    const root = await temporaryDirectory();
    await makeTree(root, { a: '12345' });
    expect(Buffer.from(await fileSystem.readFile(`${root}/a`, 5)).toString()).toBe('12345');
    await expect(fileSystem.readFile(`${root}/a`, 4)).rejects.toMatchObject({
      failure: { code: 'invalid' },
    });
  });

  test.runIf(posixNames)('follows no link and waits at no pipe', async () => {
    const root = await temporaryDirectory();
    await makeTree(root, { a: 'a' });
    await fs.symlink('a', `${root}/link`);
    execFileSync('mkfifo', [`${root}/pipe`]);
    await expect(bytesOf(fileSystem.read(`${root}/link`, patient))).rejects.toMatchObject({
      failure: { code: 'unreadable' },
    });
    await expect(bytesOf(fileSystem.read(`${root}/pipe`, patient))).rejects.toMatchObject({
      failure: { code: 'invalid' },
    });
    expect((await fileSystem.stat(`${root}/link`)).kind).toBe('symlink');
    expect((await fileSystem.stat(`${root}/pipe`)).kind).toBe('other');
    expect(await fileSystem.realPath(`${root}/link`)).toBe(`${root}/a`);
  });
});

describe('writing', () => {
  test('creates what is new, durable on request', async () => {
    const root = await temporaryDirectory();
    const file = await fileSystem.create(`${root}/a`);
    await file.write(Buffer.from('one '));
    await file.write(Buffer.from('two'));
    await file.sync();
    await file.close();
    expect(await fs.readFile(`${root}/a`, 'utf8')).toBe('one two');
    await fileSystem.sync(`${root}/a`);
    await expect(fileSystem.create(`${root}/a`)).rejects.toMatchObject({
      failure: { code: 'conflict' },
    });
  });

  test.each([
    ['before 1970', -86_400_000],
    ['1970', 0],
    ['with a fraction', 1_700_000_000_123.5],
  ])('sets a modification time %s', async (_, modifiedMs) => {
    const root = await temporaryDirectory();
    await makeTree(root, { a: '' });
    await fileSystem.setModified(`${root}/a`, modifiedMs);
    expect((await fileSystem.stat(`${root}/a`)).modifiedMs).toBeCloseTo(modifiedMs, 2);
  });

  test('knows how much is free', async () => {
    const { used, free } = await fileSystem.space(await temporaryDirectory());
    expect(free).toBeGreaterThan(0);
    expect(used).toBeGreaterThan(0);
  });

  test('names that no disk takes are invalid', async () => {
    const root = await temporaryDirectory();
    await expect(fileSystem.create(`${root}/${'x'.repeat(300)}`)).rejects.toMatchObject({
      failure: { code: 'invalid' },
    });
    await expect(fileSystem.stat(`${root}/a\0b`)).rejects.toMatchObject({
      failure: { code: 'invalid' },
    });
  });
});

describe('copying', () => {
  const large = 70 * 1024 * 1024;

  test.each([
    ['empty', 0],
    ['small', 1000],
    ['large', large],
  ])('a file that is %s gives the same bytes', async (_, size) => {
    const root = await temporaryDirectory();
    await fs.writeFile(`${root}/from`, Buffer.alloc(size, 'pattern'));
    await fileSystem.copy(`${root}/from`, `${root}/to`, patient);
    const [from, to] = await Promise.all([fs.readFile(`${root}/from`), fs.readFile(`${root}/to`)]);
    expect(to.equals(from)).toBe(true);
  });

  test('never replaces, and leaves what was there', async () => {
    const root = await temporaryDirectory();
    await makeTree(root, { from: 'new', to: 'old' });
    await fs.writeFile(`${root}/big`, '');
    await fs.truncate(`${root}/big`, large);
    for (const source of ['from', 'big']) {
      await expect(
        fileSystem.copy(`${root}/${source}`, `${root}/to`, patient),
      ).rejects.toMatchObject({ failure: { code: 'conflict' } });
    }
    expect(await fs.readFile(`${root}/to`, 'utf8')).toBe('old');
  });

  test.each([
    ['at once', true],
    ['in the middle', false],
  ])('aborted %s leaves nothing behind', async (_, atOnce) => {
    const root = await temporaryDirectory();
    await fs.writeFile(`${root}/from`, '');
    await fs.truncate(`${root}/from`, large);
    const controller = new AbortController();
    if (atOnce) controller.abort();
    const copying = fileSystem.copy(`${root}/from`, `${root}/to`, controller.signal);
    controller.abort();
    await expect(copying).rejects.toMatchObject({ failure: { code: 'cancelled' } });
    expect(await fs.readdir(root)).toEqual(['from']);
  });

  test('of what is no file is refused', async () => {
    const root = await temporaryDirectory();
    await expect(fileSystem.copy(root, `${root}/to`, patient)).rejects.toMatchObject({
      failure: { code: 'invalid' },
    });
    await expect(fileSystem.copy(`${root}/-`, `${root}/to`, patient)).rejects.toMatchObject({
      failure: { code: 'notFound' },
    });
  });
});

describe('publishing', () => {
  const noLinks = {
    link: () => Promise.reject(Object.assign(new Error('no links here'), { code: 'EPERM' })),
  };
  const ways = [
    ['with hard links', undefined],
    ['without hard links', noLinks],
  ] as const;

  test.each(ways)('gives a new name %s', async (_, calls) => {
    const root = await temporaryDirectory();
    await makeTree(root, { from: 'content' });
    await publishExclusively(`${root}/from`, `${root}/to`, calls);
    expect(await fs.readdir(root)).toEqual(['to']);
    expect(await fs.readFile(`${root}/to`, 'utf8')).toBe('content');
  });

  test.each(ways)('never replaces %s', async (_, calls) => {
    const root = await temporaryDirectory();
    await makeTree(root, { from: 'new', to: 'old', empty: '' });
    for (const taken of ['to', 'empty']) {
      await expect(
        publishExclusively(`${root}/from`, `${root}/${taken}`, calls),
      ).rejects.toMatchObject({ failure: { code: 'conflict' } });
    }
    expect(await fs.readFile(`${root}/to`, 'utf8')).toBe('old');
    expect(await fs.readFile(`${root}/empty`, 'utf8')).toBe('');
    expect(await fs.readFile(`${root}/from`, 'utf8')).toBe('new');
  });

  test.each(ways)('of nothing leaves nothing %s', async (_, calls) => {
    const root = await temporaryDirectory();
    await expect(publishExclusively(`${root}/from`, `${root}/to`, calls)).rejects.toMatchObject({
      failure: { code: 'notFound' },
    });
    expect(await fs.readdir(root)).toEqual([]);
  });

  test.each(ways)('by many at once lets one win %s', async (_, calls) => {
    const root = await temporaryDirectory();
    const names = Array.from({ length: 20 }, (__, index) => `from${String(index)}`);
    await makeTree(root, Object.fromEntries(names.map((name) => [name, name])));
    const outcomes = await Promise.allSettled(
      names.map((name) => publishExclusively(`${root}/${name}`, `${root}/to`, calls)),
    );
    const winners = names.filter((__, index) => outcomes[index]?.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    expect(await fs.readFile(`${root}/to`, 'utf8')).toBe(winners[0]);
    expect(await fs.readdir(root)).toHaveLength(20);
  });

  test('goes on after a crash between link and unlink', async () => {
    const root = await temporaryDirectory();
    await makeTree(root, { from: 'content' });
    await fs.link(`${root}/from`, `${root}/to`);
    await fileSystem.publish(`${root}/from`, `${root}/to`);
    expect(await fs.readdir(root)).toEqual(['to']);
  });
});

test('a placeholder is believed only where there are such', () => {
  expect(isPlaceholder('darwin', 5_000_000, 0)).toBe(true);
  expect(isPlaceholder('win32', 5_000_000, 0)).toBe(true);
  expect(isPlaceholder('darwin', 5_000_000, 8)).toBe(false);
  expect(isPlaceholder('win32', 600, 0)).toBe(false);
  expect(isPlaceholder('linux', 5_000_000, 0)).toBe(false);
});

test('temporary names are spelled as the system spells them', async () => {
  const root = await temporaryDirectory();
  expect(await fileSystem.realPath(path.join(root, '.'))).toBe(root);
});
