import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { AssetDescription } from '../../../shared/domain/asset.ts';
import {
  timelineFilterSchema,
  type TimelineFilter,
} from '../../../shared/contract/app/timeline.ts';
import { appMethods } from '../../../shared/contract/app/methods.ts';
import { describedAs, nowMs } from '../../support/catalog/test-catalog.ts';
import { patient, TimelineUnderTest } from '../../support/timeline/timeline-under-test.ts';

function described(changes: Partial<AssetDescription>, wall?: string): AssetDescription {
  return { ...describedAs(wall), ...changes };
}

const video = { type: { kind: 'video', mime: 'video/mp4' } } as const;
const raw = { type: { kind: 'raw', mime: 'image/x-canon-cr3' } } as const;

describe('what is shown', () => {
  it('is a photo with a file, or with an object at a destination, and no sidecar', async () => {
    const timeline = new TimelineUnderTest();
    const { test } = timeline;
    test.addPhoto('here.jpg', 'here', describedAs('2024-05-17T12:00:00'));
    const sidecar = test.addFile('here.jpg.xmp', 'sidecar', 'here.jpg');
    test.read(sidecar.id, 'xmp', describedAs('2024-05-17T12:00:00', 'sidecar'));
    const gone = test.addFile('gone.jpg');
    test.read(gone.id, 'gone', describedAs('2024-05-16T12:00:00'));
    const safe = test.addFile('safe.jpg');
    test.prove(test.read(safe.id, 'safe', describedAs('2024-05-15T12:00:00')));
    const away = test.addFile('away.jpg');
    test.read(away.id, 'away', describedAs('2024-05-14T12:00:00'));
    test.catalog.recordAbsence(gone.id, nowMs);
    test.catalog.recordAbsence(safe.id, nowMs);
    test.catalog.files.setState(away.id, 'unknown');
    expect(await timeline.names()).toEqual(['here.jpg', 'safe.jpg', 'away.jpg']);
    expect(await timeline.days()).toEqual([
      { day: '2024-05-17', count: 1 },
      { day: '2024-05-15', count: 1 },
      { day: '2024-05-14', count: 1 },
    ]);
    expect((await timeline.range()).map(({ copies }) => copies)).toEqual([1, 0, 1]);
  });

  it('is not what lies only in a folder that is no longer watched, until it is watched again', async () => {
    const timeline = new TimelineUnderTest();
    const { test } = timeline;
    test.addPhoto('a.jpg', 'a');
    test.prove(test.addPhoto('b.jpg', 'b'));
    test.catalog.timeline.setWatched('/photos', false);
    expect(await timeline.names()).toEqual(['b.jpg']);
    expect(await timeline.handlers['albums.list']({}, patient)).toEqual([]);
    test.catalog.timeline.setWatched('/photos', true);
    expect(await timeline.names()).toHaveLength(2);
  });

  it('shows the two halves of a Live Photo as its photo, in whatever order they are read', async () => {
    for (const order of [
      ['IMG_1.HEIC', 'IMG_1.MOV'],
      ['IMG_1.MOV', 'IMG_1.HEIC'],
    ]) {
      const timeline = new TimelineUnderTest();
      for (const name of order) {
        const kind = name.endsWith('MOV') ? video : {};
        timeline.test.addPhoto(name, name, described({ ...kind, contentIdentifier: 'A-B' }));
      }
      expect(await timeline.range()).toMatchObject([{ name: 'IMG_1.HEIC', live: true }]);
      expect(await timeline.days()).toEqual([{ day: '2024-05-17', count: 1 }]);
    }
  });

  it('shows a video by itself whose photo is gone', async () => {
    const timeline = new TimelineUnderTest();
    const { test } = timeline;
    test.addPhoto('IMG_1.MOV', 'v', described({ ...video, contentIdentifier: 'A-B' }));
    const photo = test.addFile('IMG_1.HEIC');
    test.read(photo.id, 'p', described({ contentIdentifier: 'A-B' }));
    test.catalog.recordAbsence(photo.id, nowMs);
    expect(await timeline.range()).toMatchObject([{ name: 'IMG_1.MOV', live: false }]);
    test.catalog.recordReturn(photo.id, [], nowMs);
    expect(await timeline.range()).toMatchObject([{ name: 'IMG_1.HEIC', live: true }]);
  });

  it('shows an edited photo once, with what it was before among its versions', async () => {
    const timeline = new TimelineUnderTest();
    const { test } = timeline;
    const file = test.addFile('a.jpg');
    test.prove(test.read(file.id, 'first'));
    test.catalog.files.rediscover(file.id, { ...file.seen, size: 11 }, nowMs);
    test.read(file.id, 'second');
    const [shown] = await timeline.range();
    expect(await timeline.names()).toEqual(['a.jpg']);
    const details = await timeline.details(shown?.id ?? '');
    expect(details.versions).toHaveLength(1);
    const [before] = details.versions;
    expect((await timeline.details(before?.id ?? '')).versions.map(({ id }) => id)).toEqual([
      shown?.id,
    ]);
  });

  it('shows both where another photo took the place of a file', async () => {
    const timeline = new TimelineUnderTest();
    const { test } = timeline;
    const file = test.addFile('DSC_0001.JPG');
    test.prove(test.read(file.id, 'first', describedAs('2024-05-17T12:00:00')));
    test.catalog.files.rediscover(file.id, { ...file.seen, size: 11 }, nowMs);
    test.read(file.id, 'second', describedAs('2024-06-01T09:00:00'));
    expect(await timeline.names()).toEqual(['DSC_0001.JPG', 'DSC_0001.JPG']);
  });
});

describe('a filter', () => {
  function library(): TimelineUnderTest {
    const timeline = new TimelineUnderTest(2);
    const { test } = timeline;
    const [one = 0, two = 0] = test.destinationIds;
    test.addPhoto(
      'IMG_0001.jpg',
      '1',
      described({ camera: 'Canon EOS R5', rating: 5 }, '2024-05-03T10:00:00'),
    );
    const both = test.addPhoto(
      '제주 바다.jpg',
      '2',
      described({ latitude: 33.4, longitude: 126.5 }, '2024-05-02T10:00:00'),
    );
    const half = test.addPhoto(
      '산책.mp4'.normalize('NFD'),
      '3',
      described({ ...video, title: 'Café' }, '2024-05-01T10:00:00'),
    );
    const failed = test.addPhoto(
      'DSC1.CR3',
      '4',
      described({ ...raw, camera: 'Nikon Z8', rating: 2 }, '2024-04-30T10:00:00'),
    );
    test.addPhoto('copy of DSC1.CR3', '4');
    for (const destinationId of [one, two]) test.prove(both, { destinationId });
    test.prove(half, { destinationId: one });
    test.catalog.deliveries.fail(
      test.delivery(failed, two),
      { code: 'timeout', message: 'Slow.' },
      1,
      null,
    );
    return timeline;
  }

  it.each<[TimelineFilter, string[]]>([
    [{ text: 'img' }, ['IMG_0001']],
    [{ text: 'CANON r5' }, ['IMG_0001']],
    [{ text: '바다' }, ['제주 바다']],
    [{ text: '바다'.normalize('NFD') }, ['제주 바다']],
    [{ text: '산' }, ['산책']],
    [{ text: '책' }, ['산책']],
    [{ text: '바ㄷ' }, ['제주 바다']],
    [{ text: '제주 산' }, []],
    [{ text: 'cafe' }, ['산책']],
    [{ text: '2024-05-0' }, ['IMG_0001', '제주 바다', '산책']],
    [{ text: 'photos z8' }, ['DSC1']],
    [{ text: '"' }, []],
    [{ text: "img' OR 1" }, []],
    [{ text: '%' }, []],
    [{ text: '   ' }, ['IMG_0001', '제주 바다', '산책', 'DSC1']],
    [{ from: '2024-05-01', to: '2024-05-02' }, ['제주 바다', '산책']],
    [{ kinds: ['raw', 'video'] }, ['산책', 'DSC1']],
    [{ kinds: ['photo'] }, ['IMG_0001', '제주 바다']],
    [{ kinds: ['photo', 'raw', 'video'] }, ['IMG_0001', '제주 바다', '산책', 'DSC1']],
    [{ camera: 'Nikon Z8' }, ['DSC1']],
    [{ rating: 1 }, ['IMG_0001', 'DSC1']],
    [{ rating: 3 }, ['IMG_0001']],
    [{ placed: true }, ['제주 바다']],
    [{ duplicates: true }, ['DSC1']],
    [{ state: 'safe' }, ['제주 바다']],
    [{ state: 'failed' }, ['DSC1']],
    [{ state: 'waiting' }, ['IMG_0001', '산책']],
    [{ state: 'waiting', kinds: ['video'], text: '산책' }, ['산책']],
    [{ state: 'safe', camera: 'Nikon Z8' }, []],
  ])('%j shows %j', async (filter, wanted) => {
    expect(timelineFilterSchema.safeParse(filter).success).toBe(true);
    const timeline = library();
    const names = (await timeline.names(filter)).map((name) =>
      name
        .normalize('NFC')
        .replace(/\.\w+$/u, '')
        .replace('copy of ', ''),
    );
    expect(names).toEqual(wanted);
    const days = await timeline.days(filter);
    expect(days.map(({ day }) => day)).toEqual([...days.map(({ day }) => day)].sort().reverse());
    expect(days.reduce((sum, { count }) => sum + count, 0)).toBe(wanted.length);
  });

  it('shows one folder as an album', async () => {
    const timeline = library();
    const [album] = await timeline.handlers['albums.list']({}, patient);
    expect(album).toMatchObject({ name: 'photos', path: '/photos', count: 4 });
    expect(await timeline.names({ album: album?.id ?? '' })).toHaveLength(4);
    await expect(timeline.names({ album: '../x' })).rejects.toMatchObject({
      failure: { code: 'notFound' },
    });
  });

  it('counts a photo as waiting at a destination that was added just now', async () => {
    const timeline = library();
    timeline.test.catalog.deliveries.ensureDestination('file:///three', 'three');
    expect(await timeline.names({ state: 'safe' })).toEqual([]);
    expect(await timeline.names({ state: 'waiting' })).toHaveLength(3);
  });

  it('finds a file by its new name and folder after it was renamed', async () => {
    const timeline = new TimelineUnderTest();
    const { test } = timeline;
    const before = test.addFile('before.jpg');
    const asset = test.read(before.id, 'x');
    const after = test.addFile('after.jpg');
    test.catalog.recordRename(after.id, asset, test.destinationIds, nowMs);
    test.catalog.recordAbsence(before.id, nowMs);
    expect(await timeline.names({ text: 'after' })).toEqual(['after.jpg']);
    expect(await timeline.names()).toEqual(['after.jpg']);
  });

  it('gives way and stops when nobody waits any more', async () => {
    const timeline = library();
    const stop = new AbortController();
    const asked = timeline.handlers['timeline.days']({ filter: { text: 'x' } }, stop.signal);
    stop.abort();
    await expect(asked).rejects.toMatchObject({ failure: { code: 'cancelled' } });
  });
});

/** A small library of which the right answers are worked out by hand. */
const photo = fc.record({
  day: fc.integer({ min: 1, max: 5 }),
  hour: fc.integer({ min: 0, max: 2 }),
  kind: fc.constantFrom('photo', 'raw', 'video' as const),
  camera: fc.constantFrom(null, 'Canon', 'Nikon'),
  rating: fc.constantFrom(null, 0, 3, 5),
  copies: fc.integer({ min: 1, max: 2 }),
  proven: fc.boolean(),
});

function build(
  photos: readonly (typeof photo extends fc.Arbitrary<infer T> ? T : never)[],
): TimelineUnderTest {
  const timeline = new TimelineUnderTest();
  for (const [index, one] of photos.entries()) {
    const wall = `2024-05-0${String(one.day)}T0${String(one.hour)}:00:00`;
    const type = { kind: one.kind, mime: 'image/jpeg' } as const;
    const description = described({ type, camera: one.camera, rating: one.rating }, wall);
    let asset = 0;
    for (let copy = 0; copy < one.copies; copy += 1) {
      asset = timeline.test.addPhoto(
        `${String(index)}-${String(copy)}.jpg`,
        String(index),
        description,
      );
    }
    if (one.proven) timeline.test.prove(asset);
  }
  return timeline;
}

const anyFilter: fc.Arbitrary<TimelineFilter> = fc.record(
  {
    from: fc.constantFrom('2024-05-02', '2024-05-04'),
    to: fc.constantFrom('2024-05-03', '2024-05-05'),
    kinds: fc.uniqueArray(fc.constantFrom('photo', 'raw', 'video' as const), { minLength: 1 }),
    camera: fc.constantFrom('Canon', 'Nikon', 'Leica'),
    rating: fc.constantFrom(1, 4),
    duplicates: fc.constant(true),
    state: fc.constantFrom('safe', 'waiting', 'failed' as const),
    text: fc.constantFrom('jpg', 'canon', '1-', '2024-05-03'),
  },
  { requiredKeys: [] },
);

describe('pages', () => {
  it('agree with the whole, with the counts of days and with the neighbours, under every filter', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(photo, { maxLength: 12 }),
        anyFilter,
        fc.integer({ min: 1, max: 5 }),
        async (photos, filter, size) => {
          const timeline = build(photos);
          const all = await timeline.range();
          const wanted = all.filter((item) => {
            const one = photos[Number(item.name.split('-')[0])];
            if (one === undefined) return false;
            const day = item.wall.slice(0, 10);
            return (
              (filter.from === undefined || day >= filter.from) &&
              (filter.to === undefined || day <= filter.to) &&
              (filter.kinds === undefined || filter.kinds.includes(one.kind)) &&
              (filter.camera === undefined || one.camera === filter.camera) &&
              (filter.rating === undefined || (one.rating ?? 0) >= filter.rating) &&
              (filter.duplicates !== true || one.copies > 1) &&
              (filter.state === undefined || (one.proven ? 'safe' : 'waiting') === filter.state) &&
              (filter.text === undefined ||
                [`${String(photos.indexOf(one))}-0.jpg`, `${String(photos.indexOf(one))}-1.jpg`]
                  .slice(0, one.copies)
                  .concat(one.camera ?? '', day)
                  .some((text) => text.toLowerCase().includes(filter.text ?? '')))
            );
          });
          const found = await timeline.range(filter);
          expect(found).toEqual(wanted);
          const paged = [];
          for (let offset = 0; offset <= wanted.length; offset += size) {
            paged.push(...(await timeline.range(filter, offset, size)));
          }
          expect(paged).toEqual(wanted);
          const days = await timeline.days(filter);
          expect(days).toEqual(
            [...Map.groupBy(wanted, ({ wall }) => wall.slice(0, 10))].map(([day, items]) => ({
              day,
              count: items.length,
            })),
          );
          for (const [index, item] of wanted.entries()) {
            expect(await timeline.around(item.id, size, size, filter)).toEqual(
              wanted.slice(Math.max(0, index - size), index + size + 1),
            );
          }
          for (const item of found) {
            expect(appMethods['timeline.range'].result.safeParse([item]).success).toBe(true);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

it('goes through years without asking for all their days', async () => {
  const timeline = new TimelineUnderTest();
  const first = Date.UTC(2020, 0, 1);
  const count = 900;
  timeline.test.catalog.transaction(() => {
    for (let index = 0; index < count; index += 1) {
      const wall = new Date(first + index * 86_400_000).toISOString().slice(0, 19);
      const camera = index % 300 === 0 ? 'Leica' : 'Canon';
      timeline.test.addPhoto(`${String(index)}.jpg`, String(index), described({ camera }, wall));
    }
  });
  expect((await timeline.range({}, 850, 3)).map(({ name }) => name)).toEqual([
    '49.jpg',
    '48.jpg',
    '47.jpg',
  ]);
  expect(await timeline.names({ camera: 'Leica', state: 'waiting' })).toEqual([
    '600.jpg',
    '300.jpg',
    '0.jpg',
  ]);
  expect(await timeline.names({ text: '0.' })).toHaveLength(90);
  expect(await timeline.days({ text: '0.' })).toHaveLength(90);
});

describe('one photo', () => {
  it('tells its files, sidecars, destinations and evidence, as the contract says', async () => {
    const timeline = new TimelineUnderTest(2);
    const { test } = timeline;
    const asset = test.addPhoto('a.jpg', 'a', described({ camera: 'Canon', title: 'Trip' }));
    test.addPhoto('b.jpg', 'a');
    const sidecar = test.addFile('a.jpg.xmp', 'sidecar', 'a.jpg');
    test.read(sidecar.id, 'xmp', describedAs(undefined, 'sidecar'));
    const [, second = 0] = test.destinationIds;
    test.prove(asset, { key: '2024/05/a.jpg' });
    test.catalog.deliveries.fail(
      test.delivery(asset, second),
      { code: 'quota', message: 'It is full.', hint: 'Buy more.' },
      2,
      null,
    );
    const [item] = await timeline.range();
    const details = await timeline.details(item?.id ?? '');
    expect(appMethods['asset.details'].result.parse(details)).toMatchObject({
      item: { state: 'failed', copies: 2 },
      camera: 'Canon',
      title: 'Trip',
      files: [
        { path: '/photos/a.jpg', state: 'here' },
        { path: '/photos/b.jpg', state: 'here' },
      ],
      sidecars: ['/photos/a.jpg.xmp'],
      destinations: [
        {
          destination: 'id-destination-0',
          state: 'verified',
          key: '2024/05/a.jpg',
          evidence: 'server-sha256',
          verifiedMs: nowMs,
          failure: null,
        },
        { state: 'failed', failure: { code: 'quota', hint: 'Buy more.' } },
      ],
    });
  });

  it.each(['zzzz', '0', '9'])('is not found under the id %s', async (id) => {
    const timeline = new TimelineUnderTest();
    await expect(timeline.details(id)).rejects.toMatchObject({ failure: { code: 'notFound' } });
    await expect(timeline.around(id, 1, 1)).rejects.toMatchObject({
      failure: { code: 'notFound' },
    });
  });
});

describe('lists', () => {
  it('names each camera once', async () => {
    const timeline = new TimelineUnderTest();
    for (const [index, camera] of ['Nikon', 'Canon', 'Canon', null].entries()) {
      timeline.test.addPhoto(`${String(index)}.jpg`, String(index), described({ camera }));
    }
    expect(await timeline.handlers['timeline.cameras']({}, patient)).toEqual(['Canon', 'Nikon']);
  });

  it('gives duplicates page by page, each with all its places', async () => {
    const timeline = new TimelineUnderTest();
    for (let index = 0; index < 5; index += 1) {
      const description = describedAs(`2024-05-0${String(index + 1)}T12:00:00`);
      timeline.test.addPhoto(`${String(index)}.jpg`, String(index), description);
      if (index !== 2)
        timeline.test.addPhoto(`${String(index)} copy.jpg`, String(index), description);
    }
    const first = await timeline.handlers['duplicates.page']({ cursor: null, limit: 3 }, patient);
    expect(appMethods['duplicates.page'].result.parse(first).total).toBe(4);
    expect(first.duplicates.map(({ paths }) => paths)).toEqual([
      ['/photos/4.jpg', '/photos/4 copy.jpg'],
      ['/photos/3.jpg', '/photos/3 copy.jpg'],
      ['/photos/1.jpg', '/photos/1 copy.jpg'],
    ]);
    const next = await timeline.handlers['duplicates.page'](
      { cursor: first.cursor, limit: 3 },
      patient,
    );
    expect(next.duplicates.map(({ paths }) => paths[0])).toEqual(['/photos/0.jpg']);
    expect(next.cursor).toBeNull();
    await expect(
      timeline.handlers['duplicates.page']({ cursor: 'x', limit: 3 }, patient),
    ).rejects.toMatchObject({ failure: { code: 'invalid' } });
  });

  it('counts albums anew after every change', async () => {
    const timeline = new TimelineUnderTest();
    const { test } = timeline;
    const albums = () => timeline.handlers['albums.list']({}, patient);
    expect(await albums()).toEqual([]);
    const older = test.addPhoto('a.jpg', 'a', describedAs('2024-05-01T12:00:00'));
    const file = test.addFile('b.jpg');
    const newer = test.read(file.id, 'b', describedAs('2024-05-02T12:00:00'));
    expect(await albums()).toMatchObject([
      { count: 2, cover: newer.toString(36), newest: '2024-05-02T12:00:00' },
    ]);
    test.catalog.recordAbsence(file.id, nowMs);
    expect(await albums()).toMatchObject([{ count: 1, cover: older.toString(36) }]);
  });
});
