import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CliResult } from '../support/cli/run-cli.ts';
import { hashesBelow, jpeg, largeJpeg } from '../support/cli/workspace.ts';
import {
  freshPlace,
  kindsOfPlaces,
  putFile,
  runWithKeys,
  type Place,
} from '../support/e2e/places.ts';
import { haveSharedPhotos, sharedPhotos } from '../support/media/shared-photos.ts';

const restoreScript = fileURLToPath(new URL('../../build/scripts/restore.mjs', import.meta.url));

let scratch = '';
beforeAll(async () => {
  scratch = await mkdtemp(join(await realpath(tmpdir()), 'cloudroll-photos-'));
});
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
});

/** These tests go through their steps in order: what one leaves the next one finds. */
describe('real photos', () => {
  let photos = '';
  let originals = new Map<string, string>();
  let places: Place[] = [];
  const data = () => join(scratch, 'data');
  const sync = (...more: string[]): Promise<CliResult> =>
    runWithKeys(
      'sync',
      photos,
      ...places.flatMap(({ url }) => ['--to', url]),
      '--data',
      data(),
      ...more,
    );

  beforeAll(async () => {
    photos = haveSharedPhotos ? sharedPhotos : await generatedPhotos(join(scratch, 'Pictures'));
    if (!haveSharedPhotos) console.warn(`generated photos instead: there is no ${sharedPhotos}`);
    originals = await hashesBelow(photos);
    places = await Promise.all(kindsOfPlaces().map((kind) => freshPlace(kind, scratch)));
  });

  test('sync brings every byte to every destination exactly once', async () => {
    const before = await timesBelow(photos, originals.keys());
    const { status, stderr, json, last } = await sync();
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const summary = last();
    const wanted = contentsOf(originals);
    const { found, duplicates, skipped, sidecars, ignored, uploaded, failed } = summary;
    expect({ failed, skipped }).toEqual({ failed: 0, skipped: 0 });
    expect(summary['photos']).toBe(uploaded);
    expect(found).toBe(Number(uploaded) + Number(duplicates));
    expect(Number(found) + Number(sidecars) + Number(ignored)).toBe(originals.size);
    expect(ignored).toBe([...originals.keys()].filter(isLicence).length);
    for (const [index, place] of places.entries()) {
      const objects = await place.objects();
      expect([...objects.values()].toSorted()).toEqual([...wanted].toSorted());
      const [name = ''] = Object.keys(asRecord(summary['destinations'])).slice(index);
      const told = json().filter(
        (line) => line['event'] === 'photo' && line['destination'] === name,
      );
      expect(new Map(told.map((line) => [line['key'], line['hash']]))).toEqual(objects);
    }
    expect(await timesBelow(photos, originals.keys())).toEqual(before);
  });

  test('a second run uploads nothing', async () => {
    const { status, last } = await sync();
    expect(status).toBe(0);
    const { photos: count } = last();
    expect(last()).toMatchObject({ uploaded: 0, bytesUploaded: 0, alreadyBackedUp: count });
  });

  test('list tells every photo with what was found out about it', async () => {
    const { status, json } = await runWithKeys('list', '--data', data());
    expect(status).toBe(0);
    const listed = json().filter((line) => line['event'] === undefined);
    const media = [...originals].filter(([path]) => !path.endsWith('.xmp') && !isLicence(path));
    expect(new Set(listed.map(({ hash }) => hash))).toEqual(new Set(media.map(([, hash]) => hash)));
    const wall = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:[+-]\d\d:\d\d|Z)?$/u;
    for (const line of listed) {
      expect(Object.keys(line).toSorted()).toEqual(listFields);
      expect(line['capturedAt']).toMatch(wall);
      expect(Object.values(asRecord(line['destinations']))).toEqual(places.map(() => 'verified'));
    }
    const captured = listed.map(({ capturedAt }) => String(capturedAt).slice(0, 19));
    expect(captured).toEqual(captured.toSorted().toReversed());
    for (const [path, expected] of haveSharedPhotos ? knownPhotos : []) {
      const line = listed.find(({ hash }) => hash === originals.get(path));
      expect(line).toMatchObject(expected);
    }
  });

  test('restore gives every folder, name, time and byte back, with and without the app', async () => {
    for (const [index, { url }] of places.entries()) {
      const into = join(scratch, `restored-${index}`);
      const { status, stderr } = await runWithKeys('restore', '--from', url, '--into', into);
      expect(stderr).toBe('');
      expect(status).toBe(0);
      await expectRestored(into, photos, originals);
    }
    const plainly = join(scratch, 'restored-plainly');
    await promisify(execFile)(process.execPath, [restoreScript, join(scratch, 'backup'), plainly]);
    await expectRestored(plainly, photos, originals);
  });

  test('verify finds exactly what is damaged, and the next sync repairs it', async () => {
    const verify = (): Promise<CliResult> => runWithKeys('verify', '--read-data', '--data', data());
    const sound = await verify();
    expect(sound.status).toBe(0);
    const damages: object[] = [];
    for (const place of places) {
      const [first = '', , third = ''] = [...(await place.objects()).keys()].toSorted();
      await place.damage(first);
      await place.remove(third);
      damages.push({ kind: 'corrupt', key: first }, { kind: 'missing', key: third });
    }

    const damaged = await verify();
    expect(damaged.status).toBe(1);
    const findings = damaged.json().filter(({ event }) => event === 'finding');
    const found = findings.map(({ kind, key }) => ({ kind, key }));
    expect(found.toSorted(byText)).toEqual(damages.toSorted(byText));

    const repaired = await sync('--no-previews');
    expect(repaired.status).toBe(0);
    expect(repaired.last()).toMatchObject({ failed: 0 });
    for (const place of places) {
      const stored = new Set((await place.objects()).values());
      expect([...contentsOf(originals)].filter((hash) => !stored.has(hash))).toEqual([]);
    }
    const after = await verify();
    expect(after.status).toBe(0);
    expect(after.last()).toMatchObject({ missing: 0, corrupt: 0, unreadable: 0 });
  });
});

const listFields = [
  ...['bytes', 'capturedAt', 'capturedAtSource', 'destinations', 'hash'],
  ...['height', 'paths', 'type', 'width'],
];

/** A few of the shared photos, as exiftool describes them. */
const knownPhotos = Object.entries({
  'exifr/canon-dslr.jpg': {
    ...{ capturedAt: '2019-10-26T16:07:24.540', capturedAtSource: 'exif' },
    ...{ bytes: 2_090_815, width: 5184, height: 3456, type: 'image/jpeg' },
  },
  'exifr/heic-iphone.heic': {
    ...{ capturedAt: '2019-08-21T10:57:23.345+07:00', capturedAtSource: 'exif' },
    ...{ bytes: 2_600_220, width: 4032, height: 3024, type: 'image/heic' },
  },
  'exiftool/QuickTime.mov': {
    ...{ capturedAt: '2005-08-11T14:03:54', capturedAtSource: 'quicktime' },
    ...{ bytes: 3871, width: 320, height: 240, type: 'video/quicktime' },
  },
});

/** Everything that must be at a destination, once: the licences beside the photos are no photos. */
function contentsOf(files: ReadonlyMap<string, string>): Set<string> {
  return new Set([...files].flatMap(([path, hash]) => (isLicence(path) ? [] : [hash])));
}

function isLicence(path: string): boolean {
  return basename(path) === 'LICENSE';
}

async function expectRestored(
  into: string,
  photos: string,
  originals: ReadonlyMap<string, string>,
): Promise<void> {
  const wanted = new Map([...originals].filter(([path]) => !isLicence(path)));
  const restored = join(into, basename(photos));
  expect(await hashesBelow(restored)).toEqual(wanted);
  const seconds = (times: Map<string, number>) =>
    new Map([...times].map(([path, ms]) => [path, Math.floor(ms / 1000)]));
  expect(seconds(await timesBelow(restored, wanted.keys()))).toEqual(
    seconds(await timesBelow(photos, wanted.keys())),
  );
}

/** Milliseconds since 1970 by path. */
async function timesBelow(root: string, paths: Iterable<string>): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  for (const path of paths) times.set(path, (await stat(join(root, path))).mtimeMs);
  return times;
}

async function generatedPhotos(root: string): Promise<string> {
  for (let seed = 0; seed < 40; seed += 1) {
    await putFile(join(root, `2024/사진 ${seed}.jpg`), await jpeg(seed));
  }
  await putFile(join(root, 'copies/again.jpg'), await jpeg(3));
  await putFile(join(root, 'large.jpg'), await largeJpeg(50, 17_000_000));
  await putFile(join(root, 'large.xmp'), Buffer.from('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'));
  return root;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function byText(one: object, other: object): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
}
