import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AssetDescription } from '../../../shared/domain/asset.ts';
import { cleanText, describe as describeAsset } from '../../../shared/domain/describe.ts';
import type { MetadataTags } from '../../../shared/domain/metadata-tags.ts';

const type = { kind: 'photo', mime: 'image/jpeg' } as const;
const of = (tags: MetadataTags): AssetDescription =>
  describeAsset({ type, tags }, { fileName: 'a.jpg', modifiedMs: 1, bornMs: null });

/** Any text, lone surrogates and control characters included. */
const codeUnits = fc
  .array(fc.nat({ max: 0xffff }), { maxLength: 400 })
  .map((codes) => String.fromCharCode(...codes));

describe('describe', () => {
  it('gives the size as displayed', () => {
    expect(of({ width: 4000, height: 3000, orientation: 6 })).toMatchObject({
      width: 3000,
      height: 4000,
    });
    expect(of({ width: 4000, height: 3000, orientation: 3 })).toMatchObject({
      width: 4000,
      height: 3000,
    });
    expect(of({ width: 0, height: 3000 })).toMatchObject({ width: null, height: null });
  });

  it.each([
    ['Canon', 'Canon EOS R5', 'Canon EOS R5'],
    ['NIKON CORPORATION', 'NIKON D70', 'NIKON D70'],
    ['EASTMAN KODAK COMPANY', 'KODAK DC240', 'KODAK DC240'],
    ['OLYMPUS IMAGING CORP.', 'E-M1', 'OLYMPUS E-M1'],
    ['samsung', 'SM-G998N', 'samsung SM-G998N'],
    ['Apple', 'iPhone 15', 'Apple iPhone 15'],
    [undefined, 'X100', 'X100'],
    ['Fuji', undefined, 'Fuji'],
  ])('names the camera %s, %s: %s', (make, model, camera) => {
    const tags = { ...(make && { make }), ...(model && { model }) };
    expect(of(tags).camera).toBe(camera);
  });

  it('words the exposure', () => {
    const tags = { exposureTime: 0.004, fNumber: 2.8, iso: 100, focalLength: 35 };
    expect(of(tags).exposure).toBe('1/250 s f/2.8 ISO 100 35 mm');
    expect(of({ exposureTime: 2.5 }).exposure).toBe('2.5 s');
    expect(of({ exposureTime: 0, fNumber: 0, iso: 0 }).exposure).toBeNull();
  });

  it('accepts only places on Earth', () => {
    expect(of({ latitude: 37.5, longitude: 127 })).toMatchObject({
      latitude: 37.5,
      longitude: 127,
    });
    for (const [latitude, longitude] of [
      [91, 0],
      [0, 181],
      [0, 0],
      [Number.NaN, 1],
    ] as const) {
      expect(of({ latitude, longitude })).toMatchObject({ latitude: null, longitude: null });
    }
  });

  it('knows ratings from 1 to 5', () => {
    expect([-1, 0, 1, 5, 6, 99].map((rating) => of({ rating }).rating)).toEqual([
      null,
      null,
      1,
      5,
      null,
      null,
    ]);
  });

  it('keeps script text as text, in one line and short', () => {
    expect(of({ title: '<script>alert(1)</script>\u0000\u001b[31m' }).title).toBe(
      '<script>alert(1)</script> [31m',
    );
    expect(of({ title: 'a\r\nb\u202ecod.exe' }).title).toBe('a bcod.exe');
    expect(of({ title: '가'.repeat(5000) }).title).toHaveLength(200);
  });

  it('never throws and never shows control characters', () => {
    fc.assert(
      fc.property(codeUnits, fc.integer({ min: 1, max: 50 }), (text, length) => {
        const clean = cleanText(text, length) ?? 'none';
        expect(clean).not.toMatch(/\p{Cc}/u);
        expect(Array.from(clean).length).toBeLessThanOrEqual(Math.max(length, 4));
        expect(clean.isWellFormed()).toBe(true);
      }),
    );
  });
});
