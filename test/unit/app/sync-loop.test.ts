import { promises as fs } from 'node:fs';
import path from 'node:path';

import { describe, expect, test } from 'vitest';

import type { SyncStatus } from '../../../shared/contract/app/status.ts';
import { TestApp } from '../../support/app-engine/test-app.ts';

test('what is excluded leaves the counts and stays backed up', async () => {
  const app = await TestApp.open();
  await app.put('a.jpg', 'one');
  await app.put('drafts/b.jpg', 'two');
  await app.put('c.gif', 'three');
  await app.setUp();
  const { folders } = await app.idle(3);
  const id = folders[0]?.id ?? '';
  await app.call('folders.update', { id, exclude: ['drafts/', '*.GIF'] });
  const status = await app.until((one) => one.activity === 'idle' && one.photos === 1);
  expect(status).toMatchObject({ safe: 1, waiting: 0, questions: [] });
  expect(status.folders).toMatchObject([{ photos: 1, exclude: ['drafts/', '*.GIF'] }]);
  expect(await app.stored()).toEqual(['one', 'three', 'two']);
  await app.call('folders.update', { id, exclude: [] });
  expect(await app.idle(3)).toMatchObject({ photos: 3, questions: [] });
  const { entries } = await app.call('activity.page', { cursor: null, limit: 100 });
  expect(entries.filter(({ kind }) => kind === 'backedUp')).toMatchObject([{ photos: 3 }]);
});

test('a pause holds everything, and resuming goes on', async () => {
  const app = await TestApp.open();
  await app.setUp();
  await app.until(({ activity }) => activity === 'idle');
  await app.call('sync.pause', { untilMs: null });
  await app.put('a.jpg', 'one');
  expect(await app.status()).toMatchObject({
    activity: 'paused',
    pause: { reason: 'person', untilMs: null },
  });
  await app.close();
  await app.open();
  expect((await app.status()).activity).toBe('paused');
  await app.call('sync.resume', {});
  await app.idle(1);
  await app.call('sync.pause', { untilMs: Date.now() + 300 });
  expect((await app.status()).activity).toBe('paused');
  await app.until(({ activity }) => activity === 'idle');
});

test('battery, a network that costs money and sleep are reasons of their own', async () => {
  const app = await TestApp.open();
  await app.setUp();
  await app.call('settings.update', { pauseOnBattery: true });
  const around = { onBattery: true, suspended: false, online: true };
  app.app.surroundings(around);
  expect((await app.status()).pause).toEqual({ reason: 'battery', untilMs: null });
  app.app.surroundings({ ...around, suspended: true });
  expect((await app.status()).pause?.reason).toBe('suspended');
  app.app.surroundings({ ...around, onBattery: false });
  expect((await app.status()).pause).toBeNull();
  await app.call('settings.update', { meteredNetwork: true });
  expect((await app.status()).pause?.reason).toBe('metered');
});

test('folders and destinations come and go while it runs', async () => {
  const app = await TestApp.open();
  await app.put('a.jpg', 'one');
  const first = await app.setUp();
  await app.idle(1);
  const more = path.join(app.base, 'More');
  await app.put('b.jpg', 'two', more);
  const folder = await app.call('folders.add', { path: more });
  await app.idle(2);
  const second = await app.addBackup(path.join(app.base, 'second'), 'Second one');
  expect(await app.idle(2)).toMatchObject({
    destinations: [{ verified: 2 }, { name: 'Second one', verified: 2 }],
  });
  expect(await app.stored(path.join(app.base, 'second'))).toEqual(['one', 'two']);
  await app.call('destinations.update', {
    id: second.id,
    name: 'Renamed',
    secrets: {},
    signIn: null,
  });
  await app.call('folders.remove', { id: folder.id });
  await app.idle(1);
  await app.call('destinations.remove', { id: first.id });
  expect(await app.idle(1)).toMatchObject({ destinations: [{ id: second.id, name: 'Renamed' }] });
  expect(await app.stored()).toEqual(['one', 'two']);
  await app.call('folders.add', { path: more });
  await app.idle(2);
});

test('folders inside one another, destinations and the data directory are refused', async () => {
  const app = await TestApp.open();
  await app.setUp();
  await app.until(({ activity }) => activity === 'idle');
  const inner = path.join(app.photos, 'inner');
  await fs.mkdir(inner);
  const invalid = { failure: { code: 'invalid' } };
  for (const one of [inner, app.base, app.backup, app.dataDirectory]) {
    await expect(app.call('folders.add', { path: one })).rejects.toMatchObject(invalid);
  }
  await expect(app.addBackup(inner)).rejects.toMatchObject(invalid);
  await expect(app.addBackup(app.dataDirectory)).rejects.toMatchObject(invalid);
  await expect(app.addBackup(path.join(app.backup, 'deeper'))).rejects.toMatchObject(invalid);
  await expect(app.addBackup()).rejects.toMatchObject({ failure: { code: 'conflict' } });
  const missing = app.call('folders.add', { path: path.join(app.base, 'nowhere') });
  await expect(missing).rejects.toMatchObject({ failure: { code: 'notFound' } });
});

test('one destination that fails keeps nothing from the other', async () => {
  const app = await TestApp.open();
  await app.put('a.jpg', 'one');
  await app.setUp();
  await app.addBackup(path.join(app.base, 'second'), 'second');
  await app.idle(1);
  await fs.rename(path.join(app.base, 'second'), path.join(app.base, 'away'));
  await app.put('b.jpg', 'two');
  const status = await app.until(
    ({ destinations: [good, bad] }) => good?.verified === 2 && bad?.failure != null,
  );
  expect(status).toMatchObject({ photos: 2, safe: 1, waiting: 1 });
  expect(status.destinations[1]).toMatchObject({ health: 'offline', verified: 1, waiting: 1 });
  expect(['offline', 'syncing']).toContain(status.activity);
  await fs.rename(path.join(app.base, 'away'), path.join(app.base, 'second'));
  await app.call('sync.now', {});
  await app.idle(2);
});

describe('questions', () => {
  test('many photos that vanish are asked about, until a person says that it was meant', async () => {
    const app = await TestApp.open();
    const names = Array.from({ length: 12 }, (_none, index) => `x/${String(index)}.jpg`);
    for (const name of names) await app.put(name, name);
    await app.setUp();
    await app.idle(12);
    await app.close();
    for (const name of names) await fs.rm(path.join(app.photos, name));
    await app.open();
    const asked = (status: SyncStatus): boolean => status.questions.length > 0;
    await app.until(asked);
    // Looking again does not answer the question by itself.
    await app.close();
    await app.open();
    // The question may come before the first count.
    const status = await app.until((one) => asked(one) && one.photos > 0);
    expect(status).toMatchObject({ activity: 'attention', photos: 12, safe: 12 });
    expect(status.questions).toMatchObject([{ kind: 'vanished', subject: app.photos }]);
    await app.call('sync.answer', { id: status.questions[0]?.id ?? '', accept: true });
    const after = await app.until(
      ({ questions, photos }) => questions.length === 0 && photos === 0,
    );
    expect(after.activity).not.toBe('attention');
    expect(await app.stored()).toHaveLength(12);
  });

  test('an emptied folder is asked about, and may be left as it is', async () => {
    const app = await TestApp.open();
    await app.put('a.jpg', 'one');
    await app.setUp();
    await app.idle(1);
    await app.close();
    await fs.rm(path.join(app.photos, 'a.jpg'));
    await app.open();
    const { questions } = await app.until((status) => status.questions.length > 0);
    expect(questions).toMatchObject([{ kind: 'emptiedFolder', subject: app.photos }]);
    await app.call('sync.answer', { id: questions[0]?.id ?? '', accept: false });
    await app.until((status) => status.questions.length === 0 && status.safe === 1);
    const again = app.call('sync.answer', { id: 'gone', accept: true });
    await expect(again).rejects.toMatchObject({ failure: { code: 'notFound' } });
  });

  test('an emptied destination is asked about, and starting anew uploads everything again', async () => {
    const app = await TestApp.open();
    await app.put('a.jpg', 'one');
    await app.setUp();
    await app.idle(1);
    await app.call('sync.pause', { untilMs: null });
    await fs.rm(app.backup, { recursive: true });
    await fs.mkdir(app.backup);
    await app.call('sync.resume', {});
    const asked = await app.until(({ questions }) => questions.length > 0);
    expect(asked.questions).toMatchObject([{ kind: 'emptiedDestination', subject: 'backup' }]);
    await app.call('sync.answer', { id: asked.questions[0]?.id ?? '', accept: true });
    await app.until(({ activity, questions }) => activity === 'idle' && questions.length === 0);
    expect(await app.stored()).toEqual(['one']);
  });
});

test('verifying finds what is gone and has it uploaded again; rebuilding uploads nothing', async () => {
  const app = await TestApp.open();
  await app.put('a.jpg', 'one');
  await app.put('b.jpg', 'two');
  const { id } = await app.setUp();
  await app.idle(2);
  const entries = await fs.readdir(app.backup, { recursive: true, withFileTypes: true });
  const victim = entries.find((entry) => entry.isFile() && entry.name.startsWith('a-'));
  await fs.rm(path.join(victim?.parentPath ?? '', victim?.name ?? ''));
  await app.call('destinations.verify', { id, readPercent: 100 });
  await app.until(({ destinations }) => destinations[0]?.verifying === null);
  await app.idle(2);
  expect(await app.stored()).toEqual(['one', 'two']);
  const { entries: lines } = await app.call('activity.page', { cursor: null, limit: 20 });
  expect(lines.find(({ kind }) => kind === 'verified')).toMatchObject({
    photos: 1,
    failure: { code: 'corrupt' },
  });
  await app.call('destinations.rebuild', { id });
  await app.until(({ safe }) => safe === 2);
  await app.idle(2);
  expect(await app.stored()).toEqual(['one', 'two']);
});
