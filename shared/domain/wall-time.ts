/**
 * Wall times as numbers: the milliseconds since 1970 that a clock at UTC would have when it shows the same
 * digits. Arithmetic on them never meets a zone or a summer time.
 */
export interface WallTime {
  readonly wallMs: number;
  /** Whether the source gave parts of a second. */
  readonly fraction: boolean;
}

/** The fields of a date as read; months count from 1. */
export interface DateFields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
  /** Digits after the decimal point, e.g. `12` for 120 ms. */
  readonly fraction?: string | undefined;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
const earliestYear = 1900;
const latestYear = 2100;

/** First days of the counts that devices without a set clock show: QuickTime's 1904 and Unix's 1970. */
const zeroDays: readonly number[] = [Date.UTC(1904, 0, 1), 0];

/** Every offset from UTC, in minutes, that a zone has used since 1970 and that is a multiple of 15. */
const fractionalOffsets: ReadonlySet<number> = new Set([
  -570, -270, -210, -150, 210, 270, 330, 345, 390, 510, 525, 570, 630, 690, 765, 825,
]);

/** A wall time from its fields; null where they are no date of the calendar from 1900 to 2100, or a zero date. */
export function wallTimeOf(fields: DateFields): WallTime | null {
  const { year, month, day, hour = 0, minute = 0, second = 0, fraction = '' } = fields;
  if (year < earliestYear || year > latestYear) return null;
  if (hour > 23 || minute > 59 || second > 59) return null;
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const wallMs = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
  const date = new Date(wallMs);
  // Date.UTC carries a 31 April over to 1 May.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return isUsableTime(wallMs) ? { wallMs, fraction: fraction !== '' } : null;
}

/** Whether a wall time or an instant lies between 1900 and 2100 and on no zero date. */
export function isUsableTime(milliseconds: number): boolean {
  if (!Number.isFinite(milliseconds)) return false;
  const date = new Date(milliseconds);
  const year = date.getUTCFullYear();
  if (!(year >= earliestYear && year <= latestYear)) return false;
  return !zeroDays.includes(Math.floor(milliseconds / dayMs) * dayMs);
}

/** `YYYY-MM-DDTHH:MM:SS[.fff]`. */
export function formatWallTime({ wallMs, fraction }: WallTime): string {
  return new Date(wallMs).toISOString().slice(0, fraction ? 23 : 19);
}

const datePattern =
  /^(\d{4})[:\-/](\d{1,2})[:\-/](\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?(?:\d{2})?)?$/u;

/** A parsed date with the offset that stood in its text, in minutes. */
export interface ParsedDate {
  readonly time: WallTime;
  readonly offset: number | null;
}

/**
 * Reads EXIF's `YYYY:MM:DD HH:MM:SS` and the ISO 8601 dates of XMP and QuickTime; a date without a time of
 * day is refused. Null where the text is no such date.
 *
 * @param subSeconds digits of a SubSecTime tag.
 */
export function parseDate(text: string, subSeconds?: string): ParsedDate | null {
  if (text.length > 64) return null;
  const match = datePattern.exec(text.replaceAll('\0', '').trim());
  if (match?.[4] === undefined) return null;
  const digits = /^\s*(\d{1,9})\s*$/u.exec(subSeconds?.replaceAll('\0', '') ?? '')?.[1];
  const time = wallTimeOf({
    year: Number(match[1]),
    month: Number(match[2]),
    day: Number(match[3]),
    hour: Number(match[4]),
    minute: Number(match[5]),
    second: Number(match[6] ?? 0),
    fraction: match[7] ?? digits,
  });
  if (time === null) return null;
  return { time, offset: match[8] === undefined ? null : parseOffset(match[8]) };
}

/** Minutes east of UTC from `+09:00`, `-0330`, `+09` or `Z`; null where it is none that a zone has. */
export function parseOffset(text: string): number | null {
  const trimmed = text.replaceAll('\0', '').trim();
  if (trimmed === 'Z') return 0;
  const match = /^([+-])(\d{2}):?(\d{2})?$/u.exec(trimmed);
  if (match === null) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  const offset = match[1] === '-' ? -minutes : minutes;
  return isRealOffset(offset) ? offset : null;
}

/** `+09:00`; UTC is `+00:00`. */
export function formatOffset(minutes: number): string {
  const sign = minutes < 0 ? '-' : '+';
  const hours = String(Math.floor(Math.abs(minutes) / 60)).padStart(2, '0');
  return `${sign}${hours}:${String(Math.abs(minutes) % 60).padStart(2, '0')}`;
}

/**
 * The offset that a wall time and an instant of the same moment imply: their difference, rounded to a
 * quarter of an hour; null where no zone has such an offset (all lie between -12 and +14 hours).
 */
export function offsetBetween(wallMs: number, utcMs: number): number | null {
  const offset = Math.round((wallMs - utcMs) / minuteMs / 15) * 15;
  return isRealOffset(offset) ? offset : null;
}

function isRealOffset(minutes: number): boolean {
  if (minutes < -720 || minutes > 840) return false;
  return minutes % 60 === 0 || fractionalOffsets.has(minutes);
}
