import { promises as fs } from 'node:fs';
import path from 'node:path';

import { expect, test } from 'vitest';

import { failureOf } from '../../../shared/domain/failure.ts';
import { openApp } from '../../../electron/engine/app/open-app.ts';
import { TestApp } from '../../support/app-engine/test-app.ts';

test('a newcomer: a folder, a destination, and the photos are safe', async () => {
  const app = await TestApp.open();
  await app.put('a.jpg', 'one');
  await app.put('2020/b.jpg', 'two');
  await app.put('2020/copy of b.jpg', 'two');
  expect((await app.status()).activity).toBe('setup');
  const finished = app.event('finished');
  const destination = await app.setUp();
  const status = await app.idle(2);
  expect(status).toMatchObject({
    photos: 2,
    safe: 2,
    waiting: 0,
    failed: 0,
    unread: 0,
    scanned: true,
  });
  expect(status.folders).toMatchObject([{ path: app.photos, state: 'watched', photos: 3 }]);
  expect(status.destinations).toMatchObject([
    { id: destination.id, name: 'backup', health: 'ok', verified: 2, waiting: 0, failed: 0 },
  ]);
  expect(await finished).toEqual({ photos: 2 });
  expect(await app.stored()).toEqual(['one', 'two']);
  const { entries } = await app.call('activity.page', { cursor: null, limit: 10 });
  expect(entries[0]).toMatchObject({ kind: 'backedUp', photos: 2, destination: destination.id });

  await app.put('c.jpg', 'three');
  await app.idle(3);
  expect(await app.stored()).toEqual(['one', 'three', 'two']);
  for (const one of app.events('status')) {
    expect(one.safe + one.waiting + one.failed).toBe(one.photos);
    for (const at of one.destinations) {
      expect(at.verified + at.waiting + at.failed).toBe(one.photos);
    }
  }
});

test('a restart remembers everything and uploads nothing again', async () => {
  const app = await TestApp.open();
  await app.put('a.jpg', 'one');
  await app.setUp();
  await app.idle(1);
  await app.call('settings.update', { theme: 'dark', uploadLimit: 5_000_000 });
  await app.close();
  await app.open();
  expect((await app.call('app.snapshot', {})).settings).toMatchObject({
    theme: 'dark',
    uploadLimit: 5_000_000,
    language: 'system',
  });
  const status = await app.idle(1);
  expect(status.lastCompleteMs).not.toBeNull();
  expect(app.events('finished')).toHaveLength(1);
});

test('settings that cannot be read are set aside and told of', async () => {
  const app = await TestApp.make();
  await fs.mkdir(app.dataDirectory, { recursive: true });
  await fs.writeFile(path.join(app.dataDirectory, 'settings.json'), '{"settings": {"theme"');
  await app.open();
  const { notices } = await app.status();
  expect(notices).toMatchObject([{ failure: { code: 'corrupt' } }]);
  const names = await fs.readdir(app.dataDirectory);
  expect(names.some((name) => name.startsWith('settings-damaged-'))).toBe(true);
});

test('a setting that is none any more costs no folder', async () => {
  const app = await TestApp.open();
  await app.setUp();
  await app.close();
  const file = path.join(app.dataDirectory, 'settings.json');
  const stored = JSON.parse(await fs.readFile(file, 'utf8')) as { settings: object };
  const settings = { ...stored.settings, theme: 'purple', gone: 1, language: 'ko' };
  await fs.writeFile(file, JSON.stringify({ ...stored, settings }));
  await app.open();
  const snapshot = await app.call('app.snapshot', {});
  expect(snapshot.settings).toMatchObject({ theme: 'system', language: 'ko' });
  expect(snapshot.status.folders).toHaveLength(1);
  expect(snapshot.status.notices).toEqual([]);
});

test('a second process on the same data directory is told so', async () => {
  const app = await TestApp.open();
  const again = openApp(
    {
      dataDirectory: app.dataDirectory,
      deviceName: 'other',
      platform: process.platform,
      environment: {},
      home: app.base,
      uploadsFolder: path.join(app.base, 'uploads'),
      version: '1.2.3',
    },
    new AbortController().signal,
  );
  await expect(
    again.catch((error: unknown) => Promise.reject(new Error(failureOf(error).code))),
  ).rejects.toThrow('busy');
});
