import { fail } from '../../../../shared/domain/failure.ts';
import type { MetadataTags } from '../../../../shared/domain/metadata-tags.ts';
import { boxAt, topLevelBoxes } from './boxes.ts';
import { latin1, viewOf, type ByteSource } from './byte-source.ts';
import { readXmp } from './exif-blocks.ts';
import { exifPayload } from './heif-reader.ts';
import { readJxlHeader } from './jxl-header.ts';
import { readTiffBlock } from './tiff-reader.ts';

const maxBlockBytes = 8 * 1024 * 1024;

/** GIF (GIF89a): the logical screen. */
export function readGif(source: ByteSource): MetadataTags {
  const view = viewOf(source.read(0, 10));
  return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
}

/** BMP: the size in its info header; a negative height means rows from the top. */
export function readBmp(source: ByteSource): MetadataTags {
  const view = viewOf(source.read(0, 26));
  if (view.getUint32(14, true) === 12) {
    return { width: view.getUint16(18, true), height: view.getUint16(20, true) };
  }
  return { width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) };
}

/** WebP (RFC 9649): chunks `VP8X`, `VP8 ` or `VP8L` with the size, `EXIF` and `XMP `. */
export async function readWebp(source: ByteSource): Promise<MetadataTags> {
  let size: MetadataTags | null = null;
  let exif: MetadataTags = {};
  let xmp: MetadataTags = {};
  let at = 12;
  for (let count = 0; count < 4096 && at + 8 <= source.size; count += 1) {
    const head = source.read(at, 8);
    const [type, length] = [latin1(head, 0, 4), viewOf(head).getUint32(4, true)];
    size ??= webpSize(type, source.read(at + 8, 10));
    if (length <= maxBlockBytes && type === 'EXIF') {
      const block = source.read(at + 8, length);
      exif = await readTiffBlock(latin1(block, 0, 4) === 'Exif' ? block.subarray(6) : block);
    }
    if (length <= maxBlockBytes && type === 'XMP ') {
      xmp = await readXmp(source.read(at + 8, length));
    }
    at += 8 + length + (length % 2);
  }
  if (size === null) throw fail('corrupt', 'The picture has no header.');
  return { ...xmp, ...exif, ...size };
}

function webpSize(type: string, chunk: Uint8Array): MetadataTags | null {
  if (chunk.length < 10) return null;
  const view = viewOf(chunk);
  const three = (at: number): number => view.getUint16(at, true) + view.getUint8(at + 2) * 65_536;
  if (type === 'VP8X') return { width: three(4) + 1, height: three(7) + 1 };
  if (type === 'VP8 ') {
    return { width: view.getUint16(6, true) & 0x3fff, height: view.getUint16(8, true) & 0x3fff };
  }
  if (type !== 'VP8L') return null;
  const bits = view.getUint32(1, true);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

/** Photoshop (Adobe Photoshop File Formats): header, then image resources 1058 (EXIF) and 1060 (XMP). */
export async function readPsd(source: ByteSource): Promise<MetadataTags> {
  const header = viewOf(source.read(0, 30));
  const size = { width: header.getUint32(18), height: header.getUint32(14) };
  const resourcesAt = 30 + header.getUint32(26);
  const length = viewOf(source.read(resourcesAt, 4)).getUint32(0);
  const resources = source.read(resourcesAt + 4, Math.min(length, maxBlockBytes));
  const view = viewOf(resources);
  let exif: MetadataTags = {};
  let xmp: MetadataTags = {};
  let at = 0;
  while (at + 12 <= resources.length && latin1(resources, at, at + 4) === '8BIM') {
    const id = view.getUint16(at + 4);
    const nameLength = view.getUint8(at + 6) + 1;
    const contentAt = at + 6 + nameLength + (nameLength % 2) + 4;
    if (contentAt > resources.length) break;
    const contentLength = view.getUint32(contentAt - 4);
    const content = resources.subarray(contentAt, contentAt + contentLength);
    if (id === 1058) exif = await readTiffBlock(content);
    if (id === 1060) xmp = await readXmp(content);
    at = contentAt + contentLength + (contentLength % 2);
  }
  return { ...xmp, ...exif, ...size };
}

const exifUuid = Buffer.from('JpgTiffExif->JP2').toString('hex');
const xmpUuid = 'be7acfcb97a942e89c71999491e3afac';

/** JPEG 2000 (ITU-T T.800, annex I): `ihdr` for the size, `uuid` boxes for EXIF and XMP. */
export async function readJp2(source: ByteSource): Promise<MetadataTags> {
  let tags: MetadataTags = {};
  for (const { type, content } of topLevelBoxes(source, ['jp2h', 'uuid'], maxBlockBytes)) {
    if (type === 'jp2h') {
      const ihdr = boxAt(content, 'ihdr');
      if (ihdr === null || ihdr.length < 8) throw fail('corrupt', 'The picture has no header.');
      const view = viewOf(ihdr);
      tags = { ...tags, width: view.getUint32(4), height: view.getUint32(0) };
      continue;
    }
    const uuid = Buffer.from(content.subarray(0, 16)).toString('hex');
    if (uuid === exifUuid) tags = { ...(await readTiffBlock(content.subarray(16))), ...tags };
    if (uuid === xmpUuid) tags = { ...(await readXmp(content.subarray(16))), ...tags };
  }
  return tags;
}

/** A bare JPEG 2000 codestream: the `SIZ` marker comes first. */
export function readJ2c(source: ByteSource): MetadataTags {
  const view = viewOf(source.read(0, 24));
  return {
    width: view.getUint32(8) - view.getUint32(16),
    height: view.getUint32(12) - view.getUint32(20),
  };
}

/** JPEG XL (ISO/IEC 18181): bare, or in boxes with `Exif` and `xml `; compressed metadata is left out. */
export async function readJxl(source: ByteSource): Promise<MetadataTags> {
  if (source.read(0, 1)[0] === 0xff) return readJxlHeader(source.read(0, 64));
  let tags: MetadataTags = {};
  let header: MetadataTags = {};
  for (const { type, content } of topLevelBoxes(source, ['Exif', 'xml '], maxBlockBytes)) {
    if (type === 'Exif') tags = { ...tags, ...(await readTiffBlock(exifPayload(content))) };
    if (type === 'xml ') tags = { ...(await readXmp(content)), ...tags };
  }
  const codestream = topLevelBoxes(source, ['jxlc', 'jxlp'], Number.MAX_SAFE_INTEGER, 128)[0];
  if (codestream !== undefined) {
    const { type, content } = codestream;
    header = readJxlHeader(type === 'jxlp' ? content.subarray(4) : content);
  }
  return { ...tags, ...header };
}
