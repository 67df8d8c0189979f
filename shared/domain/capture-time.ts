import type { CaptureTime, CaptureTimeSource } from './asset.ts';
import { fileNameTime, type FileNameTime } from './file-name-time.ts';
import type { MetadataTags } from './metadata-tags.ts';
import { offsetAtPosition, offsetAtPositionForWall } from './position-offset.ts';
import type { TakeoutFacts } from './takeout-facts.ts';
import {
  formatOffset,
  formatWallTime,
  isUsableTime,
  offsetBetween,
  parseDate,
  parseOffset,
  type WallTime,
} from './wall-time.ts';

/** What is known of a file beside its own bytes. */
export interface FileFacts {
  /** The file's name, without folders. */
  readonly fileName: string;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number;
  /** Milliseconds since 1970; null where unknown. */
  readonly bornMs: number | null;
  /** From the photo's Google Takeout JSON. */
  readonly takeout?: TakeoutFacts | null;
}

type Confidence = CaptureTime['confidence'];

/** Everything the rules below look at, read once. */
interface Evidence {
  readonly tags: MetadataTags;
  readonly facts: FileFacts;
  readonly position: { readonly latitude: number; readonly longitude: number } | null;
  readonly gpsMs: number | null;
  readonly named: FileNameTime | null;
}

/** Milliseconds from 1904 to 1970, from QuickTime's count to Unix's. */
const quickTimeEpochMs = 2_082_844_800_000;

/** FAT and ZIP start at this day: a clock that was never set. */
const fatEpochMs = Date.UTC(1980, 0, 1);

/**
 * When a photo was taken, by the best source there is: the camera's own time, QuickTime's, GPS, Google
 * Takeout, the file's name, EXIF's time of last change, and last the older of the file system's times.
 *
 * The result depends on nothing but the arguments, never on this computer's clock or zone, so that every
 * device files the same photo under the same month. Where only an instant is known and no place, the wall
 * time is that of UTC. Never throws; tags are hostile.
 */
export function resolveCaptureTime(tags: MetadataTags, facts: FileFacts): CaptureTime {
  const evidence: Evidence = {
    tags,
    facts,
    position: positionOf(tags, facts),
    gpsMs: gpsInstant(tags),
    named: fileNameTime(facts.fileName),
  };
  return (
    fromOriginal(evidence) ??
    fromQuickTimeDate(evidence) ??
    fromDigitized(evidence) ??
    fromMovieHeader(evidence) ??
    fromInstant(evidence.gpsMs, 'gps', 'medium', evidence) ??
    fromInstant(facts.takeout?.takenMs ?? null, 'takeout', 'medium', evidence) ??
    fromFileName(evidence) ??
    fromModifyDate(evidence) ??
    fromFileSystem(facts)
  );
}

function fromOriginal(evidence: Evidence): CaptureTime | null {
  const { dateTimeOriginal, subSecTimeOriginal, offsetTimeOriginal, offsetTime } = evidence.tags;
  const offsets = [offsetTimeOriginal, offsetTime];
  return fromCamera(dateTimeOriginal, subSecTimeOriginal, offsets, 'high', evidence);
}

function fromDigitized(evidence: Evidence): CaptureTime | null {
  const { createDate, subSecTimeDigitized, offsetTimeDigitized, offsetTimeOriginal, offsetTime } =
    evidence.tags;
  const offsets = [offsetTimeDigitized, offsetTimeOriginal, offsetTime];
  return fromCamera(createDate, subSecTimeDigitized, offsets, 'high', evidence);
}

function fromModifyDate(evidence: Evidence): CaptureTime | null {
  const { modifyDate, offsetTime } = evidence.tags;
  return fromCamera(modifyDate, undefined, [offsetTime], 'low', evidence);
}

/** A date as the camera's clock showed it; its offset by tag, then by place, then by the GPS clock. */
function fromCamera(
  date: string | undefined,
  subSeconds: string | undefined,
  offsetTags: readonly (string | undefined)[],
  confidence: Confidence,
  evidence: Evidence,
): CaptureTime | null {
  const parsed = date === undefined ? null : parseDate(date, subSeconds);
  if (parsed === null) return null;
  const tagged = offsetTags
    .map((text) => (text === undefined ? null : parseOffset(text)))
    .find((minutes) => minutes !== null);
  const { time } = parsed;
  const offset = parsed.offset ?? tagged ?? offsetOfWall(time.wallMs, evidence);
  return captureTime(time, offset, 'exif', confidence);
}

function offsetOfWall(wallMs: number, { position, gpsMs }: Evidence): number | null {
  const byPlace =
    position === null
      ? null
      : offsetAtPositionForWall(position.latitude, position.longitude, wallMs);
  if (byPlace !== null) return byPlace;
  return gpsMs === null ? null : offsetBetween(wallMs, gpsMs);
}

function fromQuickTimeDate({ tags }: Evidence): CaptureTime | null {
  const date = tags.quickTimeCreationDate;
  const parsed = date === undefined ? null : parseDate(date);
  return parsed && captureTime(parsed.time, parsed.offset, 'quicktime', 'high');
}

/**
 * The movie header's count has no zone: by the standard it is UTC, but many cameras write their local time.
 * A place or a local time in the file's name settles it; otherwise the digits stand, without an offset.
 */
function fromMovieHeader(evidence: Evidence): CaptureTime | null {
  const seconds = evidence.tags.quickTimeCreateSeconds;
  if (seconds === undefined) return null;
  const countedMs = seconds * 1000 - quickTimeEpochMs;
  if (!isUsableTime(countedMs) || countedMs < 0) return null;
  const settled = placeInstant(countedMs, evidence);
  if (settled !== null) return captureTime(settled.time, settled.offset, 'quicktime', 'medium');
  return captureTime({ wallMs: countedMs, fraction: false }, null, 'quicktime', 'low');
}

/** A source that is known to count in UTC. */
function fromInstant(
  utcMs: number | null,
  source: CaptureTimeSource,
  confidence: Confidence,
  evidence: Evidence,
): CaptureTime | null {
  if (utcMs === null || !isUsableTime(utcMs)) return null;
  const settled = placeInstant(utcMs, evidence);
  if (settled !== null) return captureTime(settled.time, settled.offset, source, confidence);
  return captureTime({ wallMs: utcMs, fraction: utcMs % 1000 !== 0 }, 0, source, confidence);
}

/** The wall time of an instant where the photo was taken: by its place, else by the local time in its name. */
function placeInstant(
  utcMs: number,
  { position, named }: Evidence,
): { readonly time: WallTime; readonly offset: number } | null {
  const byPlace = position && offsetAtPosition(position.latitude, position.longitude, utcMs);
  const byName =
    named === null || named.utc || named.confidence === 'low'
      ? null
      : offsetBetween(named.wallMs, utcMs);
  const offset = byPlace ?? byName;
  if (offset === null) return null;
  return { time: { wallMs: utcMs + offset * 60_000, fraction: utcMs % 1000 !== 0 }, offset };
}

function fromFileName(evidence: Evidence): CaptureTime | null {
  const { named } = evidence;
  if (named === null) return null;
  if (named.utc) return fromInstant(named.wallMs, 'filename', named.confidence, evidence);
  return captureTime(named, null, 'filename', named.confidence);
}

/** Always gives a time: a clock that was never set is better than none. */
function fromFileSystem({ modifiedMs, bornMs }: FileFacts): CaptureTime {
  const known = [modifiedMs, bornMs ?? 0].map(Math.trunc).filter(isUsableTime);
  const set = known.filter((time) => Math.floor(time / 86_400_000) * 86_400_000 !== fatEpochMs);
  const utcMs = Math.min(...(set.length > 0 ? set : known));
  const wallMs = Number.isFinite(utcMs) ? utcMs : 0;
  return captureTime({ wallMs, fraction: wallMs % 1000 !== 0 }, 0, 'filesystem', 'low');
}

function captureTime(
  time: WallTime,
  offset: number | null,
  source: CaptureTimeSource,
  confidence: Confidence,
): CaptureTime {
  return {
    wall: formatWallTime(time),
    offset: offset === null ? null : formatOffset(offset),
    utcMs: offset === null ? null : time.wallMs - offset * 60_000,
    source,
    confidence,
  };
}

function gpsInstant({ gpsDate, gpsTime }: MetadataTags): number | null {
  if (gpsDate === undefined || gpsTime === undefined) return null;
  return parseDate(`${gpsDate} ${gpsTime}`)?.time.wallMs ?? null;
}

/** The place of a photo; 0, 0 is what devices without a fix write. */
function positionOf(tags: MetadataTags, facts: FileFacts): Evidence['position'] {
  const latitude = tags.latitude ?? facts.takeout?.latitude ?? null;
  const longitude = tags.longitude ?? facts.takeout?.longitude ?? null;
  if (latitude === null || longitude === null) return null;
  return isPosition(latitude, longitude) ? { latitude, longitude } : null;
}

/** Whether two numbers are a place on Earth in degrees, and not the 0, 0 of a device without a fix. */
export function isPosition(latitude: number, longitude: number): boolean {
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return false;
  return latitude !== 0 || longitude !== 0;
}
