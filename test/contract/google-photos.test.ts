import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { nextDayOfQuota } from '../../electron/engine/destinations/gphotos/quota-day.ts';
import { builtInDestinations } from '../../electron/engine/destinations/registry.ts';
import { parseDestinationUrl } from '../../shared/domain/destination-url.ts';
import { temporaryDirectory } from '../support/catalog/temporary-directory.ts';
import { GooglePhotosDouble, photosScopes } from '../support/doubles/google-photos.ts';
import { granularity } from '../support/doubles/google/photos-uploads.ts';
import {
  PublishingDevice,
  signedIn,
  type PhotosAccess,
} from '../support/publish/publishing-device.ts';

const mebibyte = 1024 * 1024;

let double: GooglePhotosDouble;
let access: PhotosAccess;
let device: PublishingDevice;

beforeEach(async () => {
  double = await GooglePhotosDouble.start();
  access = signedIn(double);
  device = new PublishingDevice(await temporaryDirectory());
});
afterEach(() => double.close());

/** SHA-256 of everything in the library, sorted: a twin stands twice. */
function library(): string[] {
  return double.items.map(({ sha256 }) => sha256).toSorted();
}

/** Large enough to be uploaded in a session. */
const film = 'x'.repeat(17 * mebibyte);

async function addThree(): Promise<string[]> {
  const hashes = [
    await device.addPhoto('바다.jpg', 'sea'),
    await device.addPhoto('산.jpg', 'mountain'),
    await device.addPhoto('film.mov', film, 'video/quicktime'),
  ];
  return hashes.toSorted();
}

describe('an album in Google Photos', () => {
  test('is made by the app, gets every photo once, and costs nothing when there is nothing to do', async () => {
    const hashes = await addThree();
    const first = await device.publish(double, access);
    expect(first.stopped).toBeNull();
    expect(first.totals).toMatchObject({
      published: 3,
      alreadyPublished: 0,
      failed: 0,
      skipped: 0,
    });
    expect(first.told.toSorted()).toEqual(['film.mov', '바다.jpg', '산.jpg'].toSorted());
    expect(library()).toEqual(hashes);
    expect(double.albums.map(({ title }) => title)).toEqual(['여름']);
    expect(new Set(double.items.map(({ album }) => album)).size).toBe(1);
    expect(double.items.map(({ filename }) => filename)).toContain(
      `바다-${hashes.find((hash) => double.items.some((item) => item.filename.startsWith('바다') && item.sha256 === hash))?.slice(0, 12) ?? ''}.jpg`,
    );

    const requests = double.seen.length;
    const second = await device.publish(double, access);
    expect(second.totals).toMatchObject({ published: 0, alreadyPublished: 3 });
    expect(double.seen).toHaveLength(requests);
  });

  test('of more than fifty photos is filled in calls of at most fifty, one after the other', async () => {
    for (let number = 0; number < 120; number += 1) {
      await device.addPhoto(`${String(number)}.jpg`, `photo ${String(number)}`);
    }
    const { totals, stopped } = await device.publish(double, access);
    expect(stopped).toBeNull();
    expect(totals.published).toBe(120);
    const calls = double.seen.filter((one) => one.path === '/v1/mediaItems:batchCreate');
    expect(calls).toHaveLength(3);
    // One request for each small photo: the quota of a day is what runs out first.
    expect(double.seen.filter((one) => one.path === '/v1/uploads')).toHaveLength(120);
  });

  test('is found again by a new computer, which shows nothing twice', async () => {
    const hashes = await addThree();
    await device.publish(double, access);
    const other = new PublishingDevice(await temporaryDirectory());
    await other.addPhoto('again.jpg', 'sea');
    await other.addPhoto('new.jpg', 'forest');
    const { totals } = await other.publish(double, access);
    expect(totals).toMatchObject({ published: 1, alreadyPublished: 1 });
    expect(double.albums).toHaveLength(1);
    expect(library()).toHaveLength(hashes.length + 1);

    // The first one looks through the album again before it adds to it, since another has added to it.
    await device.addPhoto('late.jpg', 'forest');
    expect((await device.publish(double, access)).totals.alreadyPublished).toBe(4);
    expect(library()).toHaveLength(hashes.length + 1);
  });

  test('that the person deleted is made anew for what comes, and nothing comes back by itself', async () => {
    await device.addPhoto('a.jpg', 'a');
    await device.publish(double, access);
    double.albums.length = 0;
    double.items.length = 0;
    await device.addPhoto('b.jpg', 'b');
    expect((await device.publish(double, access)).totals.published).toBe(1);
    expect(double.items.map(({ filename }) => filename)).toEqual([
      expect.stringMatching(/^b-[0-9a-f]{12}\.jpg$/u),
    ]);
  });

  test('takes what Google takes: the rest is skipped, with its reason, and stays so', async () => {
    await device.addPhoto('a.jpg', 'a');
    await device.addPhoto('b.psd', 'b', 'image/vnd.adobe.photoshop');
    await device.addPhoto('c.webm', 'c', 'video/webm');
    await device.addPhoto('d.cr2', 'd', 'image/x-canon-cr2');
    double.behave({ cannotShow: (name) => name.endsWith('.cr2') });
    const { totals, stopped } = await device.publish(double, access);
    expect(stopped).toBeNull();
    expect(totals).toMatchObject({ published: 1, skipped: 3, failed: 0, waiting: 0 });
    const [row] = device.test.catalog.publications.publishers();
    const reasons = [
      ...device.test.catalog.publications.unpublished(row?.id ?? 0, device.test.scope),
    ].map(({ path: file, failure }) => `${path.basename(file)} ${failure ?? ''}`);
    expect(reasons).toEqual([
      expect.stringContaining('does not take files of this format (image/vnd.adobe.photoshop)'),
      expect.stringContaining('does not take files of this format (video/webm)'),
      expect.stringContaining('cannot show this file'),
    ]);
    const requests = double.seen.length;
    await device.publish(double, access);
    expect(double.seen).toHaveLength(requests);
  });

  test('takes photos of up to 200 MB and videos of up to 20 GB', async () => {
    const publisher = await device.publisher(double, access);
    const asset = { hash: '0'.repeat(64), name: 'a', mime: 'image/jpeg', kind: 'photo' } as const;
    const video = { ...asset, mime: 'video/mp4', kind: 'video' } as const;
    expect(publisher.refusal({ ...asset, bytes: 200 * mebibyte })).toBeNull();
    expect(publisher.refusal({ ...asset, bytes: 200 * mebibyte + 1 })?.message).toContain('200 MB');
    expect(publisher.refusal({ ...video, bytes: 20 * 1024 * mebibyte })).toBeNull();
    expect(publisher.refusal({ ...video, bytes: 20 * 1024 * mebibyte + 1 })?.message).toContain(
      '20 GB',
    );
    await publisher.close();
  });

  test('where the same bytes are there already, does not count them as another photo', async () => {
    double.behave({ deduplicates: true });
    await device.addPhoto('a.jpg', 'a');
    await device.publish(double, access);
    const other = new PublishingDevice(await temporaryDirectory(), 'gphotos:///Other');
    await other.addPhoto('z.jpg', 'a');
    expect((await other.publish(double, access)).totals.published).toBe(1);
    expect(library()).toHaveLength(1);
  });
});

describe('a fault before Google Photos', () => {
  /** How many requests the work takes when nothing goes wrong. */
  async function requestsOfThree(): Promise<number> {
    const clean = await GooglePhotosDouble.start();
    const folder = await temporaryDirectory();
    const calm = new PublishingDevice(folder);
    await calm.addPhoto('바다.jpg', 'sea');
    await calm.addPhoto('산.jpg', 'mountain');
    await calm.addPhoto('film.mov', film, 'video/quicktime');
    await calm.publish(clean, signedIn(clean));
    await clean.close();
    return clean.seen.length;
  }

  const faults = [
    ['cut before it', { cut: 0 }],
    ['cut in its middle', { cut: 5 }],
    ['with its reply lost after it was done', { loses: true }],
    ['refused with 500', { status: 500 }],
    ['refused with 503', { status: 503 }],
    ['refused with 429', { status: 429 }],
  ] as const satisfies readonly (readonly [string, Fault])[];
  interface Fault {
    readonly cut?: number;
    readonly loses?: boolean;
    readonly status?: number;
  }

  test.each(faults)(
    'at each request in turn (%s) neither loses nor doubles anything',
    async (_name, fault: Fault) => {
      const requests = await requestsOfThree();
      expect(requests).toBeGreaterThan(6);
      for (let broken = 1; broken <= requests; broken += 1) {
        await double.close();
        double = await GooglePhotosDouble.start();
        access = signedIn(double);
        device = new PublishingDevice(await temporaryDirectory());
        const hashes = await addThree();
        const at = ({ number }: { readonly number: number }): boolean => number === broken;
        double.behave({
          cut: (request) => (at(request) ? (fault.cut ?? null) : null),
          losesReply: (request) => at(request) && fault.loses === true,
          refuses: (request) => (at(request) ? (fault.status ?? null) : null),
        });
        const { totals, stopped } = await device.publish(double, access);
        expect({ broken, stopped }).toEqual({ broken, stopped: null });
        expect(totals).toMatchObject({ published: 3, failed: 0, waiting: 0 });
        expect({ broken, library: library() }).toEqual({ broken, library: hashes });
        expect(double.albums).toHaveLength(1);
      }
    },
  );

  test.each(faults.slice(1, 4))(
    'that ends the run at any request (%s) leaves the next one to finish it',
    async (_name, fault: Fault) => {
      const requests = await requestsOfThree();
      for (let broken = 1; broken <= requests; broken += 1) {
        await double.close();
        double = await GooglePhotosDouble.start();
        access = signedIn(double);
        device = new PublishingDevice(await temporaryDirectory());
        const hashes = await addThree();
        // From the broken request on everything fails, as when a computer is switched off.
        const at = ({ number }: { readonly number: number }): boolean => number === broken;
        double.behave({
          cut: (request) =>
            request.number > broken ? 0 : at(request) ? (fault.cut ?? null) : null,
          losesReply: (request) => at(request) && fault.loses === true,
          refuses: (request) => (at(request) ? (fault.status ?? null) : null),
        });
        await device.publish(double, access, { bare: true });
        double.behave({});
        const { stopped } = await device.publish(double, access);
        expect({ broken, stopped }).toEqual({ broken, stopped: null });
        expect({ broken, library: library() }).toEqual({ broken, library: hashes });
        expect(double.albums).toHaveLength(1);
      }
    },
  );

  test('a reply that is lost after the photos were added is looked up, and not asked for again', async () => {
    await addThree();
    double.behave({
      losesReply: ({ path: at }) => {
        if (at !== '/v1/mediaItems:batchCreate') return false;
        double.behave({});
        return true;
      },
    });
    const { totals, told } = await device.publish(double, access);
    expect(totals.published).toBe(3);
    expect(told).toHaveLength(3);
    expect(library()).toHaveLength(3);
    expect(device.clock.sleeps).toContain(15_000);
    expect(double.seen.filter((one) => one.path === '/v1/mediaItems:batchCreate')).toHaveLength(1);
  });

  test('a large film goes on where it stopped, also after a restart', async () => {
    await device.addPhoto('film.mov', 'y'.repeat(40 * mebibyte), 'video/quicktime');
    let uploaded = 0;
    double.behave({
      cut: ({ path: at, number }) => (at === '/v1/uploads' && number > 4 ? 20 * mebibyte : null),
    });
    await device.publish(double, access, { bare: true });
    for (const { parts } of double.uploads.sessions.values()) {
      uploaded = parts.reduce((sum, { length }) => sum + length, 0);
    }
    expect(uploaded).toBeGreaterThanOrEqual(20 * mebibyte - granularity);
    double.behave({});
    const before = double.seen.length;
    const { totals } = await device.publish(double, access);
    expect(totals.published).toBe(1);
    expect(double.uploads.sessions.size).toBe(1);
    // Finding the album, asking how far it is, the rest, and the item.
    expect(double.seen.length - before).toBeLessThanOrEqual(5);
  });

  test('a file that changes while it is uploaded is never shown', async () => {
    await device.addPhoto('a.jpg', 'before');
    await writeFile(path.join(device.folder, 'a.jpg'), 'later!');
    const { totals } = await device.publish(double, access);
    expect(totals).toMatchObject({ published: 0 });
    expect(library()).toEqual([]);
    await rm(path.join(device.folder, 'a.jpg'));
    expect((await device.publish(double, access)).totals.published).toBe(0);
  });
});

describe('what Google Photos refuses', () => {
  test('a sign-in without one of the permissions says so', async () => {
    await device.addPhoto('a.jpg', 'a');
    const narrow = signedIn(
      double,
      photosScopes.filter((scope) => !scope.endsWith('readonly.appcreateddata')),
    );
    const { stopped, totals } = await device.publish(double, narrow);
    expect(stopped).toMatchObject({
      code: 'auth',
      hint: expect.stringContaining('ticked') as string,
    });
    expect(totals.waiting).toBe(1);
  });

  test('an access token that ended is replaced; a sign-in that was revoked keeps everything waiting', async () => {
    await device.addPhoto('a.jpg', 'a');
    await device.publish(double, access);
    double.accounts.endAccessTokens();
    await device.addPhoto('b.jpg', 'b');
    expect((await device.publish(double, access)).totals.published).toBe(1);
    double.accounts.revokeAll();
    await device.addPhoto('c.jpg', 'c');
    const { stopped, totals } = await device.publish(double, access);
    expect(stopped?.code).toBe('auth');
    expect(totals).toMatchObject({ waiting: 1, alreadyPublished: 2 });
    expect((await device.publish(double, signedIn(double))).totals.published).toBe(1);
    expect(library()).toHaveLength(3);
  });

  test('the moment that a 429 names is waited for', async () => {
    await device.addPhoto('a.jpg', 'a');
    let left = 2;
    double.behave({ retryAfter: 20, refuses: () => (left-- > 0 ? 429 : null) });
    expect((await device.publish(double, access)).totals.published).toBe(1);
    expect(device.clock.sleeps.filter((pause) => pause >= 20_000)).toHaveLength(2);
  });

  test('when the requests of the day are used up it stops, says until when, and goes on the next day', async () => {
    for (let number = 0; number < 10; number += 1) {
      await device.addPhoto(`${String(number)}.jpg`, `photo ${String(number)}`);
    }
    double.behave({ leftToday: 6 });
    const { stopped, totals } = await device.publish(double, access);
    expect(stopped).toMatchObject({ code: 'rateLimited' });
    expect(stopped?.retryAt).toBeGreaterThan(device.clock.now());
    expect(totals.waiting).toBe(10);
    double.behave({});
    expect((await device.publish(double, access)).totals.published).toBe(10);
    // What was uploaded on the first day is not uploaded again.
    expect(double.uploads.tokens.size).toBe(10);
  });

  test('an account without space says so, and goes on when there is some', async () => {
    await device.addPhoto('a.jpg', 'a');
    double.behave({ full: true });
    expect((await device.publish(double, access)).stopped?.code).toBe('quota');
    double.behave({});
    expect((await device.publish(double, access)).totals.published).toBe(1);
  });

  test('a storm of 5xx ends with everything waiting and nothing lost', async () => {
    const hashes = await addThree();
    double.behave({ refuses: () => 503 });
    const { stopped, totals } = await device.publish(double, access);
    expect(stopped?.code).toBe('serverError');
    expect(totals).toMatchObject({ waiting: 3, published: 0 });
    double.behave({});
    await device.publish(double, access);
    expect(library()).toEqual(hashes);
  });

  test('a day of quota begins at midnight Pacific time, whatever the clocks do', () => {
    const noon = Date.UTC(2026, 6, 1, 19);
    expect(nextDayOfQuota(noon) - noon).toBe(13 * 3_600_000);
    const beforeTheChange = Date.UTC(2026, 10, 1, 8);
    expect(nextDayOfQuota(beforeTheChange)).toBeGreaterThanOrEqual(Date.UTC(2026, 10, 2, 8));
  });
});

test('a URL of it opens no backup, and says what to do instead', () => {
  const registry = builtInDestinations();
  const url = parseDestinationUrl('gphotos:///Album');
  expect(registry.roleOf(url)).toBe('publish');
  expect(() => registry.backupKind(url)).toThrow(
    'Google Photos only shows photos; it is no backup.',
  );
});
