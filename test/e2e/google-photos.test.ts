import { afterEach, beforeEach, expect, test } from 'vitest';

import { hashesBelow, jpeg, Workspace } from '../support/cli/workspace.ts';
import { GooglePhotosDouble, photosScopes } from '../support/doubles/google-photos.ts';

let double: GooglePhotosDouble;
let environment: Record<string, string>;

beforeEach(async () => {
  double = await GooglePhotosDouble.start();
  const grant = { clientId: 'client-1', email: 'me@example.com', scopes: photosScopes };
  const address = `http://127.0.0.1:${String(double.port)}`;
  environment = {
    CLOUDROLL_GPHOTOS_REFRESH_TOKEN: double.accounts.grant(grant, 'client-secret'),
    CLOUDROLL_GOOGLE_CLIENT_ID: 'client-1',
    CLOUDROLL_GOOGLE_CLIENT_SECRET: 'client-secret',
    CLOUDROLL_ENDPOINT_GPHOTOS: address,
    CLOUDROLL_ENDPOINT_GOOGLE_SIGN_IN: address,
  };
});
afterEach(() => double.close());

const album = 'gphotos:///여름';
const to = ['--to', album];

test('photos are backed up in a folder and shown in Google Photos, and only the folder counts', async () => {
  await using workspace = await Workspace.create();
  for (let seed = 1; seed <= 4; seed += 1) {
    await workspace.write(`사진/${String(seed)}.jpg`, await jpeg(seed));
  }
  await workspace.write('again.jpg', await jpeg(1));

  const first = await workspace.sync(to, { environment });
  expect(first.stderr).toBe('');
  expect(first.last()).toMatchObject({
    ...{ photos: 4, uploaded: 4, alreadyBackedUp: 0, failed: 0 },
    destinations: { backup: { uploaded: 4 } },
    publishing: { 여름: { published: 4, alreadyPublished: 0, failed: 0, skipped: 0 } },
  });
  expect(JSON.stringify(first.last()['destinations'])).not.toContain('여름');
  expect(first.status).toBe(0);
  const here = [...new Set((await hashesBelow(workspace.photos)).values())].toSorted();
  expect(double.items.map(({ sha256 }) => sha256).toSorted()).toEqual(here);

  const requests = double.seen.length;
  const second = await workspace.sync(to, { environment });
  expect(second.last()).toMatchObject({
    ...{ uploaded: 0, alreadyBackedUp: 4 },
    publishing: { 여름: { published: 0, alreadyPublished: 4 } },
  });
  expect(double.seen).toHaveLength(requests);

  const listed = await workspace.run(['list', '--json'], { environment });
  expect(listed.stdout).not.toContain('여름');
  const status = await workspace.run(['status', '--json'], { environment });
  expect(status.last()).toMatchObject({ destinations: 1, verified: 4, open: 0 });
  expect(status.stdout).toContain('"event":"publisher"');
  const verified = await workspace.run(['verify', '--json'], { environment });
  expect(verified.status).toBe(0);
  expect(verified.stdout).not.toContain('여름');
});

test('what cannot be shown now is named, and is status 3 although everything is backed up', async () => {
  await using workspace = await Workspace.create();
  await workspace.write('a.jpg', await jpeg(1));
  double.accounts.revokeAll();
  const { status, last, stdout } = await workspace.sync(to, { environment });
  expect(last()).toMatchObject({
    ...{ uploaded: 1, failed: 0 },
    publishing: { 여름: { published: 0, failed: 1, error: { code: 'auth' } } },
  });
  expect(stdout).toContain('"event":"notPublished"');
  expect(status).toBe(3);
});

test('files that Google Photos does not take are named, and are no failure', async () => {
  await using workspace = await Workspace.create();
  await workspace.write('a.jpg', await jpeg(1));
  await workspace.write('b.psd', '8BPS and more');
  const { status, last, stdout } = await workspace.sync(to, { environment });
  expect(last()).toMatchObject({
    ...{ photos: 2, uploaded: 2, failed: 0 },
    publishing: { 여름: { published: 1, failed: 0, skipped: 1 } },
  });
  expect(stdout).toContain('Google Photos does not take files of this format');
  expect(status).toBe(0);
  const told = await workspace.run(['status', '--json'], { environment });
  expect(told.json()).toContainEqual(
    expect.objectContaining({
      ...{ event: 'publisher', name: '여름', alreadyPublished: 1, skipped: 1, ignored: 0 },
      reasons: [{ count: 1, failure: expect.objectContaining({ code: 'unsupported' }) as unknown }],
    }),
  );
  const words = await workspace.run(['status'], { environment });
  expect(words.stdout).toContain('Not shown because:');
  expect(words.stdout).toContain('1 × Google Photos does not take files of this format');
  expect(words.stdout).toContain('Everything');
});

test('alone it is no place to sync to, to verify or to restore from', async () => {
  await using workspace = await Workspace.create();
  await workspace.write('a.jpg', await jpeg(1));
  const alone = ['sync', workspace.photos, '--to', album];
  const synced = await workspace.run(alone, { environment });
  expect(synced.status).toBe(2);
  expect(synced.stderr).toContain('Google Photos only shows photos and is no backup.');
  for (const command of [
    ['verify', album],
    ['restore', '--from', album, '--into', workspace.path('restored')],
  ]) {
    const { status, stderr } = await workspace.run(command, { environment });
    expect(stderr).toContain('Google Photos only shows photos; it is no backup.');
    expect(status).toBe(2);
  }
  expect(double.seen).toEqual([]);
  expect((await workspace.run(['check', album], { environment })).status).toBe(0);
  expect(double.albums).toEqual([]);
});
