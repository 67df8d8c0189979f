import { fail } from '../../../../shared/domain/failure.ts';
import { latin1, viewOf, type ByteSource } from './byte-source.ts';

/**
 * Boxes of ISO base media files (ISO/IEC 14496-12, 4.2): MP4, QuickTime, HEIF, AVIF, JPEG 2000, JPEG XL.
 * Only boxes that are asked for are entered, so nesting costs nothing; counts and sizes are bounded, and a
 * box that claims no length or more than its parent ends the reading.
 */
export interface Box {
  readonly type: string;
  /** What the box holds, without its header. */
  readonly content: Uint8Array;
}

const mostBoxes = 4096;
const mostTopLevelBoxes = 1024;

/** The boxes in a parent's content, in order. */
export function childBoxes(content: Uint8Array, start = 0): readonly Box[] {
  const boxes: Box[] = [];
  const view = viewOf(content);
  let at = start;
  while (at + 8 <= content.length && boxes.length < mostBoxes) {
    const header = headerAt(view, at, content.length - at);
    if (header === null) break;
    const type = latin1(content, at + 4, at + 8);
    boxes.push({ type, content: content.subarray(at + header.length, at + header.total) });
    at += header.total;
  }
  return boxes;
}

/** The content of the first child of a type. */
export function childBox(content: Uint8Array, type: string, start = 0): Uint8Array | null {
  return childBoxes(content, start).find((box) => box.type === type)?.content ?? null;
}

/** The content of a descendant, by the types on the way to it. */
export function boxAt(content: Uint8Array, ...path: readonly string[]): Uint8Array | null {
  let found: Uint8Array | null = content;
  for (const type of path) {
    if (found === null) return null;
    found = childBox(found, type);
  }
  return found;
}

/**
 * Boxes at the top level of a file whose type is wanted, read whole; others are skipped by their length.
 *
 * @param maxBytes a wanted box that is larger is a `corrupt` failure.
 * @param readBytes how much of each wanted box is read; the whole by default.
 */
export function topLevelBoxes(
  source: ByteSource,
  wanted: readonly string[],
  maxBytes: number,
  readBytes = maxBytes,
): readonly Box[] {
  const boxes: Box[] = [];
  let at = 0;
  for (let count = 0; at + 8 <= source.size && count < mostTopLevelBoxes; count += 1) {
    const head = source.read(at, 16);
    const header = headerAt(viewOf(head), 0, source.size - at);
    if (header === null) break;
    const type = latin1(head, 4, 8);
    if (wanted.includes(type)) {
      if (header.total > maxBytes)
        throw fail('corrupt', `The "${type}" box is too large to be real.`);
      const bytes = source.read(at, Math.min(header.total, readBytes));
      boxes.push({ type, content: bytes.subarray(header.length) });
    }
    at += header.total;
  }
  return boxes;
}

/** Lengths of the header and the whole box; null where they make no sense. A size of 0 means "to the end". */
function headerAt(
  view: DataView,
  at: number,
  available: number,
): { readonly length: number; readonly total: number } | null {
  const size = view.getUint32(at);
  if (size === 0) return { length: 8, total: available };
  if (size === 1) {
    if (at + 16 > view.byteLength) return null;
    const total = Number(view.getBigUint64(at + 8));
    return total >= 16 && total <= available ? { length: 16, total } : null;
  }
  // A file cut short ends inside its last box; what is there may still hold what is wanted.
  return size >= 8 ? { length: 8, total: Math.min(size, available) } : null;
}
