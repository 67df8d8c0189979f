import { promises as fs } from 'node:fs';
import path from 'node:path';

import { expect, test } from 'vitest';

import type { UploadBatch } from '../../../shared/contract/app/uploads.ts';
import { failureOf } from '../../../shared/domain/failure.ts';
import { TestApp } from '../../support/app-engine/test-app.ts';

const toAll = { album: null, destinations: [] };
const isOver = (batch: UploadBatch): boolean =>
  !batch.collecting &&
  batch.items.every(
    ({ state }) => !['waiting', 'receiving', 'reading', 'uploading'].includes(state),
  );
const states = (batch: UploadBatch | undefined): Record<string, string> =>
  Object.fromEntries((batch?.items ?? []).map(({ name, state }) => [name, state]));

async function finished(app: TestApp, id: string): Promise<UploadBatch> {
  const now = (await app.call('uploads.list', {})).find((batch) => batch.id === id);
  if (now !== undefined && isOver(now)) return now;
  return app.event('upload', (batch) => batch.id === id && isOver(batch));
}

async function* inPieces(...pieces: string[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield await Promise.resolve(Buffer.from(piece));
}

test('files and folders from anywhere are backed up from where they are', async () => {
  const app = await TestApp.open();
  await app.put('watched.jpg', 'watched');
  await app.setUp();
  await app.idle(1);
  const downloads = path.join(app.base, 'Downloads');
  const dropped = await app.put('new.jpg', 'new', downloads);
  await app.put('not picked.jpg', 'not picked', downloads);
  await app.put('notes.txt', 'no photo', downloads);
  await app.put('trip/1.jpg', 'first', downloads);
  await app.put('trip/deep/2.jpg', 'second', downloads);
  await app.put('trip/deep/same.jpg', 'watched', downloads);
  const paths = [
    dropped,
    path.join(downloads, 'trip'),
    path.join(downloads, 'notes.txt'),
    path.join(downloads, 'gone.jpg'),
    path.join(app.photos, 'watched.jpg'),
  ];
  const { id } = await app.call('uploads.begin', { paths, target: toAll });
  const batch = await finished(app, id);
  expect(states(batch)).toEqual({
    'new.jpg': 'backedUp',
    '1.jpg': 'backedUp',
    '2.jpg': 'backedUp',
    'same.jpg': 'alreadyBackedUp',
    'notes.txt': 'ignored',
    'gone.jpg': 'failed',
    'watched.jpg': 'alreadyBackedUp',
  });
  expect(await app.stored()).toEqual(['first', 'new', 'second', 'watched']);
  // The watched folders count as before, and nothing is asked about files that were picked.
  expect(await app.idle(1)).toMatchObject({ photos: 1, questions: [] });
  expect(await fs.readdir(downloads)).toHaveLength(4);

  await app.close();
  await fs.rm(dropped);
  await app.open();
  const again = (await app.call('uploads.list', {}))[0];
  expect(again?.items).toHaveLength(7);
  await app.call('uploads.dismiss', { batch: id });
  expect(await app.call('uploads.list', {})).toEqual([]);
  expect(await app.idle(1)).toMatchObject({ questions: [] });
});

test('an upload goes to the destinations that were chosen', async () => {
  const app = await TestApp.open();
  await app.setUp();
  const second = await app.addBackup(path.join(app.base, 'second'), 'second');
  const dropped = await app.put('new.jpg', 'new', path.join(app.base, 'Downloads'));
  const { id } = await app.call('uploads.begin', {
    paths: [dropped],
    target: { album: null, destinations: [second.id] },
  });
  const batch = await finished(app, id);
  expect(batch.destinations).toEqual([second.id]);
  expect(states(batch)).toEqual({ 'new.jpg': 'backedUp' });
  expect(await app.stored(path.join(app.base, 'second'))).toEqual(['new']);
  expect(await app.stored()).toEqual([]);
});

test('bytes that are received become a file, never over another, and are backed up', async () => {
  const app = await TestApp.open();
  await app.setUp();
  const uploads = path.join(app.base, 'uploads');
  await app.put('Summer/a.jpg', 'mine', uploads);
  const { id, items } = await app.call('uploads.receive', {
    files: [
      { name: '../../a.jpg', bytes: 6, modifiedMs: 1_600_000_000_000 },
      { name: 'short.jpg', bytes: 10, modifiedMs: null },
      { name: 'twin.jpg', bytes: 6, modifiedMs: null },
    ],
    target: { album: 'Summer', destinations: [] },
  });
  const [first, short, twin] = items.map((item) => item.id);
  const none = new AbortController().signal;
  await app.app.receive(id, first ?? '', inPieces('thr', 'ee!'), none);
  const failure = await app.app
    .receive(id, short ?? '', inPieces('four'), none)
    .catch((error: unknown) => failureOf(error));
  expect(failure).toMatchObject({ code: 'changed' });
  await app.event('upload', (batch) => batch.items[0]?.state === 'backedUp');
  await app.app.receive(id, twin ?? '', inPieces('three!'), none);
  const batch = await finished(app, id);
  expect(states(batch)).toEqual({
    '../../a.jpg': 'backedUp',
    'short.jpg': 'failed',
    'twin.jpg': 'alreadyBackedUp',
  });
  expect((await fs.readdir(path.join(uploads, 'Summer'))).sort()).toEqual(['a (2).jpg', 'a.jpg']);
  expect(await fs.readFile(path.join(uploads, 'Summer', 'a.jpg'), 'utf8')).toBe('mine');
  const { folders } = await app.idle(2);
  expect(folders.map((folder) => folder.path)).toContain(uploads);
  expect(await app.stored()).toEqual(['mine', 'three!']);
});

test('the first bytes for an album make its folder with those above it', async () => {
  const app = await TestApp.open();
  await app.setUp();
  const { id, items } = await app.call('uploads.receive', {
    files: [{ name: 'a.jpg', bytes: 5, modifiedMs: null }],
    target: { album: 'Pasted', destinations: [] },
  });
  const never = new AbortController().signal;
  await app.app.receive(id, items[0]?.id ?? '', inPieces('first'), never);
  expect(states(await finished(app, id))).toEqual({ 'a.jpg': 'backedUp' });
  expect(await fs.readdir(path.join(app.base, 'uploads', 'Pasted'))).toEqual(['a.jpg']);
});

test('what is no photo is not waited for, and bytes that did not arrive may be sent again', async () => {
  const app = await TestApp.open();
  await app.setUp();
  const { id, items } = await app.call('uploads.receive', {
    files: [
      { name: 'notes.txt', bytes: 4, modifiedMs: null },
      { name: 'cut.jpg', bytes: 5, modifiedMs: null },
    ],
    target: toAll,
  });
  expect(items.map(({ state }) => state)).toEqual(['ignored', 'waiting']);
  const cut = items[1]?.id ?? '';
  const none = new AbortController().signal;
  await expect(app.app.receive(id, cut, inPieces('cu'), none)).rejects.toThrow();
  await app.call('uploads.retry', { batch: id, items: [cut] });
  await app.app.receive(id, cut, inPieces('whole'), none);
  expect(states(await finished(app, id))).toEqual({
    'notes.txt': 'ignored',
    'cut.jpg': 'backedUp',
  });
});

test('what was cancelled is not sent, and can be tried again', async () => {
  const app = await TestApp.open();
  await app.setUp();
  await app.call('sync.pause', { untilMs: null });
  const downloads = path.join(app.base, 'Downloads');
  const paths = [
    await app.put('a.jpg', 'one', downloads),
    await app.put('b.jpg', 'two', downloads),
  ];
  const { id } = await app.call('uploads.begin', { paths, target: toAll });
  const { items } = await app.event('upload', ({ collecting }) => !collecting);
  await app.call('uploads.cancel', { batch: id, items: [items[0]?.id ?? ''] });
  await app.call('sync.resume', {});
  expect(states(await finished(app, id))).toEqual({ 'a.jpg': 'cancelled', 'b.jpg': 'backedUp' });
  expect(await app.stored()).toEqual(['two']);
  await app.call('uploads.retry', { batch: id, items: [items[0]?.id ?? ''] });
  expect(states(await finished(app, id))).toEqual({ 'a.jpg': 'backedUp', 'b.jpg': 'backedUp' });
  expect(await app.stored()).toEqual(['one', 'two']);
});
