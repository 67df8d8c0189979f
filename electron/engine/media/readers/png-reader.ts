import { fail } from '../../../../shared/domain/failure.ts';
import type { MetadataTags } from '../../../../shared/domain/metadata-tags.ts';
import { latin1, viewOf, type ByteSource } from './byte-source.ts';
import { readXmp } from './exif-blocks.ts';
import { readTiffBlock } from './tiff-reader.ts';

const mostChunks = 65_536;
const maxChunkBytes = 8 * 1024 * 1024;

/** PNG (W3C, third edition): `IHDR`, `eXIf` and the XMP in `iTXt`; chunks of picture data are skipped. */
export async function readPng(source: ByteSource): Promise<MetadataTags> {
  let size: Pick<MetadataTags, 'width' | 'height'> = {};
  let exif: MetadataTags = {};
  let xmp: MetadataTags = {};
  let at = 8;
  for (let count = 0; count < mostChunks && at + 8 <= source.size; count += 1) {
    const head = source.read(at, 8);
    const length = viewOf(head).getUint32(0);
    const type = latin1(head, 4, 8);
    const content = (): Uint8Array => {
      if (length > maxChunkBytes)
        throw fail('corrupt', 'A metadata chunk is too large to be real.');
      return source.read(at + 8, length);
    };
    if (type === 'IHDR' && length >= 8) {
      const view = viewOf(content());
      if (view.byteLength >= 8) size = { width: view.getUint32(0), height: view.getUint32(4) };
    } else if (type === 'eXIf') {
      exif = await readTiffBlock(content());
    } else if (type === 'iTXt' && length <= maxChunkBytes) {
      xmp = { ...xmp, ...(await readXmpText(content())) };
    } else if (type === 'IEND') {
      break;
    }
    at += 12 + length;
  }
  if (size.width === undefined) throw fail('corrupt', 'The picture has no header.');
  return { ...xmp, ...exif, ...size };
}

const xmpKeyword = 'XML:com.adobe.xmp\0';

async function readXmpText(chunk: Uint8Array): Promise<MetadataTags> {
  if (latin1(chunk, 0, xmpKeyword.length) !== xmpKeyword) return {};
  const compressed = chunk[xmpKeyword.length] === 1;
  // Behind the keyword: compression flag and method, language tag, translated keyword.
  const language = chunk.indexOf(0, xmpKeyword.length + 2);
  const translated = chunk.indexOf(0, language + 1);
  if (compressed || language < 0 || translated < 0) return {};
  return readXmp(chunk.subarray(translated + 1));
}
