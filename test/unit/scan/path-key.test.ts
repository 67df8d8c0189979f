import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { collidingNames, pathKey } from '../../../shared/domain/path-key.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 30 });
const hangul = fc.string({
  unit: fc.integer({ min: 0xac00, max: 0xd7a3 }).map((code) => String.fromCodePoint(code)),
});

describe('pathKey', () => {
  test('is the same in every normal form that a file system uses', () => {
    fc.assert(
      fc.property(text, (name) => {
        expect(pathKey(name.normalize('NFD'))).toBe(pathKey(name.normalize('NFC')));
      }),
    );
  });

  test('is the same for decomposed and composed Hangul, and composed itself', () => {
    fc.assert(
      fc.property(hangul, (name) => {
        expect(pathKey(name.normalize('NFD'))).toBe(name);
      }),
    );
  });

  test('is its own key', () => {
    fc.assert(
      fc.property(text, (name) => {
        expect(pathKey(pathKey(name))).toBe(pathKey(name));
      }),
      { numRuns: 1000 },
    );
  });

  test('is the same in upper and lower case', () => {
    fc.assert(
      fc.property(text, (name) => {
        expect(pathKey(name.toUpperCase())).toBe(pathKey(name));
        expect(pathKey(name.toLowerCase())).toBe(pathKey(name));
      }),
      { numRuns: 1000 },
    );
  });

  test('of a path is made of the keys of its parts', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(pathKey(`${one}/${other}`)).toBe(`${pathKey(one)}/${pathKey(other)}`);
      }),
    );
  });

  test.each([
    ['IMG_1.JPG', 'img_1.jpg'],
    ['STRASSE', 'straße'],
    ['STRAẞE', 'straße'],
    ['ΟΔΟΣ', 'οδος'],
    ['Ångström', 'A\u030Angstro\u0308m'],
  ])('%s and %s may be one file', (one, other) => {
    expect(pathKey(one)).toBe(pathKey(other));
  });

  test.each([
    ['a.jpg', 'b.jpg'],
    ['가.jpg', '각.jpg'],
    ['e.jpg', 'é.jpg'],
    ['Caf\uEFE9.jpg', 'Caf\uEFC9.jpg'],
  ])('%s and %s are two files', (one, other) => {
    expect(pathKey(one)).not.toBe(pathKey(other));
  });
});

test('names that collide are all kept', () => {
  const composed = '서울.jpg'.normalize('NFC');
  const decomposed = '서울.jpg'.normalize('NFD');
  expect(collidingNames(['A.jpg', composed, 'b.jpg', 'a.JPG', decomposed, 'b.jpg'])).toEqual([
    ['A.jpg', 'a.JPG'],
    [composed, decomposed],
  ]);
});
