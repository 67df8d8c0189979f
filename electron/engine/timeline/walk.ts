import type { PhotoQuery } from '../catalog/photo-filter.ts';
import type { DayCount, DayRange, Timeline, TimelineKey } from '../catalog/timeline.ts';
import { giveWay } from './give-way.ts';

/** Photos that one question to the catalogue may look at: some ten milliseconds. */
const photosAtOnce = 10_000;
const daysAtOnce = 400;

/** Before and after every day that there can be. */
export const allDays: DayRange = { newest: '9999-12-31', oldest: '0000-01-01' };

/** Cuts a range into pieces of a bounded number of photos, newest first. A day is never cut. */
function* pieces(timeline: Timeline, range: DayRange): Generator<DayRange, void> {
  let newest: string | null = null;
  let oldest = '';
  let photos = 0;
  for (const { day, count } of daysOf(timeline, range)) {
    newest ??= day;
    oldest = day;
    photos += count;
    if (photos < photosAtOnce) continue;
    yield { newest, oldest };
    newest = null;
    photos = 0;
  }
  if (newest !== null) yield { newest, oldest };
}

/** As {@link Timeline.days}, without asking for more of them than are looked at. */
function* daysOf(timeline: Timeline, range: DayRange): Generator<DayCount, void> {
  let newest = range.newest;
  for (;;) {
    const days = timeline.days({ newest, oldest: range.oldest }, daysAtOnce);
    yield* days;
    const last = days.at(-1);
    if (last === undefined || days.length < daysAtOnce) return;
    // Sorts just before the day and after the one before it.
    newest = last.day.slice(0, -1) + String.fromCharCode(last.day.charCodeAt(9) - 1);
  }
}

/** Where nothing is left out every photo that is looked at is one of the page. */
function piecesOf(timeline: Timeline, query: PhotoQuery, range: DayRange): Iterable<DayRange> {
  return query.narrow || !query.filters ? [range] : pieces(timeline, range);
}

/** Photos a day, newest first. */
export async function countDays(
  timeline: Timeline,
  query: PhotoQuery,
  range: DayRange,
  signal: AbortSignal,
): Promise<DayCount[]> {
  if (!query.filters) return timeline.days(range);
  if (query.looksUp && !query.narrow) return countDaysById(timeline, query, range, signal);
  const days: DayCount[] = [];
  for (const piece of piecesOf(timeline, query, range)) {
    const counted = timeline.countDays(query, piece);
    days.push(...counted.sort((a, b) => (a.day < b.day ? 1 : -1)));
    await giveWay(signal);
  }
  return days;
}

async function countDaysById(
  timeline: Timeline,
  query: PhotoQuery,
  range: DayRange,
  signal: AbortSignal,
): Promise<DayCount[]> {
  const counts = new Map<string, number>();
  const last = timeline.lastId();
  for (let after = 0; after < last; after += photosAtOnce) {
    for (const { day, count } of timeline.countDaysOfIds(
      query,
      range,
      after,
      after + photosAtOnce,
    )) {
      counts.set(day, (counts.get(day) ?? 0) + count);
    }
    await giveWay(signal);
  }
  return [...counts]
    .map(([day, count]) => ({ day, count }))
    .sort((a, b) => (a.day < b.day ? 1 : -1));
}

/** A page of a range, newest first. */
export async function pageOf(
  timeline: Timeline,
  query: PhotoQuery,
  { range, offset, limit }: { range: DayRange; offset: number; limit: number },
  signal: AbortSignal,
): Promise<number[]> {
  const start = query.filters ? { range, offset } : skipDays(timeline, range, offset);
  if (start === null) return [];
  const ids: number[] = [];
  const wanted = start.offset + limit;
  for (const piece of piecesOf(timeline, query, start.range)) {
    ids.push(...timeline.newest(query, piece, wanted - ids.length));
    if (ids.length >= wanted) break;
    await giveWay(signal);
  }
  return ids.slice(start.offset, wanted);
}

/** The nearest photos on one side of a place, nearest first. */
export async function beside(
  timeline: Timeline,
  query: PhotoQuery,
  { key, direction, range, limit }: Beside,
  signal: AbortSignal,
): Promise<number[]> {
  if (limit === 0) return [];
  const day = key.wall.slice(0, 10);
  const newer = direction === 'newer';
  const side = newer
    ? { newest: range.newest, oldest: later(range.oldest, day) }
    : { newest: earlier(range.newest, day), oldest: range.oldest };
  const forward = [...piecesOf(timeline, query, side)];
  const ids: number[] = [];
  for (const piece of newer ? forward.reverse() : forward) {
    ids.push(...timeline.beside(query, key, direction, piece, limit - ids.length));
    if (ids.length >= limit) break;
    await giveWay(signal);
  }
  return ids;
}

export interface Beside {
  readonly key: TimelineKey;
  readonly direction: 'newer' | 'older';
  readonly range: DayRange;
  readonly limit: number;
}

/** Leaves out whole days of an offset, so that a page deep in a large range costs as little as its first. */
function skipDays(
  timeline: Timeline,
  range: DayRange,
  offset: number,
): { range: DayRange; offset: number } | null {
  if (offset === 0) return { range, offset };
  let left = offset;
  for (const { day, count } of daysOf(timeline, range)) {
    if (left < count) return { range: { newest: day, oldest: range.oldest }, offset: left };
    left -= count;
  }
  return null;
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}

function earlier(a: string, b: string): string {
  return a < b ? a : b;
}
