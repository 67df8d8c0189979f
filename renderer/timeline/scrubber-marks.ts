import type { TimelineLayout } from './layout.ts';

/** A year on the scrubber. */
export interface YearMark {
  readonly year: string;
  /** 0 (top) to 1. */
  readonly place: number;
}

/**
 * Where the years begin.
 *
 * @param total the layout's length in pixels at this moment
 * @param apart least distance of two labels, as a share of the scrubber's length
 */
export function yearMarks(
  layout: TimelineLayout,
  total: number,
  apart: number,
): readonly YearMark[] {
  const marks: YearMark[] = [];
  let year = '';
  for (const [index, section] of layout.cut.sections.entries()) {
    const own = section.day.slice(0, 4);
    if (own === year) continue;
    year = own;
    const place = total === 0 ? 0 : layout.topOf(index) / total;
    const last = marks.at(-1);
    if (last === undefined || place - last.place >= apart) marks.push({ year, place });
  }
  return marks;
}

/** Index of the section that opens the month `months` before (or, negative, after) that of a section. */
export function monthAway(layout: TimelineLayout, section: number, months: number): number {
  const { sections } = layout.cut;
  const step = Math.sign(months);
  let left = Math.abs(months);
  let found = section;
  for (let at = section + step; at >= 0 && at < sections.length && left > 0; at += step) {
    if (sections[at]?.opensMonth !== true) continue;
    // Going back from within a month leads to that month's own beginning first.
    found = at;
    left--;
  }
  return left === Math.abs(months) ? (step < 0 ? 0 : sections.length - 1) : found;
}
