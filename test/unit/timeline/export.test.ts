import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';

import type { AssetDescription } from '../../../shared/domain/asset.ts';
import { describedAs } from '../../support/catalog/test-catalog.ts';
import { patient, TimelineUnderTest } from '../../support/timeline/timeline-under-test.ts';
import { temporaryDirectory } from '../../support/catalog/temporary-directory.ts';

const modifiedMs = 1_700_000_000_000;

async function setUp() {
  const folder = await temporaryDirectory();
  const timeline = new TimelineUnderTest(1, folder);
  const add = async (name: string, text: string): Promise<string> => {
    await writeFile(path.join(folder, name), text);
    await utimes(path.join(folder, name), modifiedMs / 1000, modifiedMs / 1000);
    const stat = { size: Buffer.byteLength(text), modifiedMs };
    const file = timeline.test.addFile(name, 'media', null, stat);
    return timeline.test.read(file.id, text).toString(36);
  };
  const into = await temporaryDirectory();
  const run = (ids: string[]) => timeline.handlers['assets.export']({ ids, into }, patient);
  return { folder, timeline, add, into, run };
}

it('copies originals with their time, tells how far it is, and replaces nothing', async () => {
  const { timeline, add, into, run } = await setUp();
  const ids = [await add('a.jpg', 'one'), await add('b.tar.gz', 'two')];
  expect(await run([...ids, ...ids])).toEqual({ copied: 2, failed: 0 });
  expect(await run([ids[0] ?? ''])).toEqual({ copied: 1, failed: 0 });
  expect((await readdir(into)).sort()).toEqual(['a (2).jpg', 'a.jpg', 'b.tar.gz']);
  expect(await readFile(path.join(into, 'a (2).jpg'), 'utf8')).toBe('one');
  expect((await stat(path.join(into, 'a.jpg'))).mtimeMs).toBe(modifiedMs);
  expect(timeline.events.map(({ data }) => data)).toEqual([
    { done: 1, total: 2 },
    { done: 2, total: 2 },
    { done: 1, total: 1 },
  ]);
});

it('copies a Live Photo with its video and counts it once; without the video it has failed', async () => {
  const { folder, timeline, into, run } = await setUp();
  const add = async (name: string, change: Partial<AssetDescription>): Promise<string> => {
    await writeFile(path.join(folder, name), name);
    await utimes(path.join(folder, name), modifiedMs / 1000, modifiedMs / 1000);
    const seen = { size: Buffer.byteLength(name), modifiedMs };
    const file = timeline.test.addFile(name, 'media', null, seen);
    const described = { ...describedAs(), ...change, contentIdentifier: 'A-B' };
    return timeline.test.read(file.id, name, described).toString(36);
  };
  const photo = await add('IMG_1.JPG', {});
  const film = await add('IMG_1.MOV', { type: { mime: 'video/quicktime', kind: 'video' } });
  expect(await timeline.details(photo)).toMatchObject({ item: { live: true }, film });
  expect(await timeline.details(film)).toMatchObject({ film: null });
  expect(await run([photo])).toEqual({ copied: 1, failed: 0 });
  expect((await readdir(into)).sort()).toEqual(['IMG_1.JPG', 'IMG_1.MOV']);
  await writeFile(path.join(folder, 'IMG_1.MOV'), 'something else');
  expect(await run([photo])).toEqual({ copied: 0, failed: 1 });
});

it('refuses a folder that is not there, and what is none', async () => {
  const { folder, timeline, add } = await setUp();
  const ids = [await add('a.jpg', 'one')];
  for (const [into, code] of [
    [path.join(folder, 'nowhere'), 'notFound'],
    [path.join(folder, 'a.jpg'), 'invalid'],
  ] as const) {
    await expect(timeline.handlers['assets.export']({ ids, into }, patient)).rejects.toMatchObject({
      failure: { code },
    });
  }
});

it('counts what has no file here, or another content by now, as failed and leaves nothing of it', async () => {
  const { folder, add, into, run } = await setUp();
  const changed = await add('a.jpg', 'one');
  const sound = await add('b.jpg', 'two');
  await writeFile(path.join(folder, 'a.jpg'), 'something else');
  expect(await run([changed, sound])).toEqual({ copied: 1, failed: 1 });
  expect(await readdir(into)).toEqual(['b.jpg']);
});

it('shows the file itself in the file manager, or says why it cannot', async () => {
  const { folder, timeline, add } = await setUp();
  const id = await add('a.jpg', 'one');
  await timeline.handlers['assets.reveal']({ id }, patient);
  expect(timeline.revealed).toEqual([path.join(folder, 'a.jpg')]);
  await writeFile(path.join(folder, 'a.jpg'), 'something else');
  await expect(timeline.handlers['assets.reveal']({ id }, patient)).rejects.toMatchObject({
    failure: { code: 'notFound' },
  });
});
