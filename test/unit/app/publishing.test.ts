import { expect, test } from 'vitest';

import type { SyncStatus } from '../../../shared/contract/app/status.ts';
import { GooglePhotosDouble, photosScopes } from '../../support/doubles/google-photos.ts';
import { TestApp } from '../../support/app-engine/test-app.ts';

function startDouble(): Promise<GooglePhotosDouble & AsyncDisposable> {
  return GooglePhotosDouble.start().then((double) =>
    Object.assign(double, { [Symbol.asyncDispose]: () => double.close() }),
  );
}

function environmentAt(double: GooglePhotosDouble): Record<string, string> {
  const address = `http://127.0.0.1:${String(double.port)}`;
  const grant = { clientId: 'client-1', email: 'me@example.com', scopes: photosScopes };
  return {
    CLOUDROLL_GPHOTOS_REFRESH_TOKEN: double.accounts.grant(grant, 'client-secret'),
    CLOUDROLL_GOOGLE_CLIENT_ID: 'client-1',
    CLOUDROLL_GOOGLE_CLIENT_SECRET: 'client-secret',
    CLOUDROLL_ENDPOINT_GPHOTOS: address,
    CLOUDROLL_ENDPOINT_GOOGLE_SIGN_IN: address,
  };
}

test('photos are shown behind their backup, and never count because of it', async () => {
  await using double = await startDouble();
  const app = await TestApp.open({ environment: environmentAt(double) });
  await app.put('a.jpg', 'a photo');
  await app.call('folders.add', { path: app.photos });
  const draft = { card: 'gphotos', name: 'Shown', values: { album: '여름' }, secrets: {} };
  const shown = await app.call('destinations.add', { draft });
  expect(shown).toMatchObject({ role: 'publish', health: 'unknown', verified: 0 });
  expect(shown.failure?.message).toContain('backed up nowhere');
  const alone = await app.call('app.snapshot', {});
  expect(alone.status).toMatchObject({ activity: 'setup', safe: 0 });
  expect(double.seen).toEqual([]);
  expect(await app.call('destinations.check', { id: shown.id })).toEqual([
    { step: 'reach', state: 'passed', failure: null },
  ]);
  await expect(app.call('destinations.verify', { id: shown.id, readPercent: 0 })).rejects.toThrow(
    'it is no backup',
  );
  await expect(app.call('destinations.rebuild', { id: shown.id })).rejects.toThrow(
    'it is no backup',
  );

  await app.addBackup();
  const there = (status: SyncStatus) => status.destinations.find(({ id }) => id === shown.id);
  const status = await app.until((one) => one.activity === 'idle' && there(one)?.published === 1);
  expect(status).toMatchObject({ photos: 1, safe: 1 });
  expect(there(status)).toMatchObject({
    ...{ role: 'publish', published: 1, waiting: 0, failed: 0, verified: 0 },
    ...{ health: 'ok', failure: null },
  });
  expect(double.items).toHaveLength(1);
});

test('what is not taken there is a problem of its own: listed, ignored for good, tried again when asked', async () => {
  await using double = await startDouble();
  double.behave({ cannotShow: (name) => name.startsWith('b') });
  const app = await TestApp.open({ environment: environmentAt(double) });
  await app.put('a.jpg', 'a photo');
  await app.put('b.jpg', 'a damaged photo');
  await app.put('c.psd', '8BPS and more');
  await app.call('folders.add', { path: app.photos });
  await app.addBackup();
  const draft = { card: 'gphotos', name: 'Shown', values: { album: '여름' }, secrets: {} };
  const { id } = await app.call('destinations.add', { draft });
  const settled = (published: number, skipped: number) =>
    app.until(({ activity, destinations }) => {
      const there = destinations.find((one) => one.id === id);
      return activity === 'idle' && there?.published === published && there.skipped === skipped;
    });
  // Everything is backed up: nothing of this is a failure, and nothing needs attention.
  expect(await settled(1, 2)).toMatchObject({ photos: 3, safe: 3, failed: 0 });

  const all = { cursor: null, limit: 1, destination: null, ignored: false };
  const listed = await app.call('problems.page', all);
  expect(listed).toMatchObject({ total: 2, problems: [{ destination: id }] });
  const rest = await app.call('problems.page', { ...all, cursor: listed.cursor });
  const problems = [...listed.problems, ...rest.problems];
  const named = (name: string) => problems.find(({ path }) => path.endsWith(name));
  expect(named('b.jpg')?.failure.code).toBe('unsupported');
  expect(named('c.psd')?.failure.message).toContain('does not take files of this format');
  expect(named('c.psd')?.asset).not.toBeNull();

  await app.call('problems.ignore', { ids: [named('c.psd')?.id ?? ''], ignored: true });
  expect((await app.call('problems.page', all)).total).toBe(1);
  double.behave({ cannotShow: () => false });
  await app.call('problems.retry', { ids: null });
  await settled(2, 1);
  const ignored = await app.call('problems.page', { ...all, ignored: true });
  expect(ignored).toMatchObject({ total: 1, problems: [{ id: named('c.psd')?.id }] });
  expect((await app.call('problems.page', all)).total).toBe(0);

  await app.call('problems.ignore', { ids: [named('c.psd')?.id ?? ''], ignored: false });
  await app.call('problems.retry', { ids: [named('c.psd')?.id ?? ''] });
  // It was handed over again, and is refused again.
  await expect.poll(async () => (await app.call('problems.page', all)).total).toBe(1);
  await settled(2, 1);
});
