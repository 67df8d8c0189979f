import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fail } from '../../../shared/domain/failure.ts';
import { NodeFileSystem } from '../../../electron/engine/adapters/node-file-system.ts';
import { toNativePath } from '../../../electron/engine/scan/raw-path.ts';
import type { FileSystem } from '../../../electron/engine/ports/file-system.ts';
import type { MediaReader } from '../../../electron/engine/ports/media-reader.ts';
import { restore } from '../../../electron/engine/restore/restore.ts';
import type { RestoreEvent, RestoreSummary } from '../../../electron/engine/restore/restore.ts';
import { MemoryDestination } from '../../support/destinations/memory-destination.ts';
import type { MemoryOptions } from '../../support/destinations/memory-destination.ts';
import { MemoryStore } from '../../support/destinations/memory-store.ts';
import { JournalingDevice, sha256 } from '../../support/journal/entries.ts';
import { rawNames } from '../../support/where.ts';

const never = new AbortController().signal;
const script = fileURLToPath(new URL('../../../build/scripts/restore.mjs', import.meta.url));
const reader: MediaReader = {
  inspect: () => Promise.reject(fail('bug', 'Restoring inspects nothing.')),
  hash: (file) => {
    const bytes = readFileSync(toNativePath(file));
    return Promise.resolve({ sha256: sha256(bytes), bytes: bytes.length });
  },
  close: () => Promise.resolve(),
};

let folder: string;
let run = 0;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cloudroll-restore-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function restoreInto(
  into: string,
  store: MemoryStore,
  options: MemoryOptions & { fileSystem?: FileSystem; signal?: AbortSignal } = {},
): Promise<{ summary: RestoreSummary; events: RestoreEvent[] }> {
  const events: RestoreEvent[] = [];
  run += 1;
  const summary = await restore(
    { destination: new MemoryDestination({ ...options, store }), into, platform: 'linux' },
    {
      fileSystem: options.fileSystem ?? new NodeFileSystem(),
      reader,
      clock: { now: () => 0, monotonic: () => 0, sleep: () => Promise.resolve() },
      random: { fraction: () => 0, bytes: (count) => new Uint8Array(count).fill(run) },
    },
    (event) => events.push(event),
    options.signal ?? never,
  );
  return { summary, events };
}

/** Path → content, and time where `times`. */
function filesIn(root: string, times = false): Record<string, string> {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    names
      .filter((name) => statSync(path.join(root, name)).isFile())
      .map((name) => {
        const file = path.join(root, name);
        const time = times ? ` @${String(statSync(file).mtimeMs)}` : '';
        return [name, `${readFileSync(file, 'utf8')}${time}`];
      }),
  );
}

/** Two devices with duplicates, edits, deletions, a rename and one path with different contents. */
function household(): { store: MemoryStore; laptop: JournalingDevice; desk: JournalingDevice } {
  const store = new MemoryStore();
  const laptop = new JournalingDevice(store, 'device-l', 'Anna’s laptop', 1_715_000_000_000);
  const desk = new JournalingDevice(store, 'device-d', 'Desk', 1_716_000_000_000);
  laptop.add('Pictures', '2024/IMG_1.jpg', 'one', 1_600_000_000_000);
  laptop.add('Pictures', '2024/IMG_1 copy.jpg', 'one', 1_600_000_001_000);
  laptop.add('Pictures', 'edited.jpg', 'before the edit', 1_600_000_002_000);
  laptop.flush();
  laptop.add('Pictures', 'edited.jpg', 'after the edit', 1_600_000_003_000);
  laptop.add('Pictures', 'deleted.jpg', 'deleted', 1_600_000_004_000);
  laptop.absent('Pictures', 'deleted.jpg');
  laptop.add('Pictures', 'old name.jpg', 'renamed', 1_600_000_005_000);
  laptop.absent('Pictures', 'old name.jpg');
  laptop.add('Pictures', 'new name.jpg', 'renamed', 1_600_000_005_000);
  laptop.add('Camera', '제주/사진 "1".HEIC', 'heic', 1_600_000_006_000);
  laptop.flush();
  desk.add('Pictures', '2024/IMG_1.jpg', 'one', 1_600_000_000_000);
  desk.add('Pictures', 'edited.jpg', 'on the desk', 1_600_000_007_000);
  desk.add('Scans', 'no extension', 'scan', 1_600_000_008_000);
  desk.flush();
  return { store, laptop, desk };
}

const original = {
  'Camera/제주/사진 "1".HEIC': 'heic @1600000006000',
  'Pictures/2024/IMG_1 copy.jpg': 'one @1600000001000',
  'Pictures/2024/IMG_1.jpg': 'one @1600000000000',
  'Pictures/deleted.jpg': 'deleted @1600000004000',
  'Pictures/edited (Anna’s laptop).jpg': 'after the edit @1600000003000',
  [`Pictures/edited (${sha256('before the edit').slice(0, 8)}).jpg`]:
    'before the edit @1600000002000',
  'Pictures/edited.jpg': 'on the desk @1600000007000',
  'Pictures/new name.jpg': 'renamed @1600000005000',
  'Scans/no extension': 'scan @1600000008000',
};

describe('restore', () => {
  it('gives original folders, names, times and bytes from the destination alone', async () => {
    const { summary, events } = await restoreInto(folder, household().store);
    expect(filesIn(folder, true)).toEqual(original);
    expect(summary).toEqual({
      event: 'summary',
      assets: 8,
      restored: 8,
      alreadyThere: 0,
      failed: 0,
      bytes: 65,
      seconds: 0,
      journalProblems: 0,
      stopped: null,
    });
    expect(events.find(({ event }) => event === 'planned')).toEqual({
      event: 'planned',
      assets: 8,
      bytes: 65,
    });
  });

  it('finds everything there the second time', async () => {
    const { store } = household();
    await restoreInto(folder, store);
    const { summary } = await restoreInto(folder, store);
    expect(summary).toMatchObject({ assets: 8, restored: 0, alreadyThere: 8, bytes: 0 });
    expect(filesIn(folder, true)).toEqual(original);
  });

  it('never overwrites what is there, and then finds its own other name again', async () => {
    mkdirSync(path.join(folder, 'Scans'));
    writeFileSync(path.join(folder, 'Scans/no extension'), 'mine');
    const { store } = household();
    const other = `Scans/no extension (${sha256('scan').slice(0, 8)})`;
    for (const restored of [8, 0]) {
      const { summary } = await restoreInto(folder, store);
      expect(summary).toMatchObject({ restored, alreadyThere: 8 - restored, failed: 0 });
      expect(filesIn(folder)).toMatchObject({ 'Scans/no extension': 'mine', [other]: 'scan' });
    }
  });

  it('brings every photo back when all journals are lost', async () => {
    const { store } = household();
    const photos = store.keys().filter((key) => !key.startsWith('.cloudroll/'));
    for (const key of store.keys()) if (key.startsWith('.cloudroll/')) store.objects.delete(key);
    const { summary } = await restoreInto(folder, store);
    expect(summary).toMatchObject({ assets: 8, restored: 8, failed: 0 });
    expect(Object.keys(filesIn(folder))).toEqual(photos.map((key) => `Recovered/${key}`).sort());
  });

  it('goes on without a damaged journal and says so', async () => {
    const { store } = household();
    store.corrupt('.cloudroll/journal/device-l/0000000002.jsonl', 2);
    const { summary, events } = await restoreInto(folder, store);
    expect(summary).toMatchObject({ assets: 8, restored: 8, failed: 0, journalProblems: 1 });
    expect(events.find(({ event }) => event === 'problem')).toMatchObject({
      failure: { code: 'corrupt' },
    });
    expect(Object.values(filesIn(folder))).toContain('after the edit');
  });

  it('names what is damaged or missing at the destination, and restores the rest', async () => {
    const { store, laptop } = household();
    const damaged = laptop.add('Pictures', 'damaged.jpg', 'damaged');
    const missing = laptop.add('Pictures', 'missing.jpg', 'missing');
    laptop.flush();
    store.corrupt(damaged);
    store.objects.delete(missing);
    const { summary, events } = await restoreInto(folder, store);
    expect(summary).toMatchObject({ assets: 10, restored: 8, failed: 2, bytes: 65, stopped: null });
    const failures = events.filter((event) => event.event === 'failed');
    expect(failures.map(({ paths, failure }) => [paths, failure.code]).sort()).toEqual([
      [['Pictures/damaged.jpg'], 'corrupt'],
      [['Pictures/missing.jpg'], 'notFound'],
    ]);
    expect(filesIn(folder, true)).toEqual(original);
  });

  it('takes another object of the same content when the first is damaged', async () => {
    const { store, laptop } = household();
    const key = laptop.add('Pictures', 'x.jpg', 'twice');
    laptop.flush();
    const digits = sha256('twice').slice(0, 12);
    store.commit(`2024/06/other-${digits}.jpg`, new TextEncoder().encode('twice'), 0, []);
    store.corrupt(key);
    const { summary } = await restoreInto(folder, store);
    expect(summary).toMatchObject({ assets: 9, restored: 9, failed: 0 });
    expect(filesIn(folder)['Pictures/x.jpg']).toBe('twice');
  });

  it('stays inside of the folder whatever a journal says, also behind links', async () => {
    const { store, laptop } = household();
    laptop.add('..', '../../outside.jpg', 'hostile');
    laptop.add('Linked', 'x.jpg', 'through a link');
    laptop.flush();
    const into = path.join(folder, 'into');
    mkdirSync(path.join(folder, 'elsewhere'));
    mkdirSync(into);
    symlinkSync(path.join(folder, 'elsewhere'), path.join(into, 'Linked'));
    const { summary } = await restoreInto(into, store);
    expect(summary).toMatchObject({ assets: 10, restored: 9, failed: 1 });
    expect(readdirSync(folder).sort()).toEqual(['elsewhere', 'into']);
    expect(readdirSync(path.join(folder, 'elsewhere'))).toEqual([]);
    expect(Object.values(filesIn(into))).toContain('hostile');
  });

  it('does not take any place for an empty backup', async () => {
    const store = new MemoryStore();
    const into = path.join(folder, 'into');
    await expect(restoreInto(into, store)).rejects.toMatchObject({ failure: { code: 'notFound' } });
    expect(readdirSync(folder)).toEqual([]);
    store.commit('.cloudroll/destination.json', new Uint8Array(1), 0, []);
    expect((await restoreInto(into, store)).summary).toMatchObject({ assets: 0, failed: 0 });
  });

  it.runIf(rawNames)(
    'gives back names that are not UTF-8 (which only Linux can hold)',
    async () => {
      const { store, laptop } = household();
      laptop.add('Old', 'caf\uefe9.jpg', 'latin');
      laptop.flush();
      await restoreInto(folder, store);
      const names = readdirSync(path.join(folder, 'Old'), { encoding: 'buffer' });
      expect(names).toEqual([Buffer.from('caf\xe9.jpg', 'latin1')]);
      expect((await restoreInto(folder, store)).summary).toMatchObject({ alreadyThere: 9 });
    },
  );

  it('stops clearly when the disk is full, and goes on later', async () => {
    const { store } = household();
    const real = new NodeFileSystem();
    let room = 3;
    const full = new Proxy(real, {
      get: (target, name) => {
        if (name === 'create') {
          return (file: string) => {
            room -= 1;
            if (room < 0) return Promise.reject(fail('diskFull', 'The disk is full.'));
            return target.create(file);
          };
        }
        const member: unknown = Reflect.get(target, name);
        return typeof member === 'function' ? (member.bind(target) as unknown) : member;
      },
    });
    const { summary } = await restoreInto(folder, store, {
      fileSystem: full,
      concurrency: { initial: 1, max: 1 },
    });
    expect(summary).toMatchObject({
      assets: 8,
      restored: 3,
      failed: 5,
      stopped: { code: 'diskFull' },
    });
    expect(Object.keys(filesIn(folder)).every((name) => name in original)).toBe(true);
    expect((await restoreInto(folder, store)).summary).toMatchObject({
      restored: 5,
      alreadyThere: 3,
    });
    expect(filesIn(folder, true)).toEqual(original);
  });

  it('can be cancelled and leaves no unfinished file to the next run', async () => {
    const { store } = household();
    const stop = new AbortController();
    const gate: NonNullable<MemoryOptions['gate']> = ({ operation, phase, key }) => {
      if (operation === 'open' && phase === 'chunk' && !key.startsWith('.')) stop.abort();
      return Promise.resolve();
    };
    await expect(restoreInto(folder, store, { gate, signal: stop.signal })).rejects.toMatchObject({
      failure: { code: 'cancelled' },
    });
    mkdirSync(path.join(folder, '.cloudroll-restore'), { recursive: true });
    writeFileSync(path.join(folder, '.cloudroll-restore/0123456789ab-1.part'), 'half');
    await restoreInto(folder, store);
    expect(filesIn(folder, true)).toEqual(original);
  });
});

describe('restore.mjs', () => {
  function runScript(store: MemoryStore, into: string): { status: number | null; stderr: string } {
    const from = path.join(folder, 'backup');
    rmSync(from, { recursive: true, force: true });
    for (const [key, { bytes }] of store.objects) {
      mkdirSync(path.dirname(path.join(from, key)), { recursive: true });
      writeFileSync(path.join(from, key), bytes);
    }
    return spawnSync(process.execPath, [script, from, into], { encoding: 'utf8' });
  }

  it('is short enough to be read before it is trusted', () => {
    expect(readFileSync(script, 'utf8').split('\n').length).toBeLessThanOrEqual(100);
  });

  it('does what restore does, and finds everything there the second time', async () => {
    const { store, laptop, desk } = household();
    laptop.add('Pictures', 'a.b.tar.gz', 'dots');
    laptop.add('Pictures', 'emptied.jpg', '');
    desk.add('Pictures', 'a.b.tar.gz', 'other dots');
    desk.add('Scans', '.hidden', 'hidden');
    laptop.flush();
    desk.flush();
    const digits = sha256('nobody named me').slice(0, 12);
    const bytes = new TextEncoder().encode('nobody named me');
    store.commit(`2023/01/lost-${digits}.jpg`, bytes, 0, []);
    const ours = path.join(folder, 'ours');
    const theirs = path.join(folder, 'theirs');
    await restoreInto(ours, store);
    for (const attempt of ['first', 'second']) {
      expect(runScript(store, theirs), attempt).toMatchObject({ status: 0, stderr: '' });
      expect(filesIn(theirs), attempt).toEqual(filesIn(ours));
    }
    expect(filesIn(theirs, true)).toMatchObject(original);
  });

  it('brings every photo back when all journals are lost or damaged', () => {
    const { store } = household();
    for (const key of store.keys()) {
      if (key.startsWith('.cloudroll/')) {
        store.objects.delete(key);
        store.commit(key, new TextEncoder().encode('{"format":\n'), 0, []);
      }
    }
    const into = path.join(folder, 'into');
    expect(runScript(store, into)).toMatchObject({ status: 0 });
    expect(Object.keys(filesIn(into))).toEqual(
      store
        .keys()
        .filter((key) => !key.startsWith('.'))
        .map((key) => `Recovered/${key}`),
    );
  });

  it('names what it cannot restore, never overwrites and never leaves the folder', () => {
    const { store, laptop } = household();
    const damaged = laptop.add('Pictures', 'damaged.jpg', 'damaged');
    laptop.add('..', '../../outside.jpg', 'hostile');
    laptop.flush();
    store.corrupt(damaged);
    const into = path.join(folder, 'into');
    mkdirSync(path.join(into, 'Scans'), { recursive: true });
    writeFileSync(path.join(into, 'Scans/no extension'), 'mine');
    const { status, stderr } = runScript(store, into);
    expect(status).toBe(1);
    expect(stderr).toBe('Pictures/damaged.jpg: The backup holds no sound copy of it.\n');
    expect(filesIn(into)['Scans/no extension']).toBe('mine');
    expect(Object.values(filesIn(into))).toEqual(expect.arrayContaining(['scan', 'hostile']));
    expect(readdirSync(folder).sort()).toEqual(['backup', 'into']);
  });
});
