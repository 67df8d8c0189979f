import { describe, expect, it } from 'vitest';

import { TimelineLayout } from '../../../renderer/timeline/layout.ts';
import { metricsFor } from '../../../renderer/timeline/metrics.ts';
import { monthAway, yearMarks } from '../../../renderer/timeline/scrubber-marks.ts';
import { cutSections } from '../../../renderer/timeline/sections.ts';
import { FakeLibrary } from '../../support/app/fake-library.ts';

const layout = new TimelineLayout(cutSections(new FakeLibrary(30_000).days), metricsFor(1400, 16));

describe('the years on the scrubber', () => {
  it('stand newest first, in order, apart from each other', () => {
    const marks = yearMarks(layout, layout.total, 0.02);
    expect(marks.length).toBeGreaterThan(5);
    expect(marks[0]).toMatchObject({ year: '2026', place: 0 });
    for (const [index, { year, place }] of marks.entries()) {
      const before = marks[index - 1];
      if (before === undefined) continue;
      expect(Number(year)).toBeLessThan(Number(before.year));
      expect(place - before.place).toBeGreaterThanOrEqual(0.02);
    }
  });

  it('leave out what would be too close', () => {
    expect(yearMarks(layout, layout.total, 0.5).length).toBeLessThanOrEqual(2);
  });

  it('are none without photos', () => {
    const nothing = new TimelineLayout(cutSections([]), metricsFor(1400, 16));
    expect(yearMarks(nothing, nothing.total, 0.02)).toEqual([]);
  });
});

describe('moving by months', () => {
  it('goes to the beginning of the month before and after', () => {
    const { sections } = layout.cut;
    const next = monthAway(layout, 0, 1);
    expect(sections[next]).toMatchObject({ opensMonth: true });
    expect(sections[next]?.day.slice(0, 7)).not.toBe(sections[0]?.day.slice(0, 7));
    expect(monthAway(layout, next, -1)).toBe(0);
  });

  it('stops at the ends', () => {
    expect(monthAway(layout, 0, -1)).toBe(0);
    const last = layout.cut.sections.length - 1;
    expect(monthAway(layout, last, 1)).toBe(last);
  });
});
