import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import sharp from 'sharp';

import type {
  Destination,
  PhotoFacts,
  PutResult,
  ReopenableSource,
} from '../../electron/engine/destinations/contract.ts';
import {
  collect,
  lyingSource,
  sha256Of,
  someBytes,
  sourceOf,
} from '../../electron/engine/destinations/validation/sources.ts';
import { failureOf } from '../../shared/domain/failure.ts';
import { openDestination } from '../support/destinations/open-destination.ts';
import {
  immichPartner,
  immichSecrets,
  startImmich,
  type HeldAsset,
  type ImmichDouble,
} from '../support/doubles/immich.ts';

const signal = new AbortController().signal;
const mebibyte = 1024 * 1024;
const key = '2024/05/IMG_1-0123456789ab.jpg';

const mediaSource = (bytes: Uint8Array, mime = 'image/jpeg'): ReopenableSource => ({
  ...sourceOf(bytes),
  mime,
});

function facts(name: string, more: Partial<PhotoFacts> = {}): { photo: () => PhotoFacts } {
  const captured = {
    wall: '2024-05-17T12:00:00.120',
    offset: '+09:00',
    utcMs: Date.UTC(2024, 4, 17, 3, 0, 0, 120),
    source: 'exif',
    confidence: 'high',
  } as const;
  return { photo: () => ({ name, captured, livePhoto: null, ...more }) };
}

describe.each([2, 3] as const)('Immich %i', (version) => {
  let immich: ImmichDouble;
  let destination: Destination;

  const open = (secrets = immichSecrets): Promise<Destination> =>
    openDestination(`immich://127.0.0.1:${String(immich.port)}`, secrets);
  const put = (bytes: Uint8Array, options = facts('IMG_1.JPG'), name = key): Promise<PutResult> =>
    destination.put(name, mediaSource(bytes), options, signal);
  const failing = (bytes: Uint8Array, options = facts('IMG_1.JPG')) =>
    put(bytes, options).catch(failureOf);
  const assetIn = (result: PutResult): HeldAsset => {
    const asset = immich.assets.get(result.key.slice('assets/'.length, 'assets/'.length + 36));
    if (asset === undefined) throw new Error(`There is no ${result.key}.`);
    return asset;
  };
  const uploads = (): number => immich.seen.filter((line) => line === 'POST /assets').length;

  beforeEach(async () => {
    immich = await startImmich(version);
    destination = await open();
  });
  afterEach(async () => {
    await destination.close();
    await immich.close();
  });

  test.each([100_000, 9 * mebibyte])(
    'a photo of %i bytes appears in the library under its own name and time',
    async (count) => {
      const bytes = someBytes(count);
      let progress = 0;
      const options = {
        ...facts('휴가 "1"/…\n.JPG'),
        onProgress: (taken: number) => (progress = taken),
      };
      const result = await destination.put(key, mediaSource(bytes), options, signal);
      expect(result).toMatchObject({ bytes: count, evidence: null, existed: false });
      expect(result.key).toMatch(/^assets\/[0-9a-f-]{36}\.jpg$/u);
      expect(progress).toBe(count);
      expect(assetIn(result)).toMatchObject({
        name: '휴가 "1"/…\n.JPG',
        visibility: 'timeline',
        fileCreatedAt: '2024-05-17T03:00:00.120Z',
        fileModifiedAt: '2023-11-14T22:13:20.000Z',
      });
      const info = await destination.stat(result.key, signal);
      expect(info).toMatchObject({ key: result.key, bytes: count, tag: result.tag });
      const part = { start: 10, end: count - 10 };
      const back = await collect(destination.open(result.key, part, signal));
      expect(sha256Of(back)).toBe(sha256Of(bytes.subarray(10, count - 10)));
      expect(await destination.stat(key, signal)).toBeNull();
    },
  );

  test('a photo that is there already, by whatever way, is not sent and never removed', async () => {
    const bytes = someBytes(1000);
    const phone = immich.add({ name: 'from the phone.heic', bytes: Buffer.from(bytes) });
    const result = await put(bytes);
    expect(result).toMatchObject({ key: `assets/${phone.id}.heic`, existed: true });
    expect(uploads()).toBe(0);
    const removed = await destination.remove(result.key, signal).catch(failureOf);
    expect(removed).toMatchObject({ code: 'unsupported' });
    expect(immich.assets.size).toBe(1);
  });

  test('only what this very instance brought there can be taken back', async () => {
    const result = await put(someBytes(500));
    const other = await open();
    expect(await other.remove(result.key, signal).catch(failureOf)).toMatchObject({
      code: 'unsupported',
    });
    await other.close();
    await destination.remove(result.key, signal);
    expect(await destination.stat(result.key, signal)).toBeNull();
    await destination.remove(result.key, signal);
    await destination.remove(`assets/${immichPartner}.jpg`, signal);
  });

  test('what lies in the trash, in the locked folder, or without its file is no backup, and says so', async () => {
    const bytes = someBytes(700);
    const asset = immich.add({ name: 'a.jpg', bytes: Buffer.from(bytes), trashed: true });
    const path = `assets/${asset.id}.jpg`;
    expect(await destination.stat(path, signal)).toBeNull();
    const trashed = await failing(bytes);
    expect(trashed).toMatchObject({ code: 'unsupported' });
    expect(JSON.stringify(trashed)).toContain('trash');
    asset.trashed = false;
    asset.visibility = 'locked';
    expect(JSON.stringify(await failing(bytes))).toContain('locked folder');
    asset.visibility = 'timeline';
    asset.offline = true;
    expect(await destination.stat(path, signal)).toBeNull();
    expect(JSON.stringify(await failing(bytes))).toContain('missing');
    asset.trashed = true;
    immich.emptyTrash();
    expect(await put(bytes)).toMatchObject({ existed: false });
  });

  test('a partner’s photo and one of an external library are not the person’s own', async () => {
    const bytes = someBytes(800);
    const theirs = { bytes: Buffer.from(bytes), owner: immichPartner };
    immich.add({ ...theirs, name: 'theirs.jpg' });
    immich.add({ name: 'external.jpg', bytes: Buffer.from(bytes), library: immichPartner });
    immich.add({ ...theirs, name: 'journal~2F1.cloudroll.png', visibility: 'hidden' });
    const result = await put(bytes);
    expect(result.existed).toBe(false);
    const listed: string[] = [];
    for await (const info of destination.list('', signal)) listed.push(info.key);
    expect(listed).toEqual([result.key]);
  });

  test('a type that Immich does not take is said for that photo, and nothing is sent', async () => {
    const source = mediaSource(someBytes(10), 'image/vnd.adobe.photoshop');
    const failure = await destination.put(key, source, facts('a.psb'), signal).catch(failureOf);
    expect(failure).toMatchObject({
      code: 'unsupported',
      message: 'Immich does not take files of the type .psb.',
    });
    expect(uploads()).toBe(0);
    const nameless = await put(someBytes(11), facts('IMG without an extension'));
    expect(assetIn(nameless).name).toBe('IMG without an extension.jpg');
  });

  test('a source that lies leaves nothing in the library', async () => {
    for (const count of [1000, 9 * mebibyte]) {
      const promised = someBytes(count);
      const other = promised.map((byte, index) => (index === count - 1 ? byte ^ 1 : byte));
      const lying = { ...lyingSource(promised, other), mime: 'image/jpeg' };
      const failure = await destination.put(key, lying, facts('a.jpg'), signal).catch(failureOf);
      expect(failure).toMatchObject({ code: 'changed' });
    }
    expect(immich.assets.size).toBe(0);
  });

  describe('Live Photos', () => {
    const half = (
      name: string,
      which: 'still' | 'motion',
      otherKeys: readonly string[] = [],
    ): { photo: () => PhotoFacts } =>
      facts(name, { livePhoto: { identifier: 'A1', half: which, otherKeys } });
    const putStill = (otherKeys: readonly string[] = []): Promise<PutResult> =>
      put(someBytes(300, 1), half('IMG.HEIC', 'still', otherKeys));
    const putMotion = (otherKeys: readonly string[] = []): Promise<PutResult> =>
      destination.put(
        '2024/05/IMG-0123456789ab.mov',
        mediaSource(someBytes(400, 2), 'video/quicktime'),
        half('IMG.MOV', 'motion', otherKeys),
        signal,
      );
    const expectJoined = (still: PutResult, motion: PutResult): void => {
      expect(assetIn(still).livePhotoVideoId).toBe(assetIn(motion).id);
      expect(assetIn(motion).visibility).toBe('hidden');
    };

    test('the video first, the still knows it from the start', async () => {
      const motion = await putMotion();
      const still = await putStill();
      expectJoined(still, motion);
      expect(immich.seen.some((line) => line.startsWith('PUT '))).toBe(false);
    });

    test('the still first, they are joined when the video comes', async () => {
      const still = await putStill();
      expectJoined(still, await putMotion());
    });

    test('halves of two runs are joined by what the journals tell', async () => {
      const motion = await putMotion();
      await destination.close();
      destination = await open();
      expectJoined(await putStill([motion.key]), motion);
    });

    test('halves that are both there already are joined as well', async () => {
      const [still, motion] = [await putStill(), await putMotion()];
      assetIn(still).livePhotoVideoId = null;
      await destination.close();
      destination = await open();
      await putStill();
      await putMotion();
      expectJoined(still, motion);
      expect(uploads()).toBe(2);
    });

    test('a key that may not join them still backs both up', async () => {
      const still = await putStill();
      immich.permissions = ['asset.read', 'asset.upload', 'asset.download', 'user.read'];
      const motion = await putMotion();
      expect(assetIn(still).livePhotoVideoId).toBeNull();
      expect(await destination.stat(motion.key, signal)).not.toBeNull();
    });
  });

  test('what is no photo is a hidden image that holds it and that nobody takes for a photo', async () => {
    const bytes = someBytes(5000);
    await destination.put('.cloudroll/a_b~c 100%.jsonl', mediaSource(bytes), {}, signal);
    await destination.put('2024/05/a-0123456789ab.xmp', sourceOf(someBytes(9)), {}, signal);
    const [held] = immich.assets.values();
    expect(held).toMatchObject({ visibility: 'hidden' });
    expect(held?.name).toBe('.cloudroll~2Fa~5Fb~7Ec~20100~25.jsonl.cloudroll.png');
    expect(await sharp(held?.bytes).metadata()).toMatchObject({
      format: 'png',
      width: 1,
      height: 1,
    });
    const listed: string[] = [];
    for await (const info of destination.list('', signal)) listed.push(info.key);
    expect(listed.toSorted()).toEqual([
      '.cloudroll/a_b~c 100%.jsonl',
      '2024/05/a-0123456789ab.xmp',
    ]);
  });

  test('two that create one name at the same time leave one object', async () => {
    const name = '.cloudroll/destination.json';
    const results = await Promise.all(
      [1, 2, 3, 4].map((seed) =>
        destination.put(name, sourceOf(someBytes(50, seed)), {}, signal).then(
          () => seed,
          (error: unknown) => failureOf(error).code,
        ),
      ),
    );
    const won = results.filter((result) => typeof result === 'number');
    expect(won).toHaveLength(1);
    expect(results.filter((result) => result === 'conflict')).toHaveLength(3);
    const back = await collect(destination.open(name, null, signal));
    expect(sha256Of(back)).toBe(sha256Of(someBytes(50, Number(won[0]))));
  });

  test('a library of several pages is listed whole', async () => {
    for (let index = 0; index < 2100; index += 1) {
      immich.add({ name: `${String(index)}.jpg`, bytes: Buffer.from(String(index)) });
    }
    const listed = new Set<string>();
    for await (const info of destination.list('assets/', signal)) listed.add(info.key);
    expect(listed.size).toBe(2100);
    expect(immich.seen.filter((line) => line.startsWith('POST /search')).length).toBeGreaterThan(3);
  });

  describe('signing in', () => {
    const checked = async (secrets: Readonly<Record<string, string>>) => {
      const fresh = await openDestination(`immich://127.0.0.1:${String(immich.port)}`, secrets);
      try {
        return await fresh.check(signal).then(() => null, failureOf);
      } finally {
        await fresh.close();
      }
    };

    test('a missing key, a wrong one and one that allows too little are told apart', async () => {
      expect(await checked(immichSecrets)).toBeNull();
      expect(await checked({})).toMatchObject({ code: 'auth' });
      expect(await checked({ CLOUDROLL_IMMICH_API_KEY: 'two\nlines' })).toMatchObject({
        code: 'auth',
      });
      const wrong = await checked({ CLOUDROLL_IMMICH_API_KEY: 'wrong' });
      expect(wrong).toMatchObject({
        code: 'auth',
        message: 'Immich does not accept the API key.',
      });
      immich.permissions = ['asset.read', 'asset.upload', 'user.read', 'asset.update'];
      const poor = await checked(immichSecrets);
      expect(poor).toMatchObject({
        code: 'auth',
        message: 'The API key of Immich does not allow asset.download, asset.delete.',
      });
      expect(poor?.hint).toContain('API keys');
    });

    test('a key that only reads is enough to restore', async () => {
      const result = await put(someBytes(300));
      immich.permissions = ['asset.read', 'asset.download', 'user.read'];
      const url = `immich://127.0.0.1:${String(immich.port)}`;
      const reader = await openDestination(url, immichSecrets, { purpose: 'read' });
      await reader.check(signal);
      const back = await collect(reader.open(result.key, null, signal));
      expect(sha256Of(back)).toBe(sha256Of(someBytes(300)));
      await reader.close();
    });

    test('a permission that is taken away later is named', async () => {
      await destination.check(signal);
      immich.permissions = ['asset.read', 'asset.download', 'user.read'];
      expect(await failing(someBytes(300))).toMatchObject({
        code: 'auth',
        message: 'The API key of Immich does not allow asset.upload.',
      });
    });
  });

  test('tells of the quota, and stops where it is used up', async () => {
    await put(someBytes(400));
    expect(await destination.quota?.(signal)).toEqual({ usedBytes: 400, totalBytes: null });
    immich.quota = 1000;
    expect(await destination.quota?.(signal)).toEqual({ usedBytes: 400, totalBytes: 1000 });
    expect(await failing(someBytes(700, 5))).toMatchObject({ code: 'quota' });
    expect(immich.assets.size).toBe(1);
  });
});
