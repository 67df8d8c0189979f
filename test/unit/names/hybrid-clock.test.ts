import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  maxAheadMs,
  nextTimestamp,
  observe,
  parseTimestamp,
} from '../../../shared/domain/hybrid-clock.ts';

const now = Date.UTC(2024, 4, 17);
const msOf = (text: string) => parseTimestamp(text)?.ms ?? Number.NaN;

describe('nextTimestamp', () => {
  it('is fixed-width text that carries the device', () => {
    expect(nextTimestamp(null, now, 'phone')).toBe('001715904000000-000000-phone');
    expect(nextTimestamp('001715904000000-000000-phone', now, 'phone')).toBe(
      '001715904000000-000001-phone',
    );
    expect(nextTimestamp('001715904000000-999999-phone', now, 'phone')).toBe(
      '001715904000001-000000-phone',
    );
  });

  it('grows under any jumps of the wall clock', () => {
    const wall = fc.oneof(
      fc.integer({ min: -1e12, max: 4e12 }),
      fc.double({ min: 0, max: 4e12 }),
      fc.constant(Number.NaN),
    );
    fc.assert(
      fc.property(fc.array(wall, { maxLength: 50 }), (walls) => {
        let last: string | null = null;
        for (const ms of walls) {
          const next = nextTimestamp(last, ms, 'a');
          expect(parseTimestamp(next)).not.toBeNull();
          if (last !== null) expect(next > last).toBe(true);
          last = next;
        }
      }),
    );
  });

  it('refuses a device id that would break the order or a key', () => {
    expect(() => nextTimestamp(null, now, '../a')).toThrow('device id');
    expect(() => nextTimestamp('yesterday', now, 'a')).toThrow('timestamp');
  });
});

describe('observe', () => {
  it('follows whatever it has seen within a day', () => {
    fc.assert(
      fc.property(
        fc.option(fc.integer({ min: 0, max: 2e12 })),
        fc.integer({ min: -maxAheadMs, max: maxAheadMs - 1 }),
        (own, ahead) => {
          const last = own === null ? null : nextTimestamp(null, own, 'a');
          const remote = nextTimestamp(null, now + ahead, 'b');
          const seen = observe(last, remote, now, 'a');
          expect(seen > remote).toBe(true);
          if (last !== null) expect(seen > last).toBe(true);
          expect(nextTimestamp(seen, now, 'a') > remote).toBe(true);
        },
      ),
    );
  });

  it('is not dragged into the far future by a broken clock', () => {
    const broken = nextTimestamp(null, now + 365 * maxAheadMs, 'b');
    expect(msOf(observe(null, broken, now, 'a'))).toBe(now + maxAheadMs);
    const own = nextTimestamp(null, now + 2 * maxAheadMs, 'a');
    const seen = observe(own, broken, now, 'a');
    expect(seen > own).toBe(true);
    expect(msOf(seen)).toBe(now + 2 * maxAheadMs);
  });
});
