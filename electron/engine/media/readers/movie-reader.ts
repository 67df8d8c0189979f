import { fail } from '../../../../shared/domain/failure.ts';
import type { MetadataTags } from '../../../../shared/domain/metadata-tags.ts';
import { boxAt, childBox, childBoxes, topLevelBoxes } from './boxes.ts';
import { latin1, viewOf, type ByteSource } from './byte-source.ts';
import type { TagDraft } from './exif-blocks.ts';

const maxMovieBytes = 32 * 1024 * 1024;
const longestText = 500;

/**
 * MP4 and QuickTime (ISO/IEC 14496-12; Apple's QuickTime File Format): the `moov` box, wherever it stands,
 * with Apple's metadata keys and the older user data.
 */
export function readMovie(source: ByteSource): MetadataTags {
  const moov = topLevelBoxes(source, ['moov'], maxMovieBytes)[0]?.content;
  if (moov === undefined) throw fail('corrupt', 'The film has no "moov" box; it may be cut off.');
  const tags: TagDraft = {};
  readHeader(tags, moov);
  readPicture(tags, moov);
  readKeys(tags, moov);
  readUserData(tags, moov);
  return tags;
}

function readHeader(tags: TagDraft, moov: Uint8Array): void {
  const mvhd = childBox(moov, 'mvhd');
  if (mvhd === null || mvhd.length < 20) return;
  const view = viewOf(mvhd);
  const wide = view.getUint8(0) === 1;
  if (wide && mvhd.length < 32) return;
  const created = wide ? Number(view.getBigUint64(4)) : view.getUint32(4);
  const scale = view.getUint32(wide ? 20 : 12);
  const duration = wide ? Number(view.getBigUint64(24)) : view.getUint32(16);
  if (created > 0) tags.quickTimeCreateSeconds = created;
  const unknown = wide ? 2 ** 63 : 0xffff_ffff;
  if (scale > 0 && duration < unknown) tags.durationMs = Math.round((duration / scale) * 1000);
}

/** EXIF orientation that shows the same as the quarter turn in a track's matrix. */
const orientationOfMatrix: ReadonlyMap<string, number> = new Map([
  ['1,0,0,1', 1],
  ['0,1,-1,0', 6],
  ['-1,0,0,-1', 3],
  ['0,-1,1,0', 8],
]);

/** The size of the first track that has one; sound has none. */
function readPicture(tags: TagDraft, moov: Uint8Array): void {
  for (const { type, content } of childBoxes(moov)) {
    const tkhd = type === 'trak' ? childBox(content, 'tkhd') : null;
    if (tkhd === null) continue;
    const matrixAt = tkhd[0] === 1 ? 52 : 40;
    if (tkhd.length < matrixAt + 44) continue;
    const view = viewOf(tkhd);
    const fixed = (offset: number): number => view.getInt32(matrixAt + offset) / 65_536;
    const [width, height] = [Math.round(fixed(36)), Math.round(fixed(40))];
    if (width <= 0 || height <= 0) continue;
    const matrix = [fixed(0), fixed(4), fixed(12), fixed(16)].map(Math.sign).join(',');
    tags.width = width;
    tags.height = height;
    tags.orientation = orientationOfMatrix.get(matrix) ?? 1;
    return;
  }
}

/** `meta` with `keys` and `ilst` (QuickTime File Format, "Metadata"). */
function readKeys(tags: TagDraft, moov: Uint8Array): void {
  const meta = childBox(moov, 'meta');
  if (meta === null) return;
  // In MP4 `meta` has version and flags before its children, in QuickTime it has not.
  const start = latin1(meta, 4, 8) === 'hdlr' ? 0 : 4;
  const keys = childBox(meta, 'keys', start);
  const values = childBox(meta, 'ilst', start);
  if (keys === null || values === null) return;
  const names = childBoxes(keys, 8).map(({ content }) => latin1(content, 0, content.length));
  for (const { type, content } of childBoxes(values)) {
    const index = viewOf(Buffer.from(type, 'latin1')).getUint32(0);
    const name = names[index - 1];
    const text = dataText(content);
    if (name !== undefined && text !== null) setKey(tags, name, text);
  }
}

function setKey(tags: TagDraft, name: string, text: string): void {
  if (name === 'com.apple.quicktime.creationdate') tags.quickTimeCreationDate = text;
  if (name === 'com.apple.quicktime.make') tags.make = text;
  if (name === 'com.apple.quicktime.model') tags.model = text;
  if (name === 'com.apple.quicktime.title') tags.title = text;
  if (name === 'com.apple.quicktime.content.identifier') tags.contentIdentifier = text;
  if (name === 'com.apple.quicktime.location.ISO6709') setPlace(tags, text);
}

/** A `data` box of type 1, UTF-8. */
function dataText(item: Uint8Array): string | null {
  const data = childBox(item, 'data');
  if (data === null || data.length < 8 || viewOf(data).getUint32(0) !== 1) return null;
  return decode(data.subarray(8));
}

/** `udta`: international text of QuickTime (length, language, text), and iTunes' title. */
function readUserData(tags: TagDraft, moov: Uint8Array): void {
  const udta = childBox(moov, 'udta');
  if (udta === null) return;
  for (const { type, content } of childBoxes(udta)) {
    if (!type.startsWith('\u00a9') || content.length < 4) continue;
    const text = decode(content.subarray(4, 4 + viewOf(content).getUint16(0)));
    if (text === null) continue;
    if (type === '\u00a9xyz') setPlace(tags, text);
    if (type === '\u00a9mak') tags.make ??= text;
    if (type === '\u00a9mod') tags.model ??= text;
    if (type === '\u00a9nam') tags.title ??= text;
  }
  const list = boxAt(childBox(udta, 'meta')?.subarray(4) ?? new Uint8Array(0), 'ilst');
  const title = list && childBox(list, '\u00a9nam');
  const text = title && dataText(title);
  if (text !== null) tags.title ??= text;
}

/** ISO 6709 in degrees, `+37.5665+126.9780+038/`. */
function setPlace(tags: TagDraft, text: string): void {
  const match = /^([+-]\d{1,2}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)/u.exec(text);
  if (match === null) return;
  tags.latitude ??= Number(match[1]);
  tags.longitude ??= Number(match[2]);
}

function decode(bytes: Uint8Array): string | null {
  const text = new TextDecoder().decode(bytes.subarray(0, longestText)).split('\0', 1)[0] ?? '';
  return text.trim() === '' ? null : text.trim();
}
