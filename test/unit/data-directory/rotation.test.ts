import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { momentOf, stampOf } from '../../../electron/engine/data-directory/paths.ts';
import { backupsToKeep, isBackupDue } from '../../../electron/engine/data-directory/rotation.ts';

const dayMs = 86_400_000;
const start = Date.UTC(2024, 0, 1);

describe('the rotation of backups', () => {
  it('keeps the newest three always, and at most four', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 400 }), { maxLength: 12 }), (days) => {
        const moments = days.map((day) => start + day * dayMs);
        const kept = backupsToKeep(moments, start + 400 * dayMs);
        expect(kept.slice(0, 3)).toEqual(moments.toSorted((a, b) => b - a).slice(0, 3));
        expect(kept.length).toBe(Math.min(4, moments.length));
        expect(new Set(kept).size).toBe(kept.length);
      }),
    );
  });

  it('has, day after day, always one that is between three days and two weeks old', () => {
    let kept: readonly number[] = [];
    for (let day = 0; day < 100; day += 1) {
      const now = start + day * dayMs;
      kept = backupsToKeep([...kept, now], now);
      const oldest = (now - Math.min(...kept)) / dayMs;
      if (day >= 3) expect(oldest).toBeGreaterThanOrEqual(3);
      expect(oldest).toBeLessThanOrEqual(14);
    }
  });

  it('is due after a day, or when the clock was changed by more', () => {
    expect(isBackupDue([], start)).toBe(true);
    expect(isBackupDue([start], start + dayMs - 1)).toBe(false);
    expect(isBackupDue([start], start + dayMs)).toBe(true);
    expect(isBackupDue([start], start - 365 * dayMs)).toBe(true);
  });
});

describe('a moment in a file name', () => {
  it('comes back as it was, and sorts as it should', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 0, max: 4e12 }), (a, b) => {
        expect(momentOf(stampOf(a))).toBe(a);
        expect(stampOf(a) < stampOf(b)).toBe(a < b);
      }),
    );
    expect(momentOf('20240517')).toBeNull();
    expect(momentOf('20249917T120000000Z')).toBeNull();
  });
});
