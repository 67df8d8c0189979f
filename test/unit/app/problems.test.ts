import { promises as fs } from 'node:fs';
import path from 'node:path';

import { expect, test } from 'vitest';

import { TestApp } from '../../support/app-engine/test-app.ts';

const all = { cursor: null, limit: 10, destination: null, ignored: false };

/** A photo whose every key at the destination is taken by something else. */
async function blockKeys(app: TestApp, name: string): Promise<string[]> {
  const entries = await fs.readdir(app.backup, { recursive: true, withFileTypes: true });
  const stored = entries.find((entry) => entry.isFile() && entry.name.startsWith(name));
  if (stored === undefined) throw new Error('the photo is not at the destination');
  const file = path.join(stored.parentPath, stored.name);
  return [file];
}

test('a photo that cannot be backed up is listed, ignored, and tried again', async () => {
  const app = await TestApp.open();
  await app.put('a.jpg', 'one');
  await app.put('b.jpg', 'two');
  const { id } = await app.setUp();
  await app.idle(2);
  // Its month at the destination is a file now: nothing can be made below it.
  const [file] = await blockKeys(app, 'b-');
  const month = path.dirname(file ?? '');
  await app.call('sync.pause', { untilMs: null });
  await fs.rename(month, `${month}-aside`);
  await fs.writeFile(month, '');
  await app.put('c.jpg', 'three');
  await app.call('sync.resume', {});
  const broken = await app.until(({ failed, activity }) => failed > 0 || activity === 'attention');
  expect(broken.safe + broken.waiting + broken.failed).toBe(broken.photos);
  const { problems, total } = await app.call('problems.page', { ...all, destination: id });
  expect(total).toBe(1);
  expect(problems).toMatchObject([{ destination: id, path: path.join(app.photos, 'c.jpg') }]);
  const ids = problems.map((problem) => problem.id);
  await app.call('problems.ignore', { ids, ignored: true });
  expect((await app.call('problems.page', all)).total).toBe(0);
  expect((await app.call('problems.page', { ...all, ignored: true })).problems).toMatchObject([
    { id: ids[0], ignored: true },
  ]);
  await app.call('problems.ignore', { ids, ignored: false });
  await fs.rm(month);
  await fs.rename(`${month}-aside`, month);
  await app.call('problems.retry', { ids: null });
  await app.idle(3);
  expect((await app.call('problems.page', all)).total).toBe(0);
});
