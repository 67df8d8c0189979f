import type { MetadataTags } from '../../../../shared/domain/metadata-tags.ts';
import { latin1, viewOf, type ByteSource } from './byte-source.ts';
import { readExif } from './exif-blocks.ts';
import { contentIdentifierOf } from './tiff-reader.ts';

const maxHeaderBytes = 16 * 1024 * 1024;
const mostSegments = 2048;

/** JPEG (ITU-T T.81, annex B): the size from the frame header, tags from the segments before the scan. */
export async function readJpeg(source: ByteSource): Promise<MetadataTags> {
  const { end, size, exif } = walk(source);
  const tags = await readExif(source.read(0, end));
  if (exif === null || tags.make !== 'Apple') return { ...tags, ...size };
  return { ...tags, ...size, ...contentIdentifierOf(source.read(exif.at, exif.length)) };
}

interface JpegHeader {
  /** Where the picture's own data begin, or where the walk lost its way. */
  readonly end: number;
  readonly size: Pick<MetadataTags, 'width' | 'height'>;
  /** The TIFF block of the EXIF segment. */
  readonly exif: { readonly at: number; readonly length: number } | null;
}

function walk(source: ByteSource): JpegHeader {
  let at = 2;
  let size: JpegHeader['size'] = {};
  let exif: JpegHeader['exif'] = null;
  for (let count = 0; count < mostSegments && at < maxHeaderBytes; count += 1) {
    const head = source.read(at, 12);
    if (head.length < 4 || head[0] !== 0xff) break;
    const marker = head[1] ?? 0;
    // Fill bytes may precede a marker (B.1.1.2); some markers stand alone.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += 2;
      continue;
    }
    if (marker === 0xda || marker === 0xd9) break;
    const length = viewOf(head).getUint16(2);
    if (length < 2) break;
    if (isFrame(marker) && head.length >= 9) {
      size = { width: viewOf(head).getUint16(7), height: viewOf(head).getUint16(5) };
    }
    if (marker === 0xe1 && exif === null && latin1(head, 4, 8) === 'Exif') {
      exif = { at: at + 10, length: length - 8 };
    }
    at += 2 + length;
  }
  return { end: Math.min(at + 2, source.size), size, exif };
}

/** SOF0 to SOF15 without DHT, JPG and DAC. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}
