import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  fromNativeName,
  fromTypedPath,
  mayHideBytes,
  toDisplayPath,
  toNativePath,
} from '../../../electron/engine/scan/raw-path.ts';

const bytesOf = (path: string): Buffer => Buffer.from(toNativePath(path));

describe('raw paths', () => {
  test('any bytes come back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect([...bytesOf(fromNativeName(bytes))]).toEqual([...bytes]);
      }),
    );
  });

  test('bytes around the carriers come back', () => {
    const nasty = fc.constantFrom(0xee, 0xbe, 0xbf, 0x80, 0xef, 0xbd, 0xed, 0xa0, 0x41, 0xf0, 0x9f);
    fc.assert(
      fc.property(fc.array(nasty, { maxLength: 12 }), (values) => {
        expect([...bytesOf(fromNativeName(Uint8Array.from(values)))]).toEqual(values);
      }),
      { numRuns: 2000 },
    );
  });

  test('different bytes have different strings', () => {
    const bytes = fc.uint8Array({ maxLength: 8 });
    fc.assert(
      fc.property(bytes, bytes, (one, other) => {
        fc.pre(Buffer.compare(one, other) !== 0);
        expect(fromNativeName(one)).not.toBe(fromNativeName(other));
      }),
    );
  });

  test('valid text is itself, in any script and normal form', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((value) => !/[\uEF80-\uEFFF]/u.test(value));
    fc.assert(
      fc.property(text, (value) => {
        expect(fromNativeName(Buffer.from(value))).toBe(value);
        expect(toNativePath(value)).toBe(value);
        expect(fromTypedPath(value)).toBe(value);
      }),
    );
  });

  test('a name that is not UTF-8 is bytes for Node and readable for people', () => {
    const latin1 = Buffer.from('Caf\xe9.jpg', 'latin1');
    const name = fromNativeName(latin1);
    expect(name).toBe('Caf\uEFE9.jpg');
    expect(toNativePath(`/photos/${name}`)).toEqual(
      Buffer.concat([Buffer.from('/photos/'), latin1]),
    );
    expect(toDisplayPath(name)).toBe('Caf\uFFFD.jpg');
  });

  test('a genuine carrier in a typed path leads to the file of that name', () => {
    const typed = '/photos/\uEF85.jpg';
    expect(bytesOf(fromTypedPath(typed))).toEqual(Buffer.from(typed));
    expect(fromTypedPath(typed)).not.toBe(typed);
  });

  test('only names that may hide bytes are read again', () => {
    expect(mayHideBytes('한국어.jpg')).toBe(false);
    expect(mayHideBytes('Caf\uFFFD.jpg')).toBe(true);
    expect(mayHideBytes('\uEF85.jpg')).toBe(true);
  });
});
