/**
 * Names that every file system and every cloud can hold.
 *
 * A code point that some system refuses or changes is written as `%XX` for each byte of its UTF-8 form
 * (WTF-8 for a lone surrogate, https://simonsapin.github.io/wtf-8/). `%` itself is written so too, which
 * makes the encoding reversible. Rules of Windows: "Naming Files, Paths, and Namespaces",
 * https://learn.microsoft.com/windows/win32/fileio/naming-a-file.
 */

/**
 * Refused by Windows or by XML listings, or with another meaning elsewhere: separators and wildcards,
 * controls, private use (it carries bytes that are not UTF-8, and Samba's and macOS's own mappings),
 * lone surrogates, noncharacters, line and paragraph separators.
 */
const unsafe = /[<>:"/\\|?*%\p{Cc}\p{Co}\p{Cs}\p{Noncharacter_Code_Point}\u2028\u2029]/u;
const mark = /\p{M}/u;
const reservedOnWindows =
  /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3]) *(?:\.|$)/i;

/** Whether Windows takes the name for a device, with or without an extension: `CON`, `aux.jpg`. */
export function isReservedOnWindows(name: string): boolean {
  return reservedOnWindows.test(name);
}

/**
 * The name in NFC with everything that is not portable as `%XX`. `decodeName` gives the NFC name back,
 * so two names differ in NFC exactly when their encodings differ.
 *
 * @param maxBytes longest result in UTF-8 bytes; a longer one is cut between two code points, never
 *   inside an escape, and then cannot be decoded to the whole name.
 */
export function encodeName(name: string, maxBytes = Number.POSITIVE_INFINITY): string {
  const codePoints = Array.from(name.normalize('NFC'));
  const reserved = isReservedOnWindows(codePoints.join(''));
  let result = '';
  let bytes = 0;
  let afterEscape = false;
  for (const [index, character] of codePoints.entries()) {
    const first = index === 0 && (reserved || /[. ~]/.test(character));
    const last = index === codePoints.length - 1 && /[. ]/.test(character);
    // A mark after `%3C` would merge with the `C` in a system that normalises names.
    const strayMark: boolean = afterEscape && mark.test(character);
    afterEscape = first || last || strayMark || unsafe.test(character);
    const piece = afterEscape ? escape(character) : character;
    bytes += utf8Length(piece);
    if (bytes > maxBytes) return result.replace(/[. ]+$/, '');
    result += piece;
  }
  return result;
}

/** The NFC name behind an encoded one. A `%XX` that is no UTF-8 stays as it is. */
export function decodeName(encoded: string): string {
  return encoded.replace(/(?:%[0-9A-Fa-f]{2})+/g, (escapes) => {
    const bytes = Array.from(escapes.matchAll(/%(..)/g), (match) => parseInt(match[1] ?? '', 16));
    let text = '';
    let position = 0;
    while (position < bytes.length) {
      const decoded = readCodePoint(bytes, position);
      const length = decoded?.length ?? 1;
      text +=
        decoded === null
          ? escapes.slice(position * 3, position * 3 + 3)
          : String.fromCodePoint(decoded.codePoint);
      position += length;
    }
    return text;
  });
}

/** Bytes of the text in UTF-8; a lone surrogate counts three. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) bytes += utf8Bytes(character.codePointAt(0) ?? 0).length;
  return bytes;
}

/**
 * Splits off a plain extension: up to 10 letters and digits after the last dot. Anything else, also a dot
 * with nothing before it, belongs to the stem.
 */
export function splitExtension(name: string): { stem: string; extension: string } {
  const [, stem, extension] = /^(.+)\.([A-Za-z0-9]{1,10})$/su.exec(name) ?? [];
  return stem === undefined || extension === undefined
    ? { stem: name, extension: '' }
    : { stem, extension };
}

function escape(character: string): string {
  return utf8Bytes(character.codePointAt(0) ?? 0)
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}

function utf8Bytes(codePoint: number): readonly number[] {
  if (codePoint < 0x80) return [codePoint];
  const tail = (shift: number) => 0x80 | ((codePoint >> shift) & 0x3f);
  if (codePoint < 0x800) return [0xc0 | (codePoint >> 6), tail(0)];
  if (codePoint < 0x10000) return [0xe0 | (codePoint >> 12), tail(6), tail(0)];
  return [0xf0 | (codePoint >> 18), tail(12), tail(6), tail(0)];
}

function readCodePoint(
  bytes: readonly number[],
  position: number,
): { codePoint: number; length: number } | null {
  const lead = bytes[position] ?? 0;
  const length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
  if (length === 0 || lead > 0xf4 || position + length > bytes.length) return null;
  let codePoint = length === 1 ? lead : lead & (0x7f >> length);
  for (const byte of bytes.slice(position + 1, position + length)) {
    if ((byte & 0xc0) !== 0x80) return null;
    codePoint = (codePoint << 6) | (byte & 0x3f);
  }
  const shortest = codePoint <= 0x10ffff && utf8Bytes(codePoint).length === length;
  return shortest ? { codePoint, length } : null;
}
