import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CaptureTime } from '../../../shared/domain/asset.ts';
import { resolveCaptureTime, type FileFacts } from '../../../shared/domain/capture-time.ts';
import type { MetadataTags } from '../../../shared/domain/metadata-tags.ts';
import { formatOffset, parseOffset } from '../../../shared/domain/wall-time.ts';

const facts: FileFacts = {
  fileName: 'IMG_1.JPG',
  modifiedMs: Date.UTC(2023, 4, 6, 7, 8, 9),
  bornMs: null,
};
const resolve = (tags: MetadataTags, more: Partial<FileFacts> = {}): CaptureTime =>
  resolveCaptureTime(tags, { ...facts, ...more });
const quickTime = (iso: string): number => Date.parse(iso) / 1000 + 2_082_844_800;
const seoul = { latitude: 37.5665, longitude: 126.978 };

describe('the order of sources', () => {
  const all: MetadataTags = {
    dateTimeOriginal: '2020:01:01 10:00:00',
    quickTimeCreationDate: '2020-02-01T10:00:00+0900',
    createDate: '2020:03:01 10:00:00',
    quickTimeCreateSeconds: quickTime('2020-04-01T10:00:00Z'),
    gpsDate: '2020:05:01',
    gpsTime: '10:00:00',
    modifyDate: '2020:08:01 10:00:00',
  };
  const takeout = {
    takenMs: Date.UTC(2020, 5, 1, 10),
    latitude: null,
    longitude: null,
    description: null,
  };
  const named = { fileName: 'IMG_20200701_100000.jpg', takeout };

  it.each([
    ['dateTimeOriginal', '2020-01', 'exif'],
    ['quickTimeCreationDate', '2020-02', 'quicktime'],
    ['createDate', '2020-03', 'exif'],
    ['quickTimeCreateSeconds', '2020-04', 'quicktime'],
    ['gpsDate', '2020-05', 'gps'],
  ] as const)('%s comes before what follows it', (first, month, source) => {
    const keys = Object.keys(all);
    const rest = Object.fromEntries(
      Object.entries(all).filter(([key]) => keys.indexOf(key) >= keys.indexOf(first)),
    );
    const result = resolve(rest, named);
    expect(result.wall.slice(0, 7)).toBe(month);
    expect(result.source).toBe(source);
  });

  it('goes on with Takeout, the name, the time of change, the file system', () => {
    const { modifyDate } = all;
    const tags = { modifyDate: modifyDate ?? '' };
    expect(resolve(tags, named).source).toBe('takeout');
    expect(resolve(tags, { ...named, takeout: null }).wall).toBe('2020-07-01T10:00:00');
    expect(resolve(tags).wall).toBe('2020-08-01T10:00:00');
    expect(resolve({})).toEqual({
      wall: '2023-05-06T07:08:09',
      offset: '+00:00',
      utcMs: facts.modifiedMs,
      source: 'filesystem',
      confidence: 'low',
    });
  });
});

describe('offsets', () => {
  const dateTimeOriginal = '2024:05:17 12:00:00';
  const gps = { gpsDate: '2024:05:17', gpsTime: '03:00:07' };

  it('takes the tag first', () => {
    const tags = { dateTimeOriginal, subSecTimeOriginal: '12', offsetTimeOriginal: '+09:00' };
    expect(resolve({ ...tags, ...gps, latitude: 0.1, longitude: 0.1 })).toEqual({
      wall: '2024-05-17T12:00:00.120',
      offset: '+09:00',
      utcMs: Date.UTC(2024, 4, 17, 3, 0, 0, 120),
      source: 'exif',
      confidence: 'high',
    });
  });

  it('then the place', () => {
    expect(resolve({ dateTimeOriginal, ...seoul }).offset).toBe('+09:00');
    const newYork = { latitude: 40.7, longitude: -74 };
    expect(resolve({ dateTimeOriginal, ...newYork }).offset).toBe('-04:00');
    expect(resolve({ dateTimeOriginal: '2024:01:17 12:00:00', ...newYork }).offset).toBe('-05:00');
  });

  it('then the difference to the GPS clock, to a quarter of an hour', () => {
    expect(resolve({ dateTimeOriginal, ...gps }).offset).toBe('+09:00');
    expect(resolve({ dateTimeOriginal, gpsDate: '2024:05:17', gpsTime: '06:15:30' }).offset).toBe(
      '+05:45',
    );
  });

  it('refuses a difference over 14 hours, or one that no zone has', () => {
    expect(
      resolve({ dateTimeOriginal, gpsDate: '2024:05:15', gpsTime: '03:00:00' }).offset,
    ).toBeNull();
    expect(
      resolve({ dateTimeOriginal, gpsDate: '2024:05:17', gpsTime: '11:45:00' }).offset,
    ).toBeNull();
  });

  it('is null where nothing says it', () => {
    expect(resolve({ dateTimeOriginal })).toMatchObject({ offset: null, utcMs: null });
  });

  it.each(['+25:00', 'garbage', '   ', '+09:07'])('ignores the tag %j', (offsetTimeOriginal) => {
    expect(resolve({ dateTimeOriginal, offsetTimeOriginal }).offset).toBeNull();
  });
});

describe('films', () => {
  it('takes Apple’s date with its offset', () => {
    expect(resolve({ quickTimeCreationDate: '2024-05-17T12:00:00+0900' })).toMatchObject({
      wall: '2024-05-17T12:00:00',
      offset: '+09:00',
      utcMs: Date.UTC(2024, 4, 17, 3),
    });
  });

  const quickTimeCreateSeconds = quickTime('2024-05-17T03:00:10Z');

  it('leaves the offset of the header’s time open where nothing settles it', () => {
    expect(resolve({ quickTimeCreateSeconds })).toMatchObject({
      wall: '2024-05-17T03:00:10',
      offset: null,
      utcMs: null,
      confidence: 'low',
    });
  });

  it('settles it by the place or by the local time in the name', () => {
    const expected = { wall: '2024-05-17T12:00:10', offset: '+09:00', confidence: 'medium' };
    expect(resolve({ quickTimeCreateSeconds, ...seoul })).toMatchObject(expected);
    const fileName = 'VID_20240517_120001.mp4';
    expect(resolve({ quickTimeCreateSeconds }, { fileName })).toMatchObject(expected);
  });

  it.each(['1904-01-01T00:00:00Z', '1970-01-01T00:00:00Z', '1957-01-01T00:00:00Z'])(
    'refuses the unset clock at %s',
    (iso) => {
      expect(resolve({ quickTimeCreateSeconds: quickTime(iso) }).source).toBe('filesystem');
    },
  );
});

describe('instants', () => {
  it('shows a Pixel’s UTC name at its place', () => {
    const fileName = 'PXL_20240517_030001123.jpg';
    expect(resolve({}, { fileName })).toMatchObject({
      wall: '2024-05-17T03:00:01.123',
      offset: '+00:00',
    });
    expect(resolve(seoul, { fileName })).toMatchObject({
      wall: '2024-05-17T12:00:01.123',
      offset: '+09:00',
    });
  });

  it('takes the older of the file’s times, and neither an absent nor an unset one', () => {
    const older = Date.UTC(2019, 0, 2);
    expect(resolve({}, { bornMs: older }).utcMs).toBe(older);
    expect(resolve({}, { bornMs: 0 }).utcMs).toBe(facts.modifiedMs);
    expect(resolve({}, { bornMs: Date.UTC(1980, 0, 1) }).utcMs).toBe(facts.modifiedMs);
    expect(resolve({}, { modifiedMs: Number.NaN }).wall).toBe('1970-01-01T00:00:00');
  });
});

describe('dates that are none', () => {
  it.each([
    '0000:00:00 00:00:00',
    '    :  :     :  :  ',
    '1970:01:01 00:00:00',
    '1904:01:01 00:00:00',
    '1899:12:31 23:59:59',
    '2101:01:01 00:00:00',
    '2024:02:30 10:00:00',
    '2024:13:01 10:00:00',
    '2024:05:17 24:00:00',
    '2024:05:17',
    '<script>alert(1)</script>',
  ])('passes over %j', (dateTimeOriginal) => {
    expect(resolve({ dateTimeOriginal }).source).toBe('filesystem');
  });
});

describe('properties', () => {
  const dates = fc.date({
    min: new Date('1990-01-01'),
    max: new Date('2099-12-31'),
    noInvalidDate: true,
  });
  const offsets = fc.integer({ min: -12, max: 14 }).map((hours) => hours * 60);

  it('every valid date comes back with its offset', () => {
    fc.assert(
      fc.property(dates, offsets, (date, offset) => {
        const iso = date.toISOString();
        const result = resolve({
          dateTimeOriginal: iso.slice(0, 19).replaceAll('-', ':').replace('T', ' '),
          subSecTimeOriginal: iso.slice(20, 23),
          offsetTimeOriginal: formatOffset(offset),
        });
        expect(result.wall).toBe(iso.slice(0, 23));
        expect(result.utcMs).toBe(date.getTime() - offset * 60_000);
        expect(parseOffset(result.offset ?? '')).toBe(offset);
      }),
    );
  });

  it('anything gives a well-formed time, the same in every zone', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^\d{4}:\d{2}:\d{2} \d{2}:\d{2}:\d{2}$/));
    const number = fc.double();
    const tags = fc.record(
      {
        dateTimeOriginal: text,
        subSecTimeOriginal: text,
        offsetTimeOriginal: text,
        createDate: text,
        modifyDate: text,
        gpsDate: text,
        gpsTime: text,
        quickTimeCreationDate: text,
        quickTimeCreateSeconds: number,
        latitude: number,
        longitude: number,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        tags,
        fc.string(),
        number,
        fc.option(number),
        (found, fileName, modifiedMs, bornMs) => {
          const result = resolveCaptureTime(found, { fileName, modifiedMs, bornMs });
          expect(result.wall).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{3})?$/u);
          expect(result.offset === null).toBe(result.utcMs === null);
          if (result.offset !== null) {
            expect(Date.parse(`${result.wall}${result.offset}`)).toBe(result.utcMs);
          }
        },
      ),
    );
  });
});
