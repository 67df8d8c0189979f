import type { MediaKind, MediaType } from './asset.ts';

/**
 * What a file is, by its first bytes and, where they do not say, by its name.
 *
 * Sources: the IANA media type registry; the format pages of the Library of Congress; for RAW
 * formats, which mostly share TIFF's header, the extension decides.
 */

/** Bytes of a file's start that {@link mediaTypeOf} needs to see all it can. */
export const sniffLength = 512;

const photo = (mime: string): MediaType => ({ kind: 'photo', mime });
const raw = (mime: string): MediaType => ({ kind: 'raw', mime });
const video = (mime: string): MediaType => ({ kind: 'video', mime });
const sidecar = (mime: string): MediaType => ({ kind: 'sidecar', mime });

const typeByExtension: ReadonlyMap<string, MediaType> = new Map([
  ...['jpg', 'jpeg', 'jpe', 'jfif', 'mpo'].map((name) => [name, photo('image/jpeg')] as const),
  ['png', photo('image/png')],
  ['gif', photo('image/gif')],
  ['webp', photo('image/webp')],
  ['avif', photo('image/avif')],
  ['heic', photo('image/heic')],
  ['heif', photo('image/heif')],
  ['hif', photo('image/heif')],
  ['tif', photo('image/tiff')],
  ['tiff', photo('image/tiff')],
  ['bmp', photo('image/bmp')],
  ['jp2', photo('image/jp2')],
  ['jpx', photo('image/jpx')],
  ['j2k', photo('image/j2c')],
  ['j2c', photo('image/j2c')],
  ['jpc', photo('image/j2c')],
  ['jxl', photo('image/jxl')],
  ['psd', photo('image/vnd.adobe.photoshop')],
  ['psb', photo('image/vnd.adobe.photoshop')],
  ['cr2', raw('image/x-canon-cr2')],
  ['cr3', raw('image/x-canon-cr3')],
  ['crw', raw('image/x-canon-crw')],
  ['nef', raw('image/x-nikon-nef')],
  ['nrw', raw('image/x-nikon-nrw')],
  ['arw', raw('image/x-sony-arw')],
  ['sr2', raw('image/x-sony-sr2')],
  ['srf', raw('image/x-sony-srf')],
  ['dng', raw('image/x-adobe-dng')],
  ['gpr', raw('image/x-gopro-gpr')],
  ['raf', raw('image/x-fuji-raf')],
  ['rw2', raw('image/x-panasonic-rw2')],
  ['raw', raw('image/x-panasonic-raw')],
  ['rwl', raw('image/x-leica-rwl')],
  ['orf', raw('image/x-olympus-orf')],
  ['pef', raw('image/x-pentax-pef')],
  ['srw', raw('image/x-samsung-srw')],
  ['x3f', raw('image/x-sigma-x3f')],
  ['iiq', raw('image/x-phaseone-iiq')],
  ['mrw', raw('image/x-minolta-mrw')],
  ['3fr', raw('image/x-hasselblad-3fr')],
  ['fff', raw('image/x-hasselblad-fff')],
  ['mef', raw('image/x-mamiya-mef')],
  ['mos', raw('image/x-leaf-mos')],
  ['kdc', raw('image/x-kodak-kdc')],
  ['dcr', raw('image/x-kodak-dcr')],
  ['erf', raw('image/x-epson-erf')],
  ['mp4', video('video/mp4')],
  ['mov', video('video/quicktime')],
  ['qt', video('video/quicktime')],
  ['m4v', video('video/x-m4v')],
  ['3gp', video('video/3gpp')],
  ['3g2', video('video/3gpp2')],
  ['avi', video('video/vnd.avi')],
  ['mts', video('video/mp2t')],
  ['m2ts', video('video/mp2t')],
  ['mkv', video('video/matroska')],
  ['webm', video('video/webm')],
  ['wmv', video('video/x-ms-wmv')],
  ['asf', video('video/x-ms-asf')],
  ['mpg', video('video/mpeg')],
  ['mpeg', video('video/mpeg')],
  ['xmp', sidecar('application/rdf+xml')],
  ['aae', sidecar('application/x-apple-aae')],
  ['json', sidecar('application/json')],
]);

/** Lower-case extension without the dot; empty where there is none. A leading dot starts no extension. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot + 1).toLowerCase();
}

/**
 * The type of a file from its first bytes ({@link sniffLength} are enough) and its name; null where it is
 * no photo, video or sidecar. A file with a photo's extension and unknown, damaged or no bytes still
 * counts, so that it is backed up.
 */
export function mediaTypeOf(firstBytes: Uint8Array, name: string): MediaType | null {
  const extension = extensionOf(name);
  const named = typeByExtension.get(extension) ?? null;
  if (named?.kind === 'sidecar') return named;
  const found = byMagic(firstBytes);
  if (found === 'tiff') return named?.kind === 'raw' ? named : photo('image/tiff');
  if (found !== null) return found;
  // `.mts` is also TypeScript's extension for modules.
  if (extension === 'mts' && looksLikeText(firstBytes)) return null;
  return named;
}

/**
 * What the name alone says. `sidecar`: an `.xmp`, `.aae` or `.json` that may belong to a media file beside
 * it (see `sidecars.ts`). `sniff`: there is no extension, the first bytes decide.
 */
export type Candidate = 'media' | 'sidecar' | 'sniff' | 'other';

/** See {@link Candidate}; costs no look at the file. Hidden names (leading dot) are `other`. */
export function candidateByName(name: string): Candidate {
  if (name.startsWith('.')) return 'other';
  if (!name.includes('.')) return 'sniff';
  const kind: MediaKind | undefined = typeByExtension.get(extensionOf(name))?.kind;
  if (kind === undefined) return 'other';
  return kind === 'sidecar' ? 'sidecar' : 'media';
}

/** A type that the bytes prove; `tiff` stands for TIFF and the RAW formats that look the same. */
function byMagic(bytes: Uint8Array): MediaType | 'tiff' | null {
  if (startsWith(bytes, 0xff, 0xd8, 0xff)) return photo('image/jpeg');
  if (startsWith(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a)) return photo('image/png');
  if (startsWith(bytes, 0xff, 0x0a)) return photo('image/jxl');
  if (startsWith(bytes, 0xff, 0x4f, 0xff, 0x51)) return photo('image/j2c');
  if (textAt(bytes, 0, 'GIF87a') || textAt(bytes, 0, 'GIF89a')) return photo('image/gif');
  if (textAt(bytes, 0, '8BPS')) return photo('image/vnd.adobe.photoshop');
  if (isBitmap(bytes)) return photo('image/bmp');
  return byRawMagic(bytes) ?? byBoxes(bytes) ?? byVideoMagic(bytes);
}

function byRawMagic(bytes: Uint8Array): MediaType | 'tiff' | null {
  if (textAt(bytes, 0, 'II*\0') && textAt(bytes, 8, 'CR\x02')) return raw('image/x-canon-cr2');
  if (textAt(bytes, 6, 'HEAPCCDR')) return raw('image/x-canon-crw');
  if (textAt(bytes, 0, 'FUJIFILMCCD-RAW')) return raw('image/x-fuji-raf');
  if (textAt(bytes, 0, 'FOVb')) return raw('image/x-sigma-x3f');
  if (textAt(bytes, 0, '\0MRM')) return raw('image/x-minolta-mrw');
  if (textAt(bytes, 0, 'IIU\0')) return 'tiff';
  if (textAt(bytes, 0, 'IIRO') || textAt(bytes, 0, 'IIRS') || textAt(bytes, 0, 'MMOR')) {
    return raw('image/x-olympus-orf');
  }
  const tiffHeaders = ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'];
  return tiffHeaders.some((header) => textAt(bytes, 0, header)) ? 'tiff' : null;
}

/** ISO base media files (ISO/IEC 14496-12) and their kin: brands are registered at mp4ra.org. */
function byBoxes(bytes: Uint8Array): MediaType | null {
  if (textAt(bytes, 4, 'JXL \r\n')) return photo('image/jxl');
  if (textAt(bytes, 4, 'jP  \r\n')) {
    return textAt(bytes, 20, 'jpx ') ? photo('image/jpx') : photo('image/jp2');
  }
  if (!textAt(bytes, 4, 'ftyp')) {
    const quickTime = ['moov', 'mdat', 'wide', 'pnot'].some((type) => textAt(bytes, 4, type));
    return quickTime ? video('video/quicktime') : null;
  }
  const major = ascii(bytes, 8, 12);
  const size = (bytes[2] ?? 0) * 256 + (bytes[3] ?? 0);
  const compatible = new Set<string>();
  for (let at = 16; at + 4 <= Math.min(size, bytes.length); at += 4) {
    compatible.add(ascii(bytes, at, at + 4));
  }
  return byBrand(major, compatible);
}

function byBrand(major: string, compatible: ReadonlySet<string>): MediaType | null {
  if (major === 'crx ') return raw('image/x-canon-cr3');
  if (major === 'avif' || major === 'avis') return photo('image/avif');
  if (/^he(?:ic|ix|im|is|vc|vx)$/u.test(major)) return photo('image/heic');
  if (major === 'mif1' || major === 'msf1' || major === 'mif2') {
    if (compatible.has('avif')) return photo('image/avif');
    return compatible.has('heic') ? photo('image/heic') : photo('image/heif');
  }
  if (major === 'qt  ') return video('video/quicktime');
  if (major.startsWith('M4V')) return video('video/x-m4v');
  if (major.startsWith('3gp')) return video('video/3gpp');
  if (major.startsWith('3g2')) return video('video/3gpp2');
  if (/^(?:M4A|M4B|M4P|F4A|F4B)/u.test(major)) return null;
  return video('video/mp4');
}

function byVideoMagic(bytes: Uint8Array): MediaType | null {
  if (textAt(bytes, 0, 'RIFF')) {
    if (textAt(bytes, 8, 'WEBP')) return photo('image/webp');
    return textAt(bytes, 8, 'AVI ') ? video('video/vnd.avi') : null;
  }
  if (startsWith(bytes, 0x1a, 0x45, 0xdf, 0xa3)) {
    return ascii(bytes, 4, 80).includes('webm') ? video('video/webm') : video('video/matroska');
  }
  if (startsWith(bytes, 0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11)) {
    return video('video/x-ms-wmv');
  }
  if (startsWith(bytes, 0, 0, 1, 0xba) || startsWith(bytes, 0, 0, 1, 0xb3)) {
    return video('video/mpeg');
  }
  return isTransportStream(bytes, 0, 188) || isTransportStream(bytes, 4, 192)
    ? video('video/mp2t')
    : null;
}

/** Sync bytes of two packets in a row (ISO/IEC 13818-1); BDAV adds four bytes to each packet. */
function isTransportStream(bytes: Uint8Array, first: number, stride: number): boolean {
  return [0, 1].every((packet) => bytes[first + packet * stride] === 0x47);
}

/** "BM" alone is too weak a sign; the length of the header that follows must be a known one. */
function isBitmap(bytes: Uint8Array): boolean {
  const headerLengths = [12, 40, 52, 56, 64, 108, 124];
  return textAt(bytes, 0, 'BM') && bytes[15] === 0 && headerLengths.includes(bytes[14] ?? 0);
}

function looksLikeText(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d));
}

function startsWith(bytes: Uint8Array, ...expected: readonly number[]): boolean {
  return expected.every((byte, index) => bytes[index] === byte);
}

function textAt(bytes: Uint8Array, offset: number, text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (bytes[offset + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}

function ascii(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}
