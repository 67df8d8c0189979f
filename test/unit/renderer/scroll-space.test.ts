import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { LONGEST, ScrollSpace } from '../../../renderer/timeline/scroll-space.ts';

function space(total: number, viewport = 900): ScrollSpace {
  const made = new ScrollSpace();
  made.resize(total, viewport);
  return made;
}

describe('the space that is scrolled', () => {
  it('is as long as the content while that fits into a browser', () => {
    const small = space(50_000);
    expect(small.length).toBe(50_000);
    small.scrolled(12_345);
    expect(small.top).toBe(12_345);
    expect(small.offset).toBe(0);
  });

  it('never grows longer than a browser takes', () => {
    expect(space(400_000_000).length).toBe(LONGEST);
  });

  it('moves pixel by pixel by the wheel, however long the content', () => {
    const long = space(40_000_000);
    let position = long.jump(20_000_000);
    for (let step = 0; step < 50; step++) {
      const before = long.top;
      position += 100;
      long.scrolled(position);
      expect(long.top - before).toBe(100);
    }
  });

  it('reaches both ends when the scroll bar is dragged there', () => {
    const long = space(40_000_000);
    long.scrolled(long.length - 900);
    expect(long.top).toBe(long.end);
    long.scrolled(0);
    expect(long.top).toBe(0);
  });

  it('can be wheeled to the very ends', () => {
    const long = space(40_000_000);
    let position = long.jump(long.end - 40_000);
    for (let step = 0; step < 500 && long.top < long.end; step++) {
      position = Math.min(position + 120, long.length - 900);
      if (long.scrolled(position)) position = long.settle();
    }
    expect(long.top).toBe(long.end);
    position = long.jump(40_000);
    for (let step = 0; step < 500 && long.top > 0; step++) {
      position = Math.max(position - 120, 0);
      if (long.scrolled(position)) position = long.settle();
    }
    expect(long.top).toBe(0);
  });

  it('shows the same after it settled, with what is drawn within the browser’s box', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1000, max: 60_000_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.array(fc.integer({ min: -5000, max: 5000 }), { maxLength: 20 }),
        (total, share, moves) => {
          const given = space(total);
          let position = given.jump(share * given.end);
          for (const move of moves) {
            position = Math.min(Math.max(0, position + move), given.length - 900);
            if (given.scrolled(position)) position = given.settle();
          }
          const { top } = given;
          position = given.settle();
          expect(given.top).toBe(top);
          expect(position).toBeGreaterThanOrEqual(0);
          expect(position).toBeLessThanOrEqual(Math.max(0, given.length - 900) + 1);
          expect(position + given.offset).toBeCloseTo(top, 6);
        },
      ),
    );
  });

  it('keeps what is seen in place when something above becomes longer', () => {
    const given = space(100_000);
    given.scrolled(50_000);
    given.shift(300);
    given.resize(100_300, 900);
    expect(given.top - given.offset).toBe(50_000);
    expect(given.top).toBe(50_300);
  });
});
