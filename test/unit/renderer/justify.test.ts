import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { estimateHeight, justify, layoutAspect } from '../../../renderer/timeline/justify.ts';

const aspects = fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), { maxLength: 120 });
const options = fc.record({
  width: fc.integer({ min: 300, max: 4000 }),
  target: fc.integer({ min: 60, max: 280 }),
  gap: fc.integer({ min: 0, max: 8 }),
  continues: fc.boolean(),
});

describe('rows of pictures', () => {
  it('hold every picture once, in order', () => {
    fc.assert(
      fc.property(aspects, options, (shapes, given) => {
        const { rows } = justify(shapes, given);
        const places = rows.flatMap((row) => row.lefts.map((_, place) => row.first + place));
        expect(places).toEqual(shapes.map((_, index) => index));
      }),
    );
  });

  it('are exactly as wide as they may be, but for the last', () => {
    fc.assert(
      fc.property(aspects, options, (shapes, given) => {
        for (const row of justify(shapes, given).rows.slice(0, -1)) {
          const end = (row.lefts.at(-1) ?? 0) + (row.widths.at(-1) ?? 0);
          // A row of one very tall picture is not blown up to the width.
          if (row.height < given.target * 2) expect(end).toBe(given.width);
        }
      }),
    );
  });

  it('never overlap or leave their gap, and stay in whole pixels', () => {
    fc.assert(
      fc.property(aspects, options, (shapes, given) => {
        const { rows, height } = justify(shapes, given);
        let top = 0;
        for (const row of rows) {
          expect(row.top).toBe(top);
          top += row.height + given.gap;
          for (const [place, left] of row.lefts.entries()) {
            expect(Number.isInteger(left)).toBe(true);
            const before =
              place === 0
                ? 0
                : (row.lefts[place - 1] ?? 0) + (row.widths[place - 1] ?? 0) + given.gap;
            expect(Math.abs(left - before)).toBeLessThanOrEqual(1);
          }
        }
        expect(height).toBe(Math.max(0, top - given.gap));
      }),
    );
  });

  it('keep the shape of each picture within a few pixels', () => {
    fc.assert(
      fc.property(aspects, options, (shapes, given) => {
        for (const row of justify(shapes, given).rows) {
          for (const [place, width] of row.widths.entries()) {
            const shape = layoutAspect(shapes[row.first + place] ?? 1);
            expect(Math.abs(width - shape * row.height)).toBeLessThanOrEqual(2 + shape);
          }
        }
      }),
    );
  });

  it('come close to the height that is wanted', () => {
    const { rows } = justify(
      Array.from({ length: 100 }, (_, index) => (index % 3 === 0 ? 0.75 : 1.5)),
      {
        width: 1200,
        target: 200,
        gap: 4,
        continues: false,
      },
    );
    for (const { height } of rows) {
      expect(height).toBeGreaterThan(150);
      expect(height).toBeLessThan(270);
    }
  });

  it('take a shape that is not known for a square', () => {
    expect(layoutAspect(Number.NaN)).toBe(1);
    expect(layoutAspect(0)).toBe(1);
    expect(layoutAspect(Infinity)).toBe(1);
  });
});

describe('the estimate of a height', () => {
  it('lies near the height of pictures of common shapes', () => {
    const given = { width: 1200, target: 200, gap: 4, continues: false };
    const shapes = Array.from({ length: 200 }, (_, index) => (index % 3 === 0 ? 0.75 : 4 / 3));
    const { height } = justify(shapes, given);
    expect(Math.abs(estimateHeight(200, given) - height) / height).toBeLessThan(0.25);
  });

  it('is nothing for nothing', () => {
    expect(estimateHeight(0, { width: 1, target: 1, gap: 1, continues: false })).toBe(0);
  });
});
