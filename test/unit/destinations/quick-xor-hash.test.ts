import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { QuickXorHash } from '../../../electron/engine/destinations/onedrive/quick-xor-hash.ts';
import { someBytes } from '../../../electron/engine/destinations/validation/sources.ts';

const hashOf = (bytes: Uint8Array): string => new QuickXorHash().update(bytes).digest();

/** Straight from the description: rotations of a number of 160 bits. */
function described(bytes: Uint8Array): string {
  const width = 160n;
  let hash = 0n;
  for (const [index, byte] of bytes.entries()) {
    const shift = BigInt(index * 11) % width;
    const rotated = BigInt(byte) << shift;
    hash ^= (rotated & ((1n << width) - 1n)) | (rotated >> width);
  }
  const block = Buffer.from(hash.toString(16).padStart(40, '0'), 'hex').reverse();
  const length = Buffer.alloc(20);
  length.writeBigUInt64LE(BigInt(bytes.length), 12);
  return Buffer.from(block.map((byte, index) => byte ^ (length[index] ?? 0))).toString('base64');
}

describe('QuickXorHash', () => {
  test.each([
    ['', 'AAAAAAAAAAAAAAAAAAAAAAAAAAA='],
    ['Sg==', 'SgAAAAAAAAAAAAAAAQAAAAAAAAA='],
    ['eAV52qE=', 'eChAHrQRCgAAAAAABQAAAAAAAAA='],
    ['aGVsbG8gd29ybGQ=', 'aCgDG9jwBhDc4Q1yawMZAAAAAAA='],
  ])('of %s is %s', (bytes, hash) => {
    expect(hashOf(Buffer.from(bytes, 'base64'))).toBe(hash);
  });

  test('is what its description says, in whatever pieces the bytes come', () => {
    const cuts = fc.array(fc.nat(700), { maxLength: 5 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 700 }), cuts, (bytes, places) => {
        const hash = new QuickXorHash();
        let from = 0;
        for (const to of [...places.toSorted((left, right) => left - right), bytes.length]) {
          hash.update(bytes.subarray(from, to));
          from = Math.max(from, Math.min(to, bytes.length));
        }
        expect(hash.digest()).toBe(described(bytes));
      }),
    );
  });

  test('is so for many bytes too, wherever in memory they begin', () => {
    const bytes = someBytes(50_003);
    expect(hashOf(bytes)).toBe(described(bytes));
    expect(hashOf(bytes.subarray(3))).toBe(described(bytes.subarray(3)));
  });

  test('cannot prove an upload: fragments that changed places leave it as it was', () => {
    const fragment = 327_680;
    const bytes = someBytes(2 * fragment);
    const swapped = Buffer.concat([bytes.subarray(fragment), bytes.subarray(0, fragment)]);
    expect(swapped.equals(bytes)).toBe(false);
    expect(hashOf(swapped)).toBe(hashOf(bytes));
  });
});
