import { expect, test } from 'vitest';

import type { SyncStatus } from '../../../shared/contract/app/status.ts';
import { GooglePhotosDouble, photosScopes } from '../../support/doubles/google-photos.ts';
import { TestApp } from '../../support/app-engine/test-app.ts';

test('photos are shown behind their backup, and never count because of it', async () => {
  await using double = Object.assign(await GooglePhotosDouble.start(), {
    [Symbol.asyncDispose]: () => double.close(),
  });
  const address = `http://127.0.0.1:${String(double.port)}`;
  const grant = { clientId: 'client-1', email: 'me@example.com', scopes: photosScopes };
  const app = await TestApp.open({
    environment: {
      CLOUDROLL_GPHOTOS_REFRESH_TOKEN: double.accounts.grant(grant, 'client-secret'),
      CLOUDROLL_GOOGLE_CLIENT_ID: 'client-1',
      CLOUDROLL_GOOGLE_CLIENT_SECRET: 'client-secret',
      CLOUDROLL_ENDPOINT_GPHOTOS: address,
      CLOUDROLL_ENDPOINT_GOOGLE_SIGN_IN: address,
    },
  });
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
