import { wallTimeOf, type DateFields, type WallTime } from './wall-time.ts';

/** A time read from a file's name. */
export interface FileNameTime extends WallTime {
  /** True where the app that made the name writes UTC. */
  readonly utc: boolean;
  /** `low` where the name holds only the date, or when a file was received rather than taken. */
  readonly confidence: 'medium' | 'low';
}

interface NamePattern {
  readonly pattern: RegExp;
  readonly utc?: true;
  readonly confidence?: 'low';
}

const dashed = String.raw`(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})`;
const compact = String.raw`(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})`;
const compactTime = String.raw`(?<hour>\d{2})(?<minute>\d{2})(?<second>\d{2})`;
const dashedTime = String.raw`(?<hour>\d{2})-(?<minute>\d{2})-(?<second>\d{2})`;
const dottedTime = String.raw`(?<hour>\d{1,2})\.(?<minute>\d{2})\.(?<second>\d{2})`;
/** What follows a time must not go on as a number or word, lest an identifier is taken for a date. */
const end = String.raw`(?![0-9A-Za-z])`;
const space = String.raw`[ \u202f]`;

function anchored(source: string): RegExp {
  return new RegExp(`^${source}${end}`, 'u');
}

/**
 * The naming habits of cameras and apps, each anchored at the start of the name.
 * Pixel phones write UTC (support.google.com/pixelcamera); KakaoTalk's time is when the file was received;
 * WhatsApp gives the date alone.
 */
const patterns: readonly NamePattern[] = [
  {
    pattern: anchored(`PXL_${compact}_${compactTime}(?<fraction>\\d{3})`),
    utc: true,
  },
  {
    pattern: anchored(
      `(?:IMG|VID|MVIMG|PANO|BURST|Screenrecording|Screen_Recording)_${compact}_${compactTime}(?<fraction>\\d{3})?`,
    ),
  },
  { pattern: anchored(`${compact}_${compactTime}(?<fraction>\\d{3})?`) },
  { pattern: anchored(`Screenshot_${compact}[-_]${compactTime}(?<fraction>\\d{3})?`) },
  { pattern: anchored(`Screenshot_${dashed}-${dashedTime}(?:-(?<fraction>\\d{2,3}))?`) },
  {
    pattern: anchored(
      `(?:Screenshot|Screen Shot) ${dashed} at ${dottedTime}(?:${space}(?<half>AM|PM))?`,
    ),
  },
  { pattern: anchored(`스크린샷 ${dashed} (?:(?<half>오전|오후) )?${dottedTime}`) },
  { pattern: anchored(`signal-${dashed}-${compactTime}`) },
  { pattern: anchored(`signal-${dashed}-${dashedTime}(?:-(?<fraction>\\d{3}))?`) },
  { pattern: anchored(`(?:IMG|VID)-${compact}-WA\\d{4,}`), confidence: 'low' },
  {
    pattern: anchored(`KakaoTalk_${compact}_${compactTime}(?<fraction>\\d{3})?`),
    confidence: 'low',
  },
  { pattern: anchored(`KakaoTalk_(?:Photo|Video)_${dashed}-${dashedTime}`), confidence: 'low' },
];

/** Noon stands for an unknown time of day: no zone moves it to another date. */
const noon = 12;

/**
 * The time in the name of a photo or video, by the known habits of cameras and apps; null where the name
 * follows none of them or holds no real date.
 *
 * @param name the file's name, without folders; Unicode form does not matter.
 */
export function fileNameTime(name: string): FileNameTime | null {
  const normal = name.slice(0, 255).normalize('NFC');
  for (const { pattern, utc, confidence } of patterns) {
    const groups = pattern.exec(normal)?.groups;
    if (groups === undefined) continue;
    const time = wallTimeOf(fieldsOf(groups));
    if (time === null) return null;
    return { ...time, utc: utc ?? false, confidence: confidence ?? 'medium' };
  }
  return null;
}

function fieldsOf(groups: Readonly<Record<string, string | undefined>>): DateFields {
  return {
    year: Number(groups['year']),
    month: Number(groups['month']),
    day: Number(groups['day']),
    hour: hourOf(groups['hour'], groups['half']),
    minute: Number(groups['minute'] ?? 0),
    second: Number(groups['second'] ?? 0),
    fraction: groups['fraction'],
  };
}

function hourOf(digits: string | undefined, half: string | undefined): number {
  if (digits === undefined) return noon;
  const hour = Number(digits);
  if (half === undefined) return hour;
  const afternoon = half === 'PM' || half === '오후';
  return (hour % 12) + (afternoon ? 12 : 0);
}
