import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { Destination } from '../../electron/engine/destinations/contract.ts';
import {
  hangingSource,
  sha256Of,
  someBytes,
  sourceOf,
  TokenStore,
  collect,
} from '../../electron/engine/destinations/validation/sources.ts';
import { failureOf } from '../../shared/domain/failure.ts';
import { startNextcloud, type NextcloudDouble } from '../support/doubles/nextcloud.ts';
import { FakeClock } from '../support/destinations/fake-clock.ts';
import { decorated, openDestination } from '../support/destinations/open-destination.ts';
import { davPassword, davSecrets, davUser } from '../support/services/webdav.ts';
import { destinationContract } from './destination-contract.ts';

const mebibyte = 1024 * 1024;
const signal = new AbortController().signal;

const urlOf = (cloud: NextcloudDouble): string =>
  `webdav://127.0.0.1:${String(cloud.port)}/remote.php/dav/files/${davUser}/사진`;

for (const [title, wrap] of [
  ['Nextcloud (double)', (destination: Destination) => destination],
  ['Nextcloud (double), decorated', decorated],
] as const) {
  destinationContract(title, async () => {
    const cloud = await startNextcloud(davUser, davPassword);
    return {
      manyObjects: 50,
      open: async () => wrap(await openDestination(urlOf(cloud), davSecrets)),
      finish: cloud.close,
    };
  });
}

describe('Nextcloud uploads in chunks', () => {
  let cloud: NextcloudDouble;
  let destination: Destination;
  const bytes = someBytes(25 * mebibyte + 3);

  beforeAll(async () => {
    cloud = await startNextcloud(davUser, davPassword);
  });
  afterAll(() => cloud.close());
  beforeEach(async () => {
    cloud.moods.mergesSlowly = false;
    cloud.moods.left = Infinity;
    destination = await openDestination(urlOf(cloud), davSecrets, { clock: new FakeClock() });
    await destination.check(signal);
    cloud.seen.length = 0;
  });

  /** Puts the first two of four chunks. */
  async function breakOff(key: string, resume: TokenStore): Promise<void> {
    const controller = new AbortController();
    const source = hangingSource(bytes, 24 * mebibyte, () => {
      controller.abort();
    });
    const put = destination.put(key, source, { resume }, controller.signal);
    await expect(put).rejects.toMatchObject({ failure: { code: 'cancelled' } });
  }

  const chunksSent = (): string[] =>
    cloud.seen.flatMap((line) => /^PUT .*\/uploads\/.*\/(\d+)$/u.exec(line)?.[1] ?? []);

  async function storedHash(key: string): Promise<string> {
    return sha256Of(await collect(destination.open(key, null, signal)));
  }

  test.each([
    ['a limit', 5_000_000_000, 5_000_000_000],
    ['no limit', Infinity, null],
    ['a limit that it does not know', -2, null],
    ['nothing left', 0, 0],
  ])('tells of %s', async (_, left, free) => {
    await destination.put(`of-${String(left)}.bin`, sourceOf(someBytes(1000)), {}, signal);
    cloud.moods.left = left;
    const quota = await destination.quota?.(signal);
    expect(quota?.usedBytes).toBeGreaterThanOrEqual(1000);
    expect(quota?.totalBytes).toBe(free === null ? null : (quota?.usedBytes ?? 0) + free);
  });

  test('a restart sends only the chunks that are missing', async () => {
    const resume = new TokenStore();
    await breakOff('resumed.jpg', resume);
    expect(chunksSent()).toEqual(['00001', '00002']);
    cloud.seen.length = 0;
    const restarted = await openDestination(urlOf(cloud), davSecrets);
    await restarted.put('resumed.jpg', sourceOf(bytes), { resume }, signal);
    await restarted.close();
    expect(chunksSent()).toEqual(['00003', '00004']);
    expect(await storedHash('resumed.jpg')).toBe(sha256Of(bytes));
    expect(resume.token).toBeUndefined();
    expect(cloud.uploads()).toEqual([]);
  });

  test('an upload that the server forgot begins again', async () => {
    const resume = new TokenStore();
    await breakOff('forgotten.jpg', resume);
    cloud.expireUploads();
    await destination.put('forgotten.jpg', sourceOf(bytes), { resume }, signal);
    expect(await storedHash('forgotten.jpg')).toBe(sha256Of(bytes));
  });

  test('chunks of another content are dropped, not mixed in', async () => {
    const resume = new TokenStore();
    await breakOff('changed.jpg', resume);
    const other = someBytes(bytes.length, 9);
    await destination.put('changed.jpg', sourceOf(other), { resume }, signal);
    await destination.close();
    expect(await storedHash('changed.jpg')).toBe(sha256Of(other));
    expect(cloud.uploads()).toEqual([]);
  });

  test('a server that is still putting the chunks together is waited for', async () => {
    cloud.moods.mergesSlowly = true;
    await destination.put('slow.jpg', sourceOf(bytes), {}, signal);
    expect(await storedHash('slow.jpg')).toBe(sha256Of(bytes));
  });

  test('a full storage is quota, keeps the way to go on, and shows nothing', async () => {
    cloud.moods.left = 10;
    const resume = new TokenStore();
    const put = destination.put('full.jpg', sourceOf(bytes), { resume }, signal);
    const failure = await put.then(() => null, failureOf);
    expect(failure).toMatchObject({ code: 'quota' });
    expect(await destination.stat('full.jpg', signal)).toBeNull();
    cloud.moods.left = Infinity;
    await destination.put('full.jpg', sourceOf(bytes), { resume }, signal);
    expect(await storedHash('full.jpg')).toBe(sha256Of(bytes));
  });
});
