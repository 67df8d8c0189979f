import { fail } from '../../../../shared/domain/failure.ts';
import type { MetadataTags } from '../../../../shared/domain/metadata-tags.ts';
import { childBox, childBoxes, topLevelBoxes } from './boxes.ts';
import { latin1, viewOf, type ByteSource } from './byte-source.ts';
import { readXmp } from './exif-blocks.ts';
import { readTiffBlock } from './tiff-reader.ts';

/**
 * HEIC, HEIF and AVIF (ISO/IEC 23008-12): size and rotation are properties of the primary item; EXIF and
 * XMP are items of their own. EXIF's orientation does not count here, the `irot` property does.
 */
export async function readHeif(source: ByteSource): Promise<MetadataTags> {
  const meta = topLevelBoxes(source, ['meta'], maxMetaBytes)[0]?.content;
  if (meta === undefined) throw fail('corrupt', 'The picture has no "meta" box.');
  const items = childBox(meta, 'iinf', 4);
  const kinds = items === null ? [] : itemKinds(items);
  const blockOf = (kind: string): Uint8Array | null => {
    const item = kinds.find((candidate) => candidate.kind === kind);
    return item === undefined ? null : itemBytes(source, meta, item.id);
  };
  const exif = blockOf('Exif');
  const xmp = blockOf('mime:application/rdf+xml');
  return {
    ...(xmp === null ? {} : await readXmp(xmp)),
    ...(exif === null ? {} : await readTiffBlock(exifPayload(exif))),
    ...displayProperties(meta),
  };
}

const maxMetaBytes = 8 * 1024 * 1024;
const maxItemBytes = 8 * 1024 * 1024;
const mostItems = 8192;

/** The block starts with the offset of the TIFF header behind this field (A.2.1), often 6 for `Exif\0\0`. */
export function exifPayload(block: Uint8Array): Uint8Array {
  if (block.length < 8) throw fail('corrupt', 'The EXIF block is too short.');
  return block.subarray(4 + viewOf(block).getUint32(0));
}

interface ItemKind {
  readonly id: number;
  readonly kind: string;
}

/** `infe` boxes of version 2 and 3. */
function itemKinds(iinf: Uint8Array): readonly ItemKind[] {
  const start = iinf[0] === 0 ? 6 : 8;
  return childBoxes(iinf, start)
    .filter(({ type, content }) => type === 'infe' && content.length >= 12)
    .map(({ content }) => {
      const wide = content[0] === 3;
      const id = wide ? viewOf(content).getUint32(4) : viewOf(content).getUint16(4);
      const at = wide ? 10 : 8;
      const kind = latin1(content, at, at + 4);
      if (kind !== 'mime') return { id, kind };
      const [, contentType = ''] = latin1(content, at + 4, at + 260).split('\0');
      return { id, kind: `mime:${contentType}` };
    });
}

/** An item's bytes by `iloc` (8.11.3); null where it has none. */
function itemBytes(source: ByteSource, meta: Uint8Array, wantedId: number): Uint8Array | null {
  const iloc = childBox(meta, 'iloc', 4);
  if (iloc === null) return null;
  const extents = itemExtents(iloc, wantedId);
  const total = extents.reduce((sum, { length }) => sum + length, 0);
  if (total === 0) return null;
  if (total > maxItemBytes) throw fail('corrupt', 'A metadata item is too large to be real.');
  const idat = childBox(meta, 'idat', 4);
  const parts = extents.map(({ offset, length, inside }) =>
    inside
      ? (idat?.subarray(offset, offset + length) ?? new Uint8Array(0))
      : source.read(offset, length),
  );
  return parts.length === 1 ? (parts[0] ?? null) : Buffer.concat(parts);
}

interface Extent {
  readonly offset: number;
  readonly length: number;
  /** Whether the offset counts from the `idat` box instead of the file's start. */
  readonly inside: boolean;
}

function itemExtents(iloc: Uint8Array, wantedId: number): readonly Extent[] {
  const view = viewOf(iloc);
  const version = view.getUint8(0);
  const sizes = view.getUint16(4);
  const [offsetSize, lengthSize, baseSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const indexSize = version === 0 ? 0 : sizes & 15;
  let at = 6;
  const take = (bytes: number): number => {
    let value = 0;
    for (let index = 0; index < bytes; index += 1) value = value * 256 + view.getUint8(at + index);
    at += bytes;
    return value;
  };
  const idSize = version < 2 ? 2 : 4;
  const count = Math.min(take(idSize), mostItems);
  for (let item = 0; item < count; item += 1) {
    const id = take(idSize);
    const method = version === 0 ? 0 : take(2) & 15;
    take(2);
    const base = take(baseSize);
    const extentCount = take(2);
    const extents: Extent[] = [];
    for (let extent = 0; extent < extentCount; extent += 1) {
      take(indexSize);
      const offset = base + take(offsetSize);
      extents.push({ offset, length: take(lengthSize), inside: method === 1 });
    }
    if (id === wantedId) return method > 1 ? [] : extents;
  }
  return [];
}

/** Orientation of EXIF that shows the same as `irot`'s quarter turns against the clock. */
const orientationOfTurns = [1, 8, 3, 6] as const;

function displayProperties(meta: Uint8Array): MetadataTags {
  const iprp = childBox(meta, 'iprp', 4);
  const ipco = iprp && childBox(iprp, 'ipco');
  const ipma = iprp && childBox(iprp, 'ipma');
  if (!ipco || !ipma) return {};
  const properties = childBoxes(ipco);
  const own = propertyIndices(ipma, primaryItem(meta)).map((index) => properties[index - 1]);
  const size = own.find((box) => box?.type === 'ispe')?.content;
  const turns = (own.find((box) => box?.type === 'irot')?.content[0] ?? 0) & 3;
  if (size === undefined || size.length < 12) return {};
  return {
    width: viewOf(size).getUint32(4),
    height: viewOf(size).getUint32(8),
    orientation: orientationOfTurns[turns] ?? 1,
  };
}

function primaryItem(meta: Uint8Array): number {
  const pitm = childBox(meta, 'pitm', 4);
  if (pitm === null) return -1;
  return pitm[0] === 0 ? viewOf(pitm).getUint16(4) : viewOf(pitm).getUint32(4);
}

/** Which properties, counted from 1, belong to an item (8.11.14). */
function propertyIndices(ipma: Uint8Array, wantedId: number): readonly number[] {
  const view = viewOf(ipma);
  const version = view.getUint8(0);
  const wide = (view.getUint8(3) & 1) === 1;
  const count = Math.min(view.getUint32(4), mostItems);
  let at = 8;
  for (let entry = 0; entry < count; entry += 1) {
    const id = version < 1 ? view.getUint16(at) : view.getUint32(at);
    at += version < 1 ? 2 : 4;
    const associations = view.getUint8(at);
    at += 1;
    const indices: number[] = [];
    for (let index = 0; index < associations; index += 1) {
      indices.push(wide ? view.getUint16(at) & 0x7fff : view.getUint8(at) & 0x7f);
      at += wide ? 2 : 1;
    }
    if (id === wantedId) return indices;
  }
  return [];
}
