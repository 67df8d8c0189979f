import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { byteRangeOf } from '../../../shared/domain/byte-range.ts';

describe('byteRangeOf', () => {
  it.each([
    ['bytes=0-0', 10, { start: 0, end: 0 }],
    ['bytes=0-', 10, { start: 0, end: 9 }],
    ['bytes=-3', 10, { start: 7, end: 9 }],
    ['bytes=-30', 10, { start: 0, end: 9 }],
    ['bytes=5-99', 10, { start: 5, end: 9 }],
    ['bytes=10-', 10, 'unsatisfiable'],
    ['bytes=-0', 10, 'unsatisfiable'],
    ['bytes=0-', 0, 'unsatisfiable'],
    ['bytes=-5', 0, 'unsatisfiable'],
    ['bytes=7-3', 10, null],
    ['bytes=-', 10, null],
    ['bytes=0-1,4-5', 10, null],
    ['items=0-1', 10, null],
    ['bytes=a-b', 10, null],
    [undefined, 10, null],
  ] as const)('reads %s of %d bytes', (header, size, wanted) => {
    expect(byteRangeOf(header, size)).toEqual(wanted);
  });

  it('never leaves the file, whatever the header says', () => {
    const edge = fc.oneof(fc.nat(), fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.constant(''));
    const header = fc.oneof(
      fc.string(),
      fc.tuple(edge, edge).map(([from, to]) => `bytes=${String(from)}-${String(to)}`),
    );
    fc.assert(
      fc.property(header, fc.nat(), (text, size) => {
        const range = byteRangeOf(text, size);
        if (range === null || range === 'unsatisfiable') return;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.start).toBeLessThanOrEqual(range.end);
        expect(range.end).toBeLessThan(size);
      }),
    );
  });

  it('gives the bytes that were asked for, as far as there are any', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), fc.integer({ min: 1, max: 1000 }), (a, b, size) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const wanted = Array.from({ length: size }, (_, index) => index).slice(from, to + 1);
        const range = byteRangeOf(`bytes=${String(from)}-${String(to)}`, size);
        if (wanted.length === 0) expect(range).toBe('unsatisfiable');
        else expect(range).toEqual({ start: wanted[0], end: wanted.at(-1) });
      }),
    );
  });
});
