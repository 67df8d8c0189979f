import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';

import type { Failure } from '../../../shared/domain/failure.ts';
import { fail } from '../../../shared/domain/failure.ts';
import type { Clock } from '../../../electron/engine/ports/clock.ts';
import type { FileSystem, ListedEntry } from '../../../electron/engine/ports/file-system.ts';
import type { LeaveAlone } from '../../../electron/engine/scan/look.ts';
import { scanFolder, type ScanResult } from '../../../electron/engine/sync/scan-folder.ts';
import { nowMs, TestCatalog } from '../../support/catalog/test-catalog.ts';

interface File {
  readonly size: number;
  readonly modifiedMs: number;
  readonly bornMs: number;
  readonly inode: number;
  readonly readable: boolean;
}

/** Files by their directory and name. */
type Tree = Map<string, Map<string, File>>;

const failure: Failure = { code: 'unreadable', message: 'No.' };
const clock: Clock = {
  now: () => nowMs,
  monotonic: () => nowMs,
  sleep: () => Promise.reject(new Error('a scan does not sleep')),
};
const never = new AbortController().signal;

/** Every directory lies in the root. */
function fileSystemOf(tree: Tree): Pick<FileSystem, 'listDirectory'> {
  return {
    listDirectory: (path) => {
      const directory = path.replace(/^\/photos\/?/u, '');
      const files = tree.get(directory) ?? new Map<string, File>();
      const entries = [...files].map(([name, { readable, ...facts }]): ListedEntry => {
        const stat = { ...facts, kind: 'file', device: 1, placeholder: false } as const;
        return readable
          ? { name, kind: 'file', stat }
          : { name, kind: 'file', stat: null, failure: fail('unreadable', 'No.').failure };
      });
      const below = directory === '' ? [...tree.keys()].filter((name) => name !== '') : [];
      return Promise.resolve([
        ...entries,
        ...below.map((name): ListedEntry => ({ name, kind: 'directory', stat: null })),
      ]);
    },
  };
}

interface Scanned extends ScanResult {
  readonly files: number;
}

/** One computer's catalogue over the tree. */
class Scans {
  readonly test = new TestCatalog(1);
  readonly #tree: Tree;

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  async scan(leaveAlone: LeaveAlone | null = null): Promise<Scanned> {
    const { catalog, destinationIds } = this.test;
    const root = catalog.files.ensureRoot('/photos', 'photos', 'x');
    let files = 0;
    const result = await scanFolder(
      { root, leaveOut: [], only: null, ...(leaveAlone === null ? {} : { leaveAlone }) },
      destinationIds,
      { clock, catalog, fileSystem: fileSystemOf(this.#tree) as FileSystem },
      {
        onDirectory: (count) => (files += count),
        onNotice: () => undefined,
        onUnreadable: () => undefined,
      },
      never,
    );
    return { ...result, files };
  }

  forgetFingerprints(): void {
    this.test.handle.exec('UPDATE directories SET fingerprint = NULL');
  }

  get rows(): unknown {
    return this.test.handle.prepare('SELECT * FROM files ORDER BY id').all();
  }

  get fingerprints(): number {
    const row = this.test.handle
      .prepare('SELECT count(*) AS count FROM directories WHERE fingerprint IS NOT NULL')
      .get();
    return Number(row?.['count']);
  }

  ids(state: string): number[] {
    const rows = this.test.handle.prepare('SELECT id FROM files WHERE state = ? ORDER BY id');
    return rows.all(state).map((row) => Number(row['id']));
  }
}

const names = ['a.jpg', 'b.jpg', 'b.jpg.xmp', 'b.jpg.json', 'stray.json', 'c.mov'] as const;
const directories = ['', 'one', 'two'] as const;
type Change =
  | {
      readonly do: 'write' | 'remove' | 'lock';
      readonly directory: string;
      readonly name: string;
      readonly version: number;
    }
  | { readonly do: 'read' | 'fail' | 'ignore'; readonly file: number }
  | { readonly do: 'scan'; readonly believe: boolean; readonly alone: boolean };

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    do: fc.constantFrom('write', 'write', 'remove', 'lock'),
    directory: fc.constantFrom(...directories),
    name: fc.constantFrom(...names),
    version: fc.nat({ max: 2 }),
  }),
  fc.record({ do: fc.constantFrom('read', 'read', 'fail', 'ignore'), file: fc.nat({ max: 9 }) }),
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('scan'), believe: fc.boolean(), alone: fc.boolean() }),
  },
);

function changeTree(tree: Tree, step: Extract<Change, { readonly name: string }>): void {
  const files = tree.get(step.directory) ?? new Map<string, File>();
  tree.set(step.directory, files);
  const before = files.get(step.name);
  if (step.do === 'remove') files.delete(step.name);
  else if (step.do === 'lock' && before !== undefined) {
    files.set(step.name, { ...before, readable: !before.readable });
  } else if (step.do === 'write') {
    const inode =
      directories.indexOf(step.directory as '') * 100 + names.indexOf(step.name as 'a.jpg') + 1;
    const facts = { bornMs: nowMs, readable: true, inode };
    files.set(step.name, { ...facts, size: step.version + 1, modifiedMs: nowMs + step.version });
  }
}

function changeCatalog(
  { test }: Scans,
  step: { readonly do: string; readonly file: number },
): void {
  const { catalog } = test;
  const waiting = (['media', 'sidecar'] as const).flatMap((role) =>
    catalog.files.toRead(role, [test.rootId], 0, 100),
  );
  const file = waiting[step.file % Math.max(1, waiting.length)];
  if (file === undefined) return;
  if (step.do === 'fail') catalog.files.setFailed(file.id, failure);
  else if (step.do === 'ignore') catalog.files.setIgnored(file);
  else test.read(file.id, `${file.directory}/${file.name}/${String(file.size)}`);
}

describe('a scan of what was scanned before', () => {
  it('finds what comparing every file finds, whatever happened in between', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 40 }), async (steps) => {
        const tree: Tree = new Map([['', new Map<string, File>()]]);
        const [quick, thorough] = [new Scans(tree), new Scans(tree)];
        for (const step of steps) {
          if ('name' in step) changeTree(tree, step);
          else if ('file' in step) {
            for (const scans of [quick, thorough]) changeCatalog(scans, step);
          } else {
            thorough.forgetFingerprints();
            const leaveAlone: LeaveAlone | null = step.alone
              ? (path) => path.endsWith('c.mov')
              : null;
            const found = await quick.scan(leaveAlone);
            expect(found).toEqual(await thorough.scan(leaveAlone));
            for (const { test } of [quick, thorough]) {
              for (const id of found.vanished) {
                if (step.believe) test.catalog.recordAbsence(id, nowMs);
                else test.catalog.files.setState(id, 'unknown');
              }
            }
          }
          expect(quick.rows).toEqual(thorough.rows);
        }
      }),
      { numRuns: 120 },
    );
  });

  it('asks for no known file where nothing has changed, and for those of one directory where one has', async () => {
    const tree: Tree = new Map();
    for (const directory of directories) {
      for (const name of names) changeTree(tree, { do: 'write', directory, name, version: 0 });
    }
    const scans = new Scans(tree);
    const first = await scans.scan();
    expect(first).toMatchObject({ files: 15, ignored: 3, vanished: [] });
    for (const id of scans.ids('discovered')) scans.test.read(id, String(id));
    await scans.scan();
    expect(scans.fingerprints).toBe(3);
    const asked = vi.spyOn(scans.test.catalog.files, 'knownIn');
    expect(await scans.scan()).toMatchObject({ files: 15, ignored: 3, vanished: [] });
    expect(asked).not.toHaveBeenCalled();
    changeTree(tree, { do: 'write', directory: 'one', name: 'a.jpg', version: 1 });
    await scans.scan();
    expect(asked).toHaveBeenCalledOnce();
    expect(scans.ids('discovered')).toHaveLength(1);
  });

  it('is not misled by a directory that looks as it once did', async () => {
    const tree: Tree = new Map();
    const write = (name: string, version: number): void => {
      changeTree(tree, { do: 'write', directory: 'one', name, version });
    };
    tree.set('', new Map());
    write('a.jpg', 0);
    const scans = new Scans(tree);
    await scans.scan();
    // Another file came and went.
    write('c.mov', 0);
    await scans.scan();
    tree.get('one')?.delete('c.mov');
    expect((await scans.scan()).vanished).toHaveLength(1);
    for (const id of scans.ids('discovered').slice(1)) {
      scans.test.catalog.recordAbsence(id, nowMs);
    }
    await scans.scan();
    expect(scans.fingerprints).toBe(2);
    // The file changed and changed back.
    write('a.jpg', 1);
    await scans.scan();
    write('a.jpg', 0);
    await scans.scan();
    expect(scans.rows).toMatchObject([{ name: 'a.jpg', size: 1 }, { state: 'absent' }]);
    // The catalogue forgot a file.
    await scans.scan();
    expect(scans.fingerprints).toBe(2);
    scans.test.handle.exec("DELETE FROM files WHERE name = 'a.jpg'");
    await scans.scan();
    expect(scans.rows).toMatchObject([{ state: 'absent' }, { name: 'a.jpg' }]);
  });

  it('tries a file again that could not be read', async () => {
    const tree: Tree = new Map();
    changeTree(tree, { do: 'write', directory: '', name: 'a.jpg', version: 0 });
    const scans = new Scans(tree);
    await scans.scan();
    for (const id of scans.ids('discovered')) scans.test.catalog.files.setFailed(id, failure);
    await scans.scan();
    expect(scans.ids('failed')).toEqual([]);
    expect(scans.ids('discovered')).toHaveLength(1);
  });
});
