import exifr from 'exifr';
import { isPosition } from '../../../../shared/domain/capture-time.ts';
import { fail } from '../../../../shared/domain/failure.ts';
import type { MetadataTags } from '../../../../shared/domain/metadata-tags.ts';
import { parseDate } from '../../../../shared/domain/wall-time.ts';
import { viewOf } from './byte-source.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };
/** Tags while they are collected. */
export type TagDraft = Writable<MetadataTags>;

/** Everything raw: numeric codes and untouched values, because exifr's dates are in the computer's zone. */
const tiffOptions = {
  tiff: true,
  ifd0: {},
  ifd1: false,
  exif: true,
  gps: true,
  interop: false,
  xmp: true,
  iptc: true,
  icc: false,
  jfif: false,
  ihdr: false,
  makerNote: false,
  userComment: false,
  translateKeys: false,
  translateValues: false,
  reviveValues: false,
  mergeOutput: false,
  sanitize: true,
  silentErrors: true,
} as const;

/** Longest text kept of any tag; what is shown is cut further. */
const longestText = 2000;
/** Longest XMP packet that is parsed; exifr's XMP parser is not linear in its length. */
export const longestXmp = 512 * 1024;

/** Tags from a JPEG's segments or a TIFF block, by exifr; what is damaged is left out. Throws if all is. */
export async function readExif(bytes: Uint8Array): Promise<MetadataTags> {
  const first = await parse(bytes, tiffOptions);
  // One unusual IPTC or XMP tag in a TIFF makes exifr give up the whole file.
  const { tags, error } =
    first.error === undefined
      ? first
      : await parse(bytes, { ...tiffOptions, xmp: false, iptc: false });
  if (error !== undefined && Object.keys(tags).length === 0) {
    throw fail('corrupt', 'The metadata is damaged.', { cause: error });
  }
  return { ...first.tags, ...tags };
}

async function parse(
  bytes: Uint8Array,
  options: NonNullable<Parameters<typeof exifr.parse>[1]>,
): Promise<{ readonly tags: MetadataTags; readonly error: unknown }> {
  const blocks: unknown = await exifr.parse(bytes, options);
  if (!isGroup(blocks)) return { tags: {}, error: undefined };
  return { tags: tagsOf(blocks), error: blocks['errors'] };
}

/** Tags from an XMP packet. exifr reads XMP only inside a picture: here inside a TIFF of one tag. */
export async function readXmp(packet: Uint8Array): Promise<MetadataTags> {
  if (packet.length > longestXmp) return {};
  const entryCount = 1;
  const headerLength = 8 + 2 + 12 * entryCount + 4;
  const tiff = new Uint8Array(headerLength + packet.length);
  const view = viewOf(tiff);
  tiff.set([0x49, 0x49, 0x2a, 0x00, 8, 0, 0, 0, entryCount, 0]);
  view.setUint16(10, 0x02bc, true);
  view.setUint16(12, 1, true);
  view.setUint32(14, packet.length, true);
  view.setUint32(18, headerLength, true);
  tiff.set(packet, headerLength);
  return readExif(tiff);
}

type Group = Readonly<Record<string, unknown>>;

function isGroup(value: unknown): value is Group {
  return typeof value === 'object' && value !== null;
}

function tagsOf(blocks: Group): MetadataTags {
  const group = (name: string): Group => {
    const found = blocks[name];
    return isGroup(found) ? found : {};
  };
  const tags: TagDraft = {};
  fillFromCamera(tags, group('ifd0'), { ...group('ifd0'), ...group('exif') });
  fillFromGps(tags, group('gps'));
  fillFromXmp(tags, group);
  fillFromIptc(tags, group('iptc'));
  return tags;
}

/** EXIF 2.32 tables 3 to 8. Canon's CR3 keeps EXIF tags in an IFD0 of their own, hence both groups. */
function fillFromCamera(tags: TagDraft, ifd0: Group, exif: Group): void {
  setText(tags, 'make', ifd0[0x010f]);
  setText(tags, 'model', ifd0[0x0110]);
  setNumber(tags, 'orientation', ifd0[0x0112]);
  setText(tags, 'modifyDate', ifd0[0x0132]);
  setNumber(tags, 'rating', ifd0[0x4746]);
  setText(tags, 'dateTimeOriginal', exif[0x9003]);
  setText(tags, 'createDate', exif[0x9004]);
  setText(tags, 'offsetTime', exif[0x9010]);
  setText(tags, 'offsetTimeOriginal', exif[0x9011]);
  setText(tags, 'offsetTimeDigitized', exif[0x9012]);
  setText(tags, 'subSecTimeOriginal', exif[0x9291]);
  setText(tags, 'subSecTimeDigitized', exif[0x9292]);
  setNumber(tags, 'exposureTime', exif[0x829a]);
  setNumber(tags, 'fNumber', exif[0x829d]);
  setNumber(tags, 'iso', exif[0x8827]);
  setNumber(tags, 'focalLength', exif[0x920a]);
  setText(tags, 'lens', exif[0xa434]);
}

function fillFromGps(tags: TagDraft, gps: Group): void {
  const latitude = degrees(gps[2], gps[1], 'S');
  const longitude = degrees(gps[4], gps[3], 'W');
  if (latitude !== null && longitude !== null && isPosition(latitude, longitude)) {
    tags.latitude = latitude;
    tags.longitude = longitude;
  }
  setText(tags, 'gpsDate', gps[0x1d]);
  const time = numbersOf(gps[7]);
  const [hour, minute, second] = time;
  if (hour !== undefined && minute !== undefined && second !== undefined) {
    const two = (value: number): string => String(Math.trunc(value)).padStart(2, '0');
    tags.gpsTime = `${two(hour)}:${two(minute)}:${two(second)}`;
  }
}

/** XMP fills what EXIF leaves open: editors that write both keep them equal (MWG guidelines 2.0, 5.4). */
function fillFromXmp(tags: TagDraft, group: (name: string) => Group): void {
  const [exif, aux] = [group('exif'), group('aux')];
  // The same namespace was called `xap` before 2004.
  const xmp = { ...group('xap'), ...group('xmp') };
  setDate(tags, 'dateTimeOriginal', exif['DateTimeOriginal']);
  setDate(tags, 'dateTimeOriginal', group('photoshop')['DateCreated']);
  setDate(tags, 'createDate', exif['DateTimeDigitized']);
  setDate(tags, 'createDate', xmp['CreateDate']);
  setText(tags, 'make', group('ifd0')['Make']);
  setText(tags, 'model', group('ifd0')['Model']);
  setText(tags, 'lens', group('exifEX')['LensModel'] ?? aux['Lens']);
  setNumber(tags, 'rating', xmp['Rating']);
  setText(tags, 'title', alternative(group('dc')['title']));
}

/** IPTC-IIM 4.2: 2:05 object name, 2:55 date created, 2:60 time created. */
function fillFromIptc(tags: TagDraft, iptc: Group): void {
  setText(tags, 'title', iptc[5]);
  const date = /^(\d{4})(\d{2})(\d{2})$/u.exec(textOf(iptc[55]) ?? '');
  const time = /^(\d{2})(\d{2})(\d{2})/u.exec(textOf(iptc[60]) ?? '');
  if (date === null || time === null) return;
  setText(tags, 'dateTimeOriginal', `${date.slice(1, 4).join(':')} ${time.slice(1, 4).join(':')}`);
}

type TextTag = {
  [K in keyof MetadataTags]-?: MetadataTags[K] extends string | undefined ? K : never;
}[keyof MetadataTags];
type NumberTag = Exclude<keyof MetadataTags, TextTag>;

function setText(tags: TagDraft, key: TextTag, value: unknown): void {
  const text = textOf(value);
  if (tags[key] === undefined && text !== null) tags[key] = text;
}

/** Dates beside EXIF's own may lack the time of day, which is worse than the next source. */
function setDate(tags: TagDraft, key: 'dateTimeOriginal' | 'createDate', value: unknown): void {
  if (typeof value === 'string' && parseDate(value) !== null) setText(tags, key, value);
}

function setNumber(tags: TagDraft, key: NumberTag, value: unknown): void {
  const first = numbersOf(value)[0];
  if (tags[key] === undefined && first !== undefined && Number.isFinite(first)) tags[key] = first;
}

/** Text of a tag, up to the first NUL; cameras fill the rest of the field with rubbish. Null where empty. */
export function textOf(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return null;
  const clean = (text.split('\0', 1)[0] ?? '').slice(0, longestText).trim();
  return clean === '' ? null : asUtf8(clean);
}

/** exifr reads text as Latin-1; most programs write UTF-8. */
function asUtf8(text: string): string {
  if (!/[\u0080-\u00ff]/u.test(text) || /[\u0100-\uffff]/.test(text)) return text;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'latin1'));
  } catch {
    return text;
  }
}

function numbersOf(value: unknown): readonly number[] {
  if (typeof value === 'number') return [value];
  if (typeof value === 'string' && /^-?\d+(?:\.\d+)?$/u.test(value)) return [Number(value)];
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return [];
  if (value instanceof DataView) return [];
  return Array.from(value as ArrayLike<unknown>)
    .slice(0, 8)
    .filter((item) => typeof item === 'number');
}

function degrees(parts: unknown, reference: unknown, negative: string): number | null {
  const [whole, minutes = 0, seconds = 0] = numbersOf(parts);
  if (whole === undefined) return null;
  const value = whole + (minutes || 0) / 60 + (seconds || 0) / 3600;
  if (!Number.isFinite(value)) return null;
  return textOf(reference)?.toUpperCase() === negative ? -value : value;
}

/** The default text of an XMP language alternative. */
function alternative(value: unknown): unknown {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return isGroup(first) ? first['value'] : first;
}
