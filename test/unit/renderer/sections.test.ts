import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { cutSections, PAGE, sectionOfPhoto } from '../../../renderer/timeline/sections.ts';

const days = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 4000 }), fc.integer({ min: 1, max: 900 })), {
    selector: ([back]) => back,
    maxLength: 60,
  })
  .map((list) =>
    list
      .sort(([one], [other]) => one - other)
      .map(([back, count]) => ({
        day: new Date(Date.UTC(2026, 10, 22) - back * 86_400_000).toISOString().slice(0, 10),
        count,
      })),
  );

describe('the sections of a timeline', () => {
  it('hold every photo of every day once, newest first', () => {
    fc.assert(
      fc.property(days, (given) => {
        const { sections, total } = cutSections(given);
        let start = 0;
        for (const section of sections) {
          expect(section.start).toBe(start);
          start += section.count;
        }
        expect(total).toBe(start);
        const counts = new Map<string, number>();
        for (const { day, count } of sections) counts.set(day, (counts.get(day) ?? 0) + count);
        expect([...counts].map(([day, count]) => ({ day, count }))).toEqual(given);
      }),
    );
  });

  it('lie in pages that the engine gives at once, and that never cross a month', () => {
    fc.assert(
      fc.property(days, (given) => {
        const { sections, pages } = cutSections(given);
        for (const page of pages) {
          expect(page.limit).toBeLessThanOrEqual(PAGE);
          expect(page.newest.slice(0, 7)).toBe(page.oldest.slice(0, 7));
        }
        for (const [index, page] of pages.entries()) {
          const own = sections.filter((section) => section.page === index);
          expect(own.reduce((sum, { count }) => sum + count, 0)).toBe(page.limit);
          expect(own[0]?.day).toBe(page.newest);
          expect(own.at(-1)?.day).toBe(page.oldest);
          let offset = 0;
          for (const section of own) {
            expect(section.offset).toBe(offset);
            offset += section.count;
          }
        }
      }),
    );
  });

  it('open each day and each month once', () => {
    fc.assert(
      fc.property(days, (given) => {
        const { sections } = cutSections(given);
        expect(sections.filter(({ opensDay }) => opensDay)).toHaveLength(given.length);
        const months = new Set(given.map(({ day }) => day.slice(0, 7)));
        expect(sections.filter(({ opensMonth }) => opensMonth)).toHaveLength(months.size);
      }),
    );
  });

  it('are found by the photo they hold', () => {
    const { sections } = cutSections([
      { day: '2026-11-22', count: 3 },
      { day: '2026-11-20', count: 450 },
      { day: '2026-10-01', count: 2 },
    ]);
    expect(sections[sectionOfPhoto(sections, 2)]?.day).toBe('2026-11-22');
    expect(sections[sectionOfPhoto(sections, 3)]?.day).toBe('2026-11-20');
    expect(sections[sectionOfPhoto(sections, 452)]).toMatchObject({ continues: false, count: 50 });
    expect(sections[sectionOfPhoto(sections, 453)]?.day).toBe('2026-10-01');
  });

  it('keep the pages of other months when a photo is added', () => {
    const before = cutSections([
      { day: '2026-11-22', count: 150 },
      { day: '2026-10-20', count: 120 },
      { day: '2026-10-19', count: 90 },
    ]).pages;
    const after = cutSections([
      { day: '2026-11-22', count: 151 },
      { day: '2026-10-20', count: 120 },
      { day: '2026-10-19', count: 90 },
    ]).pages;
    expect(after.slice(1)).toEqual(before.slice(1));
  });
});
