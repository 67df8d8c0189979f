import { fail } from '../../../../shared/domain/failure.ts';

/** Random access to a file's bytes for the readers of metadata, within a budget. */
export interface ByteSource {
  /** Bytes of the file. */
  readonly size: number;
  /** Bytes from `offset`, fewer at the end of the file; valid until the file is closed. */
  read(offset: number, length: number): Uint8Array;
}

/** The most that reading one file's metadata may ask for beside its first megabyte. */
const budgetBytes = 48 * 1024 * 1024;

/**
 * A source over bytes already in memory, with a way to fetch others.
 *
 * @param head the file's first bytes.
 * @param fetch reads bytes that are not in `head`; fewer at the end of the file.
 */
export function byteSource(
  head: Uint8Array,
  size: number,
  fetch: (offset: number, length: number) => Uint8Array,
): ByteSource {
  let spent = 0;
  return {
    size,
    read(offset, length) {
      if (!Number.isSafeInteger(offset) || offset < 0 || length < 0) {
        throw fail('corrupt', 'The file points outside itself.');
      }
      const end = Math.min(size, offset + length);
      if (end <= offset) return new Uint8Array(0);
      if (end <= head.length) return head.subarray(offset, end);
      spent += end - offset;
      if (spent > budgetBytes) throw fail('corrupt', 'The metadata is too large to be real.');
      return fetch(offset, end - offset);
    },
  };
}

/** Big- and little-endian numbers in bytes; reading past the end throws a `RangeError`. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Bytes as Latin-1 text. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}
