import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import type { AppClient } from '../../shared/contract/app/client.ts';
import { buildWhatChanged } from '../../build/scripts/build/build.ts';
import { jpeg, Workspace, writeAtRest } from '../support/cli/workspace.ts';
import { Served, statusWhere } from '../support/e2e/served.ts';
import { findChromium, startChromium } from '../support/electron/display/chromium.ts';

async function setUp(client: AppClient, workspace: Workspace): Promise<void> {
  await client.call('folders.add', { path: workspace.photos });
  await client.call('destinations.add', {
    draft: { card: 'file', name: 'Backup', values: { path: workspace.backup }, secrets: {} },
  });
}

test('backs a folder up and shows it: days, tiles, pictures, evidence', async () => {
  await using workspace = await Workspace.create();
  const photo = await jpeg(3, 400);
  await workspace.write('2024/a.jpg', photo);
  await workspace.write('2024/b.jpg', await jpeg(4));
  await using served = await Served.start(workspace);
  const client = await served.connect();
  await setUp(client, workspace);
  const status = await statusWhere(client, ({ safe }) => safe === 2);
  expect(status).toMatchObject({ photos: 2, safe: 2, waiting: 0, failed: 0 });

  const days = await client.call('timeline.days', { filter: {} });
  expect(days).toEqual([
    { day: '2024-05-05', count: 1 },
    { day: '2024-05-04', count: 1 },
  ]);
  const [, item] = await client.call('timeline.range', {
    filter: {},
    newest: '2024-05-05',
    oldest: '2024-05-04',
    offset: 0,
    limit: 10,
  });
  expect(item).toMatchObject({ name: 'a.jpg', state: 'safe', copies: 1, width: 400 });
  const id = item?.id ?? '';
  const details = await client.call('asset.details', { id });
  expect(details.destinations).toMatchObject([{ name: 'Backup', state: 'verified' }]);
  expect(details.hash).toBe(createHash('sha256').update(photo).digest('hex'));

  const page = await (await served.fetch('/')).text();
  const era = /data-era="([^"]+)"/u.exec(page)?.[1] ?? '';
  const grid = await served.fetch(`/pictures/${era}/${id}/grid`);
  expect([grid.status, grid.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  const part = await served.fetch(`/pictures/${era}/${id}/original`, {
    headers: { range: 'bytes=10-19' },
  });
  expect(part.status).toBe(206);
  expect(Buffer.from(await part.arrayBuffer()).equals(photo.subarray(10, 20))).toBe(true);
  await writeFile(join(workspace.photos, '2024/a.jpg'), Buffer.concat([photo, photo]));
  expect((await served.fetch(`/pictures/${era}/${id}/original`)).status).toBe(404);
});

const chromium = findChromium();
if ('missing' in chromium)
  console.warn(`skipped: the window over a running host: ${chromium.missing}`);

test.skipIf('missing' in chromium)(
  'opens the built window in a browser, which has nothing to complain about',
  async () => {
    await buildWhatChanged(['renderer', 'bridge'], false);
    await using workspace = await Workspace.create();
    await using served = await Served.start(workspace);
    const browser = await startChromium();
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('pageerror', ({ message }) => complaints.push(message));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      await page.goto(served.address);
      await page.getByRole('heading').first().waitFor();
      expect(page.url()).not.toContain('enter');
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  },
);

test('is found by a second start, and leaves nothing behind when it is stopped', async () => {
  await using workspace = await Workspace.create();
  await using served = await Served.start(workspace);
  const second = await workspace.run(['serve', '--json']);
  expect(second.status).toBe(1);
  expect(second.last()).toMatchObject({ event: 'error', failure: { code: 'busy' } });
  expect(second.stdout).toContain(served.address);
  for (const name of ['running.json', 'app.sock']) {
    expect((await stat(join(workspace.data, name))).mode & 0o777).toBe(0o600);
  }
  expect(await served.stop()).toBe(130);
  expect(served.lines).toHaveLength(2);
  expect(JSON.parse(served.lines[1] ?? '')).toEqual({ event: 'summary' });
  for (const name of ['running.json', 'app.sock', 'owner.json']) {
    expect(existsSync(join(workspace.data, name))).toBe(false);
  }
});

test('names a port that is taken', async () => {
  await using workspace = await Workspace.create();
  await using other = await Workspace.create();
  await using served = await Served.start(other);
  const { port } = new URL(served.address);
  const refused = await workspace.run(['serve', '--port', port, '--json']);
  expect(refused.status).toBe(2);
  expect(refused.last()).toMatchObject({ failure: { code: 'busy' } });
});

test('"upload" hands files to the app that runs, and does it by itself where none runs', async () => {
  await using workspace = await Workspace.create();
  const outside = workspace.path('outside.jpg');
  await writeAtRest(outside, await jpeg(7));
  {
    await using served = await Served.start(workspace);
    const client = await served.connect();
    await setUp(client, workspace);
    const handed = await workspace.run(['upload', outside, '--json']);
    expect(handed.last()).toMatchObject({ event: 'summary', files: 1, backedUp: 1, failed: 0 });
    expect(handed.status).toBe(0);
    await served.stop();
  }
  const again = await workspace.run(['upload', outside, '--json']);
  expect(again.last()).toMatchObject({ files: 1, alreadyBackedUp: 1 });
  const late = workspace.path('late.jpg');
  await writeAtRest(late, await jpeg(8));
  const alone = await workspace.run(['upload', late, '--json']);
  expect(alone.last()).toMatchObject({ files: 1, backedUp: 1 });
  expect(await readFile(late)).toEqual(await jpeg(8));
});
