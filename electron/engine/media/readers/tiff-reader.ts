import { fail } from '../../../../shared/domain/failure.ts';
import type { MetadataTags } from '../../../../shared/domain/metadata-tags.ts';
import { latin1, viewOf, type ByteSource } from './byte-source.ts';
import { longestXmp, readExif } from './exif-blocks.ts';

/**
 * TIFF files and the RAW formats built on TIFF (TIFF 6.0, DNG 1.6). exifr reads the tags; which of the
 * pictures inside is the photo itself, and Apple's identifier of a Live Photo, are found here.
 */
export async function readTiffFile(source: ByteSource): Promise<MetadataTags> {
  const structure = walk(source);
  const block = Uint8Array.from(source.read(0, Math.min(structure.extent, maxBlockBytes)));
  if (structure.firstIfd + 2 > block.length)
    throw fail('unsupported', 'The tags lie too far away.');
  // RAW formats put other numbers than TIFF's 42 behind the byte order; exifr insists on it.
  block.set(structure.littleEndian ? [0x2a, 0x00] : [0x00, 0x2a], 2);
  return { ...(await readExif(block)), ...structure.size, ...structure.identity };
}

/** Tags of a TIFF block inside another file; pictures in it are thumbnails, so no size is taken from it. */
export async function readTiffBlock(block: Uint8Array): Promise<MetadataTags> {
  const tags = await readExif(block);
  return tags.make === 'Apple' ? { ...tags, ...contentIdentifierOf(block) } : tags;
}

/** Apple's identifier of a Live Photo in a TIFF block's maker note; empty where there is none. */
export function contentIdentifierOf(block: Uint8Array): Pick<MetadataTags, 'contentIdentifier'> {
  return walk(sourceOf(block)).identity;
}

function sourceOf(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}

const maxBlockBytes = 24 * 1024 * 1024;
const mostIfds = 32;
const mostEntries = 2048;
/** Values larger than this are pictures or maker notes, which exifr is not asked for. */
const largestValue = longestXmp;

interface TiffStructure {
  readonly littleEndian: boolean;
  readonly firstIfd: number;
  /** Bytes from the start that hold the directories and all values of use. */
  readonly extent: number;
  readonly size: Pick<MetadataTags, 'width' | 'height'>;
  readonly identity: Pick<MetadataTags, 'contentIdentifier'>;
}

interface Entry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** Where the value stands in the file. */
  readonly at: number;
  readonly bytes: number;
}

const tagNewSubfileType = 0x00fe;
const tagImageWidth = 0x0100;
const tagImageLength = 0x0101;
const tagSubIfds = 0x014a;
const tagExifIfd = 0x8769;
const tagGpsIfd = 0x8825;
const tagMakerNote = 0x927c;
/** Panasonic RW2: the borders of the picture on the sensor, from the top in reading order of the tags. */
const tagPanasonicBorders = [0x0004, 0x0005, 0x0006, 0x0007];
const panasonicMagic = 0x55;
const bytesOfType = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];

/** Visits the directories that matter, each once. */
function walk(source: ByteSource): TiffStructure {
  const header = source.read(0, 8);
  if (header.length < 8) throw fail('corrupt', 'The TIFF header is cut off.');
  const littleEndian = header[0] === 0x49;
  const firstIfd = viewOf(header).getUint32(4, littleEndian);
  const panasonic = header[2] === panasonicMagic;
  const pending = [firstIfd];
  const seen = new Set<number>();
  let extent = 8;
  let best = { width: 0, height: 0 };
  let identity: TiffStructure['identity'] = {};
  while (pending.length > 0 && seen.size < mostIfds) {
    const offset = pending.shift() ?? 0;
    if (offset === 0 || seen.has(offset)) continue;
    seen.add(offset);
    const directory = readDirectory(source, offset, littleEndian);
    extent = Math.max(extent, directory.end);
    const numbers = (tag: number): readonly number[] =>
      numbersOf(source, directory.entries, tag, littleEndian);
    for (const entry of directory.entries) {
      if (entry.bytes <= largestValue) extent = Math.max(extent, entry.at + entry.bytes);
      if (entry.tag === tagMakerNote) identity = appleIdentity(source, entry);
    }
    pending.push(...numbers(tagExifIfd), ...numbers(tagGpsIfd), ...numbers(tagSubIfds));
    pending.push(directory.next);
    const [width = 0, height = 0] = [...numbers(tagImageWidth), ...numbers(tagImageLength)];
    if (panasonic && best.width === 0) {
      const [top = 0, left = 0, bottom = 0, right = 0] = tagPanasonicBorders.flatMap(numbers);
      if (bottom > top && right > left) best = { width: right - left, height: bottom - top };
    }
    const full = (numbers(tagNewSubfileType)[0] ?? 0) === 0;
    if (full && width * height > best.width * best.height) best = { width, height };
  }
  const size = best.width > 0 && best.height > 0 ? best : {};
  return { littleEndian, firstIfd, extent, size, identity };
}

function readDirectory(
  source: ByteSource,
  offset: number,
  littleEndian: boolean,
): { readonly entries: readonly Entry[]; readonly end: number; readonly next: number } {
  const head = source.read(offset, 2);
  if (head.length < 2) return { entries: [], end: 0, next: 0 };
  const count = Math.min(viewOf(head).getUint16(0, littleEndian), mostEntries);
  const view = viewOf(source.read(offset + 2, count * 12 + 4));
  const whole = Math.min(count, Math.floor(view.byteLength / 12));
  const entries: Entry[] = [];
  for (let index = 0; index < whole; index += 1) {
    const at = index * 12;
    const type = view.getUint16(at + 2, littleEndian);
    const valueCount = view.getUint32(at + 4, littleEndian);
    const bytes = valueCount * (bytesOfType[type] ?? 0);
    entries.push({
      tag: view.getUint16(at, littleEndian),
      type,
      count: valueCount,
      at: bytes <= 4 ? offset + 2 + at + 8 : view.getUint32(at + 8, littleEndian),
      bytes,
    });
  }
  const next = view.byteLength >= count * 12 + 4 ? view.getUint32(count * 12, littleEndian) : 0;
  return { entries, end: offset + 2 + view.byteLength, next };
}

/** A tag's short or long values, the first few. */
function numbersOf(
  source: ByteSource,
  entries: readonly Entry[],
  tag: number,
  littleEndian: boolean,
): readonly number[] {
  const entry = entries.find((candidate) => candidate.tag === tag);
  if (entry === undefined || ![3, 4, 13].includes(entry.type)) return [];
  const width = entry.type === 3 ? 2 : 4;
  const view = viewOf(source.read(entry.at, Math.min(entry.bytes, 16 * width)));
  const count = Math.floor(view.byteLength / width);
  return Array.from({ length: count }, (_, index) =>
    width === 2 ? view.getUint16(index * 2, littleEndian) : view.getUint32(index * 4, littleEndian),
  );
}

/** Apple's maker note is a directory of its own, big-endian, behind `Apple iOS`; tag 17 is the identifier. */
function appleIdentity(source: ByteSource, note: Entry): TiffStructure['identity'] {
  const bytes = source.read(note.at, Math.min(note.bytes, 64 * 1024));
  if (latin1(bytes, 0, 9) !== 'Apple iOS' || latin1(bytes, 12, 14) !== 'MM') return {};
  const entry = readDirectory(sourceOf(bytes), 14, false).entries.find(({ tag }) => tag === 0x0011);
  if (entry?.type !== 2 || entry.bytes > 128) return {};
  const text = latin1(bytes, entry.at, entry.at + entry.bytes).split('\0', 1)[0] ?? '';
  return /^[0-9A-Fa-f-]{8,64}$/u.test(text) ? { contentIdentifier: text } : {};
}
