import { Buffer, isUtf8 } from 'node:buffer';

/**
 * Paths as strings that lose no byte.
 *
 * A name on disk is bytes, usually UTF-8 but not always. Bytes that are not valid UTF-8 are carried as
 * the private-use characters U+EF80 to U+EFFF, one character a byte (0x80 to 0xFF), an idea known from
 * MirBSD's OPTU encoding. A name that genuinely holds one of those characters has the bytes of that
 * character carried the same way, so that every name has exactly one string and every string made here
 * has exactly one name.
 *
 * On Windows a name is UTF-16 and Node passes it as WTF-8: a lone surrogate arrives as three bytes that
 * are not UTF-8, and is carried likewise.
 */
const firstCarrier = 0xef80;
const lastCarrier = 0xefff;
const lowestCarriedByte = 0x80;
const carriers = /[\uEF80-\uEFFF]/u;
const carriersOrReplacement = /[\uEF80-\uEFFF\uFFFD]/u;

/**
 * Whether a name that Node decoded as UTF-8 may differ from the bytes on disk, so that the directory has
 * to be read again as bytes. Node puts U+FFFD where it cannot decode.
 */
export function mayHideBytes(decodedName: string): boolean {
  return carriersOrReplacement.test(decodedName);
}

/** The string that stands for a name's bytes; {@link toNativePath} gives the bytes back. */
export function fromNativeName(bytes: Uint8Array): string {
  if (isUtf8(bytes)) {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    if (!carriers.test(text)) return text;
  }
  return carryBytes(bytes);
}

/** The string for a path that a person typed or a dialog returned. */
export function fromTypedPath(path: string): string {
  return carriers.test(path) ? carryBytes(Buffer.from(path, 'utf8')) : path;
}

/** What Node's file functions take: the string itself, or bytes where a string cannot say the name. */
export function toNativePath(path: string): string | Buffer {
  if (!carriers.test(path)) return path;
  const parts: Buffer[] = [];
  let plain = '';
  for (const character of path) {
    const code = character.codePointAt(0) ?? 0;
    if (code < firstCarrier || code > lastCarrier) {
      plain += character;
      continue;
    }
    parts.push(Buffer.from(plain, 'utf8'), Buffer.of(code - firstCarrier + lowestCarriedByte));
    plain = '';
  }
  parts.push(Buffer.from(plain, 'utf8'));
  return Buffer.concat(parts);
}

/**
 * A name or path for people: bytes that are not UTF-8 show as U+FFFD, as a terminal shows them. Only for
 * display, it does not lead back to the file.
 */
export function toDisplayPath(path: string): string {
  const native = toNativePath(path);
  return typeof native === 'string' ? native : native.toString('utf8');
}

function carryBytes(bytes: Uint8Array): string {
  let text = '';
  let index = 0;
  while (index < bytes.length) {
    const length = sequenceLength(bytes[index] ?? 0);
    const sequence = bytes.subarray(index, index + length);
    const character =
      sequence.length === length && isUtf8(sequence)
        ? Buffer.from(sequence).toString('utf8')
        : null;
    if (character !== null && !carriers.test(character)) {
      text += character;
      index += length;
    } else {
      text += carried(bytes[index] ?? 0);
      index += 1;
    }
  }
  return text;
}

function carried(byte: number): string {
  return String.fromCharCode(firstCarrier + byte - lowestCarriedByte);
}

/** Bytes that a UTF-8 sequence with this first byte has (RFC 3629, section 3). */
function sequenceLength(lead: number): number {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  if (lead >= 0xc0) return 2;
  return 1;
}
