import type { Language } from './i18n.ts';

/** How numbers, sizes, dates and spans of time are written in one language. */
export interface Formats {
  readonly number: (value: number) => string;
  /** 0 to 1. */
  readonly percent: (value: number) => string;
  /** `3.4 GB`: powers of 1000, as drives are sold. */
  readonly bytes: (bytes: number) => string;
  /** `2.1 MB/s`. */
  readonly rate: (bytesPerSecond: number) => string;
  /** `YYYY-MM-DD` as `Friday, 17 May 2024`. */
  readonly day: (day: string) => string;
  /** As `day`, without the year in the year of `today` (`YYYY-MM-DD`). */
  readonly dayHeading: (day: string, today: string) => string;
  /** `YYYY-MM…` as `May 2024`. */
  readonly month: (month: string) => string;
  /** `YYYY…` as the language writes a year. */
  readonly year: (year: string) => string;
  /** Wall time `YYYY-MM-DDTHH:MM…` as date and time, without moving it into any zone. */
  readonly wall: (wall: string) => string;
  /** Milliseconds since 1970 as date and time in the computer's zone. */
  readonly moment: (ms: number) => string;
  /** Milliseconds since 1970 as time of day in the computer's zone. */
  readonly time: (ms: number) => string;
  /** How long ago or in how long, of two moments in milliseconds since 1970. */
  readonly relative: (ms: number, nowMs: number) => string;
  /** A span in milliseconds roughly, in its largest unit: `5 minutes`. */
  readonly span: (ms: number) => string;
  /** Length of a video, `1:05` or `1:02:03`. */
  readonly duration: (ms: number) => string;
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;

const SPANS = [
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
  { unit: 'second', ms: 1000 },
] as const;

/** The formats of a language; the same object each time. */
export function formatsFor(language: Language): Formats {
  const known = made.get(language);
  if (known !== undefined) return known;
  const formats = makeFormats(language);
  made.set(language, formats);
  return formats;
}

const made = new Map<Language, Formats>();

function makeFormats(language: Language): Formats {
  const locale = language === 'ko' ? 'ko-KR' : 'en';
  const number = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const sizes = UNITS.map(
    (unit) =>
      new Intl.NumberFormat(locale, {
        style: 'unit',
        unit,
        unitDisplay: unit === 'byte' ? 'long' : 'short',
        maximumFractionDigits: unit === 'byte' || unit === 'kilobyte' ? 0 : 1,
      }),
  );
  // Wall times are read as if they were UTC and written as such: no zone ever moves them.
  const dates = (options: Intl.DateTimeFormatOptions): ((wall: string) => string) => {
    const format = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
    return (wall) => {
      const ms = Date.parse(`${wall}Z`);
      return Number.isNaN(ms) ? wall : format.format(ms);
    };
  };
  const full = dates({ year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' });
  const short = dates({ month: 'long', day: 'numeric', weekday: 'long' });
  const monthYear = dates({ year: 'numeric', month: 'long' });
  const yearOnly = dates({ year: 'numeric' });
  const wall = dates({ dateStyle: 'long', timeStyle: 'short' });
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const spans = SPANS.map(({ unit, ms }) => ({
    ms,
    format: new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }),
  }));

  const bytes = (value: number): string => {
    const power = Math.min(value < 1000 ? 0 : Math.floor(Math.log10(value) / 3), UNITS.length - 1);
    return sizes[power]?.format(value / 1000 ** power) ?? '';
  };
  return {
    number: (value) => number.format(value),
    percent: (value) => percent.format(value),
    bytes,
    rate: (value) => `${bytes(value)}/s`,
    day: (day) => full(`${day}T00:00:00`),
    dayHeading: (day, today) =>
      (day.slice(0, 4) === today.slice(0, 4) ? short : full)(`${day}T00:00:00`),
    month: (month) => monthYear(`${month.slice(0, 7)}-01T00:00:00`),
    year: (year) => yearOnly(`${year.slice(0, 4)}-01-01T00:00:00`),
    wall,
    moment: (ms) => moment.format(ms),
    time: (ms) => time.format(ms),
    relative: (ms, nowMs) => {
      const distance = ms - nowMs;
      const span = SPANS.find((each) => Math.abs(distance) >= each.ms);
      if (span === undefined) return relative.format(0, 'second');
      return relative.format(Math.trunc(distance / span.ms), span.unit);
    },
    span: (ms) => {
      const span = spans.find((each) => ms >= each.ms) ?? spans.at(-1);
      return span === undefined ? '' : span.format.format(Math.max(1, Math.round(ms / span.ms)));
    },
    duration: (ms) => {
      const seconds = Math.round(ms / 1000);
      const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
      const shown = parts[0] === 0 ? parts.slice(1) : parts;
      return shown
        .map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0')))
        .join(':');
    },
  };
}
