import { Buffer } from 'node:buffer';
import { existsSync, promises as fs } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { NodeFileSystem } from '../../../electron/engine/adapters/node-file-system.ts';
import type { ListedEntry } from '../../../electron/engine/ports/file-system.ts';
import { below, nestedRoots, relativeTo } from '../../../electron/engine/scan/roots.ts';
import {
  walk,
  type WalkEvent,
  type WalkOptions,
  type WalkPorts,
} from '../../../electron/engine/scan/walk.ts';
import { fail } from '../../../shared/domain/failure.ts';
import { makeTree, patient, temporaryDirectory } from './temporary-directory.ts';
import { posixNames, rawNames, where } from '../../support/where.ts';

const real: WalkPorts = { fileSystem: new NodeFileSystem() };

async function events(
  root: string,
  options: WalkOptions = {},
  ports: WalkPorts = real,
): Promise<WalkEvent[]> {
  const all: WalkEvent[] = [];
  for await (const event of walk(root, options, ports, patient)) all.push(event);
  return all;
}

function filesIn(walked: readonly WalkEvent[]): string[] {
  return walked
    .flatMap((event) =>
      event.type === 'directory'
        ? event.files.map(({ name }) => (event.path === '' ? name : `${event.path}/${name}`))
        : [],
    )
    .sort();
}

function passedOver(walked: readonly WalkEvent[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const event of walked) {
    if (event.type !== 'directory') continue;
    for (const [reason, count] of Object.entries(event.passedOver)) {
      if (count > 0) sums.set(reason, (sums.get(reason) ?? 0) + count);
    }
  }
  return Object.fromEntries(sums);
}

describe('walk', () => {
  test('finds photos, films and sidecars, counts the rest and looks into no package', async () => {
    const root = await temporaryDirectory();
    await makeTree(root, {
      'a.jpg': 'a',
      'a.jpg.xmp': '<x/>',
      'notes.txt': '',
      '.DS_Store': '',
      'b.jpg.part': '',
      '2024/film.mov': 'm',
      '2024/deep/er/c.heic': 'c',
      '2024/.hidden/d.jpg': '',
      '2024/@eaDir/e.jpg': '',
      'Library.photoslibrary/originals/f.jpg': '',
      'Preview.app/g.jpg': '',
      empty: null,
    });
    const walked = await events(root);
    expect(filesIn(walked)).toEqual(['2024/deep/er/c.heic', '2024/film.mov', 'a.jpg', 'a.jpg.xmp']);
    expect(passedOver(walked)).toEqual({
      other: 1,
      junk: 2,
      partial: 1,
      hidden: 1,
      library: 1,
      package: 1,
    });
    expect(walked.flatMap((event) => (event.type === 'directory' ? event.notices : []))).toEqual(
      expect.arrayContaining([
        { name: 'Library.photoslibrary', reason: 'library' },
        { name: 'Preview.app', reason: 'package' },
      ]),
    );
    const paths = walked.map(({ path }) => path).sort();
    expect(paths).toEqual(['', '2024', '2024/deep', '2024/deep/er', 'empty']);
  });

  test('tells sidecars and what only its bytes can tell from media, with stats', async () => {
    const root = await temporaryDirectory();
    await makeTree(root, { 'a.jpg': '12345', 'a.xmp': '', recovered: 'x' });
    const [event] = await events(root);
    const files = event?.type === 'directory' ? event.files : [];
    expect(new Map(files.map(({ name, candidate }) => [name, candidate]))).toEqual(
      new Map([
        ['a.jpg', 'media'],
        ['a.xmp', 'sidecar'],
        ['recovered', 'sniff'],
      ]),
    );
    expect(files.find(({ name }) => name === 'a.jpg')?.stat).toMatchObject({
      kind: 'file',
      size: 5,
    });
  });

  test.runIf(posixNames)('follows no link, not even into a loop', async () => {
    const root = await temporaryDirectory();
    await makeTree(root, { 'sub/a.jpg': 'a' });
    await fs.symlink('..', `${root}/sub/loop`);
    await fs.symlink('sub', `${root}/again`);
    await fs.symlink('sub/a.jpg', `${root}/b.jpg`);
    await fs.symlink('nowhere', `${root}/dangling.jpg`);
    const walked = await events(root);
    expect(filesIn(walked)).toEqual(['sub/a.jpg']);
    expect(passedOver(walked)).toEqual({ symlink: 4 });
  });

  test.runIf(rawNames)('keeps names as they are on disk', async () => {
    const root = await temporaryDirectory();
    const composed = '서울.jpg'.normalize('NFC');
    const decomposed = '서울.jpg'.normalize('NFD');
    await makeTree(root, { [composed]: 'c', [decomposed]: 'd', 'B.JPG': '', 'b.jpg': '' });
    const raw = Buffer.concat([Buffer.from(`${root}/`), Buffer.of(0xff), Buffer.from('.d')]);
    await fs.mkdir(raw);
    await fs.writeFile(
      Buffer.concat([raw, Buffer.from('/'), Buffer.of(0xfe), Buffer.from('.jpg')]),
      '',
    );
    const found = filesIn(await events(root));
    expect(found).toEqual(['B.JPG', 'b.jpg', decomposed, composed, '\uEFFF.d/\uEFFE.jpg'].sort());
  });

  test('leaves out folders that are walked on their own', async () => {
    const root = await temporaryDirectory();
    await makeTree(root, { 'a.jpg': '', 'in/b.jpg': '', 'in/ner/c.jpg': '', 'inn/d.jpg': '' });
    const roots = [root, `${root}/in`, `${root}/in/ner`];
    const found: string[] = [];
    for (const each of roots) {
      const walked = await events(each, { leaveOut: nestedRoots(each, roots) });
      found.push(...filesIn(walked).map((file) => below(each, file)));
    }
    expect(found.map((file) => relativeTo(root, file)).sort()).toEqual([
      'a.jpg',
      'in/b.jpg',
      'in/ner/c.jpg',
      'inn/d.jpg',
    ]);
  });

  test('a folder that is not there is unreadable', async () => {
    const root = await temporaryDirectory();
    expect(await events(`${root}/gone`)).toMatchObject([
      { type: 'unreadable', path: '', kind: 'directory', failure: { code: 'notFound' } },
    ]);
  });
});

const realPhotos = fileURLToPath(new URL('../../../../shared/photos', import.meta.url));

test.runIf(where(existsSync(realPhotos), 'a real collection: the shared photos are not here'))(
  'counts every file of a real collection once',
  async () => {
    const walked = await events(realPhotos);
    const onDisk = await fs.readdir(realPhotos, { recursive: true, withFileTypes: true });
    const files = filesIn(walked);
    expect(walked.every(({ type }) => type === 'directory')).toBe(true);
    expect(new Set(files).size).toBe(files.length);
    const { other = 0, hidden = 0, junk = 0, partial = 0 } = passedOver(walked);
    const visible = onDisk.filter((entry) => entry.isFile()).length;
    expect(files.length).toBeGreaterThan(0);
    expect(files.length + other + hidden + junk + partial).toBe(visible);
  },
);

/** Directories by their path, as functions that answer or refuse. */
type FakeTree = Readonly<Record<string, () => Promise<readonly ListedEntry[]>>>;

function fake(tree: FakeTree): WalkPorts {
  return {
    fileSystem: {
      listDirectory: (path) =>
        tree[path]?.() ?? Promise.reject(fail('notFound', `${path} is gone.`)),
    },
  };
}

function directories(count: number): readonly ListedEntry[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `d${String(index)}`,
    kind: 'directory',
    stat: null,
  }));
}

// The tests may run as root, whom no permission stops; so refusals are played.
describe('walk, when a disk refuses', () => {
  test('what cannot be read is told, and the rest is walked', async () => {
    const forbidden = fail('unreadable', 'You may not.');
    const walked = await events(
      '/r',
      {},
      fake({
        '/r': () =>
          Promise.resolve([
            ...directories(2),
            { name: 'a.jpg', kind: 'file', stat: null, failure: forbidden.failure },
          ]),
        '/r/d0': () => Promise.reject(forbidden),
        '/r/d1': () => Promise.resolve([]),
      }),
    );
    expect(walked).toHaveLength(4);
    expect(walked).toEqual(
      expect.arrayContaining([
        { type: 'unreadable', path: 'a.jpg', kind: 'file', failure: forbidden.failure },
        { type: 'unreadable', path: 'd0', kind: 'directory', failure: forbidden.failure },
        expect.objectContaining({ type: 'directory', path: 'd1' }),
      ]),
    );
  });

  test('a bug in the file system is not taken for an unreadable folder', async () => {
    const broken = fake({ '/r': () => Promise.reject(new TypeError('oops')) });
    await expect(events('/r', {}, broken)).rejects.toThrow('oops');
  });

  test('a folder that hangs holds up neither the others nor the end', async () => {
    const hanging = fake({
      '/r': () => Promise.resolve(directories(3)),
      '/r/d0': () => Promise.resolve([]),
      '/r/d1': () => new Promise(() => undefined),
      '/r/d2': () => Promise.resolve([]),
    });
    const controller = new AbortController();
    const seen: string[] = [];
    const walking = (async () => {
      for await (const event of walk('/r', {}, hanging, controller.signal)) {
        seen.push(event.path);
        if (seen.length === 3)
          setImmediate(() => {
            controller.abort();
          });
      }
    })();
    await expect(walking).rejects.toMatchObject({ failure: { code: 'cancelled' } });
    expect(seen.sort()).toEqual(['', 'd0', 'd2']);
  });

  test('never more directories at once than asked for, and a slow consumer holds the walk up', async () => {
    let open = 0;
    let most = 0;
    let listed = 0;
    const counting: WalkPorts = {
      fileSystem: {
        listDirectory: async (path) => {
          open += 1;
          listed += 1;
          most = Math.max(most, open);
          await new Promise((resolve) => setImmediate(resolve));
          open -= 1;
          return path.split('/').length < 4 ? directories(10) : [];
        },
      },
    };
    let consumed = 0;
    for await (const event of walk('/r', { directoriesAtOnce: 5 }, counting, patient)) {
      consumed += event.type === 'directory' ? 1 : 0;
      await new Promise((resolve) => setImmediate(resolve));
      expect(listed - consumed).toBeLessThanOrEqual(5);
    }
    expect(consumed).toBe(111);
    expect(most).toBe(5);
  });
});

describe('folders in folders', () => {
  test.each([
    ['/a', '/a', ''],
    ['/a/', '/a', ''],
    ['/a', '/a/b/c', 'b/c'],
    ['/a', '/ab', null],
    ['/', '/a', 'a'],
    ['/a/b', '/a', null],
    [String.raw`C:\Photos`, String.raw`C:\Photos\2024`, '2024'],
    ['C:\\', String.raw`C:\Photos`, 'Photos'],
    ['/a', String.raw`/a/b\c`, String.raw`b\c`],
  ])('relative to %s, %s is %s', (root, path, relative) => {
    expect(relativeTo(root, path)).toBe(relative);
  });

  test('a path below has one separator', () => {
    expect(below('/', 'a')).toBe('/a');
    expect(below('/r', 'a/b')).toBe('/r/a/b');
    expect(below('C:\\', 'a')).toBe('C:\\a');
    expect(below('/r', '')).toBe('/r');
  });
});
