import type { DayCount } from '../../shared/contract/app/timeline.ts';

/** What is asked of the engine at once: some days of a month, or a part of one large day. */
export interface PageRange {
  readonly newest: string;
  readonly oldest: string;
  readonly offset: number;
  readonly limit: number;
}

/** A day, or a part of a large one, that is laid out by itself. */
export interface Section {
  readonly day: string;
  /** Whether the day begins here, and with it its heading. */
  readonly opensDay: boolean;
  /** Whether the month begins here. */
  readonly opensMonth: boolean;
  /** Whether the month's name stands over it: a month of one day is named by that day's own heading. */
  readonly namesMonth: boolean;
  /** Whether the day goes on in the next section. */
  readonly continues: boolean;
  readonly count: number;
  /** Index of its first photo in the whole timeline. */
  readonly start: number;
  /** Index of its page. */
  readonly page: number;
  /** Where its photos begin within the page. */
  readonly offset: number;
}

export interface Sections {
  readonly sections: readonly Section[];
  readonly pages: readonly PageRange[];
  /** Photos in all. */
  readonly total: number;
}

/** Photos that are asked for at once, at most. */
export const PAGE = 200;

/**
 * Cuts the timeline into what is loaded and laid out together. Pages end with the month, so that a new photo
 * moves the pages of its own month only.
 */
export function cutSections(days: readonly DayCount[]): Sections {
  const sections: Section[] = [];
  const pages: PageRange[] = [];
  let start = 0;
  let open: { newest: string; oldest: string; count: number } | null = null;
  let month = '';
  const closePage = (): void => {
    if (open === null) return;
    pages.push({ newest: open.newest, oldest: open.oldest, offset: 0, limit: open.count });
    open = null;
  };
  for (const [index, { day, count }] of days.entries()) {
    const opensMonth = day.slice(0, 7) !== month;
    month = day.slice(0, 7);
    const namesMonth = opensMonth && days[index + 1]?.day.slice(0, 7) === month;
    if (opensMonth || (open !== null && open.count + count > PAGE)) closePage();
    if (count > PAGE) {
      closePage();
      for (let offset = 0; offset < count; offset += PAGE) {
        const part = Math.min(PAGE, count - offset);
        sections.push({
          day,
          opensDay: offset === 0,
          opensMonth: opensMonth && offset === 0,
          namesMonth: namesMonth && offset === 0,
          continues: offset + part < count,
          count: part,
          start: start + offset,
          page: pages.length,
          offset: 0,
        });
        pages.push({ newest: day, oldest: day, offset, limit: part });
      }
    } else {
      open ??= { newest: day, oldest: day, count: 0 };
      sections.push({
        day,
        opensDay: true,
        opensMonth,
        namesMonth,
        continues: false,
        count,
        start,
        page: pages.length,
        offset: open.count,
      });
      open = { ...open, oldest: day, count: open.count + count };
    }
    start += count;
  }
  closePage();
  return { sections, pages, total: start };
}

/** Index of the section that holds the photo with this index in the timeline; 0 where there is none. */
export function sectionOfPhoto(sections: readonly Section[], index: number): number {
  return lastWhere(sections.length, (at) => (sections[at]?.start ?? Infinity) <= index);
}

/** The largest index below `length` for which a condition holds that holds up to some index; 0 where for none. */
export function lastWhere(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}
