import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { Destination } from '../../electron/engine/destinations/contract.ts';
import { keysIn } from '../../electron/engine/destinations/validation/expectations.ts';
import {
  collect,
  sha256Of,
  someBytes,
  sourceOf,
} from '../../electron/engine/destinations/validation/sources.ts';
import { failureOf } from '../../shared/domain/failure.ts';
import { folderType, myDrive } from '../support/doubles/google/drive-store.ts';
import type { Caller, Entry } from '../support/doubles/google/drive-store.ts';
import { GoogleDriveDouble } from '../support/doubles/google-drive.ts';
import {
  openDrive,
  signedInAt,
  type DriveAccess,
} from '../support/destinations/open-google-drive.ts';

const signal = new AbortController().signal;
const ourClient: Caller = { clientId: 'client-1', seesAll: false };

let drive: GoogleDriveDouble;
let access: DriveAccess;
let first: Destination;
let second: Destination;

beforeEach(async () => {
  drive = await GoogleDriveDouble.start();
  access = signedInAt(drive);
  first = await openDrive(access, drive.port);
  second = await openDrive(access, drive.port);
});
afterEach(async () => {
  await first.close();
  await second.close();
  await drive.close();
});

function entryNamed(name: string): Entry {
  const entry = [...drive.store.entries.values()].find((one) => one.name === name);
  if (entry === undefined) throw new Error(`no ${name}`);
  return entry;
}

describe('one name twice in Google Drive', () => {
  test('two devices that make a file at the same moment leave one', async () => {
    await first.put('warm/up.jpg', sourceOf(someBytes(1)), {}, signal);
    for (let round = 0; round < 5; round += 1) {
      const key = `warm/race-${String(round)}.jpg`;
      const bytes = [someBytes(1000, round + 1), someBytes(1000, round + 50)];
      const outcomes = await Promise.all(
        [first, second].map((one, index) =>
          one
            .put(key, sourceOf(bytes[index] ?? someBytes(0)), {}, signal)
            .then((): string => sha256Of(bytes[index] ?? someBytes(0)), failureOf),
        ),
      );
      const winners = outcomes.filter((outcome) => typeof outcome === 'string');
      expect(winners).toHaveLength(1);
      expect(outcomes.find((outcome) => typeof outcome !== 'string')).toMatchObject({
        code: 'conflict',
      });
      expect(drive.paths().filter((path) => path.endsWith(key))).toHaveLength(1);
      expect(sha256Of(await collect(second.open(key, null, signal)))).toBe(winners[0]);
    }
  });

  test('one device makes each folder once, however many uploads want it', async () => {
    const jobs = Array.from({ length: 12 }, (_value, index) =>
      first.put(`2024/05/${String(index)}.jpg`, sourceOf(someBytes(5)), {}, signal),
    );
    await Promise.all(jobs);
    const folders = [...drive.store.entries.values()].filter(
      ({ mimeType }) => mimeType === folderType,
    );
    expect(folders.map(({ name }) => name).toSorted()).toEqual(['05', '2024', '백업', '사진']);
  });

  test('two devices that make a folder at the same moment see each other’s files', async () => {
    // Neither finds what the other has just made.
    drive.store.moods.searchLag = 100;
    await Promise.all([
      first.put('2024/a.jpg', sourceOf(someBytes(5, 1)), {}, signal),
      second.put('2024/b.jpg', sourceOf(someBytes(5, 2)), {}, signal),
    ]);
    drive.store.moods.searchLag = 0;
    const folders = [...drive.store.entries.values()].filter(({ name }) => name === '2024');
    expect(folders).toHaveLength(2);
    const third = await openDrive(access, drive.port, { purpose: 'write' });
    expect(await keysIn(third, '', signal)).toEqual(['2024/a.jpg', '2024/b.jpg']);
    expect((await third.stat('2024/b.jpg', signal))?.bytes).toBe(5);
    const again = third.put('2024/b.jpg', sourceOf(someBytes(5, 2)), {}, signal);
    expect(await again.then(() => null, failureOf)).toMatchObject({ code: 'conflict' });
    await third.close();
  });

  test('of twins the oldest counts, for lists and looks alike, and both go when it is removed', async () => {
    await first.put('a.jpg', sourceOf(someBytes(5, 1)), {}, signal);
    const { parent, appProperties, name } = entryNamed('a.jpg');
    const [id = ''] = drive.store.generateIds(1);
    const twin = { id, name, parents: [parent], appProperties };
    drive.store.create(twin, Buffer.from('younger'), ourClient);
    expect((await second.stat('a.jpg', signal))?.bytes).toBe(5);
    const listed = [];
    for await (const info of second.list('', signal)) listed.push(info.bytes);
    expect(listed).toEqual([5]);
    await second.remove('a.jpg', signal);
    expect(await second.stat('a.jpg', signal)).toBeNull();
    expect(drive.paths()).toEqual([]);
  });
});

describe('what others do in Google Drive', () => {
  test('a folder and files that the person made are neither used nor touched', async () => {
    const own = drive.store.create({ name: '사진', mimeType: folderType }, null, null);
    drive.store.create({ name: 'a.jpg', parents: [own.id] }, Buffer.from('mine'), null);
    await first.put('a.jpg', sourceOf(someBytes(5)), {}, signal);
    expect(await keysIn(first, '', signal)).toEqual(['a.jpg']);
    await first.remove('a.jpg', signal);
    expect(drive.paths()).toEqual(['사진/a.jpg']);
  });

  test('files of the same client that were not made here are not taken for ours', async () => {
    await first.put('a/b.jpg', sourceOf(someBytes(5)), {}, signal);
    const { parent } = entryNamed('b.jpg');
    drive.store.create({ name: 'c.jpg', parents: [parent] }, Buffer.from('x'), ourClient);
    expect(await keysIn(first, '', signal)).toEqual(['a/b.jpg']);
    expect(await first.stat('a/c.jpg', signal)).toBeNull();
    await first.remove('a/c.jpg', signal);
    expect(drive.paths()).toHaveLength(2);
  });

  test('a file that somebody renamed is missing under its key, and nowhere else', async () => {
    await first.put('a/b.jpg', sourceOf(someBytes(5)), {}, signal);
    entryNamed('b.jpg').name = 'renamed.jpg';
    expect(await first.stat('a/b.jpg', signal)).toBeNull();
    expect(await first.stat('a/renamed.jpg', signal)).toBeNull();
    expect(await keysIn(first, '', signal)).toEqual([]);
    await first.put('a/b.jpg', sourceOf(someBytes(5)), {}, signal);
    expect(await keysIn(first, '', signal)).toEqual(['a/b.jpg']);
  });

  test('a folder that is put into the trash holds nothing, and nothing is put into it', async () => {
    await first.put('2024/a.jpg', sourceOf(someBytes(5)), {}, signal);
    entryNamed('2024').trashed = true;
    expect(await first.stat('2024/a.jpg', signal)).toBeNull();
    // It is known under its path, so it would be used for the next file.
    const put = first.put('2024/b.jpg', sourceOf(someBytes(6)), {}, signal);
    expect(await put.then(() => null, failureOf)).toMatchObject({ code: 'serverError' });
    await first.put('2024/b.jpg', sourceOf(someBytes(6)), {}, signal);
    expect(await keysIn(first, '', signal)).toEqual(['2024/b.jpg']);
    expect(drive.paths()).toEqual(['사진/백업/2024/b.jpg']);
  });

  test('a folder that is removed for good is made anew', async () => {
    await first.put('2024/a.jpg', sourceOf(someBytes(5)), {}, signal);
    drive.store.remove(entryNamed('2024').id, null);
    expect(await first.stat('2024/a.jpg', signal)).toBeNull();
    await first.put('2024/a.jpg', sourceOf(someBytes(5)), {}, signal);
    expect(drive.paths()).toEqual(['사진/백업/2024/a.jpg']);
    drive.store.remove(entryNamed('2024').id, null);
    const put = first.put('2024/b.jpg', sourceOf(someBytes(5)), {}, signal);
    expect(await put.then(() => null, failureOf)).toMatchObject({ code: 'serverError' });
    await first.put('2024/b.jpg', sourceOf(someBytes(5)), {}, signal);
    expect(drive.paths()).toEqual(['사진/백업/2024/b.jpg']);
  });

  test('a destination that is gone is away, never an empty one and never made anew', async () => {
    await first.put('2024/a.jpg', sourceOf(someBytes(5)), {}, signal);
    for (const trashed of [true, false]) {
      if (trashed) entryNamed('백업').trashed = true;
      else drive.store.remove(entryNamed('사진').id, null);
      const later = await openDrive(access, drive.port, { purpose: 'write' });
      const attempts = [
        () => later.check(signal),
        () => later.stat('2024/a.jpg', signal),
        () => keysIn(later, '', signal),
        () => later.put('b.jpg', sourceOf(someBytes(5)), {}, signal),
      ];
      for (const attempt of attempts) {
        const failure = await attempt().then(() => null, failureOf);
        expect(failure).toMatchObject({ code: 'notFound' });
        expect(failure?.hint).toContain('trash');
      }
      await later.close();
    }
    expect([...drive.store.entries.values()].map(({ parent }) => parent)).not.toContain(myDrive);
  });

  test('another client ID sees nothing of it', async () => {
    await first.put('a.jpg', sourceOf(someBytes(5)), {}, signal);
    const other = await openDrive(signedInAt(drive, undefined, 'client-2'), drive.port, {
      purpose: 'read',
    });
    const failure = await other.check(signal).then(() => null, failureOf);
    expect(failure).toMatchObject({ code: 'notFound' });
    expect(failure?.hint).toContain('client ID');
    await other.close();
  });
});
