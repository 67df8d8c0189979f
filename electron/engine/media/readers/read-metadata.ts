import type { MediaType } from '../../../../shared/domain/asset.ts';
import { fail } from '../../../../shared/domain/failure.ts';
import type { MetadataTags } from '../../../../shared/domain/metadata-tags.ts';
import type { ByteSource } from './byte-source.ts';
import { readHeif } from './heif-reader.ts';
import { readJpeg } from './jpeg-reader.ts';
import { readMovie } from './movie-reader.ts';
import {
  readBmp,
  readGif,
  readJ2c,
  readJp2,
  readJxl,
  readPsd,
  readWebp,
} from './picture-readers.ts';
import { readPng } from './png-reader.ts';
import { readCr3, readMrw, readRaf } from './raw-readers.ts';
import { readTiffFile } from './tiff-reader.ts';

type Reader = (source: ByteSource) => MetadataTags | Promise<MetadataTags>;

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['image/jpeg', readJpeg],
  ['image/png', readPng],
  ['image/gif', readGif],
  ['image/bmp', readBmp],
  ['image/webp', readWebp],
  ['image/tiff', readTiffFile],
  ['image/avif', readHeif],
  ['image/heic', readHeif],
  ['image/heif', readHeif],
  ['image/jp2', readJp2],
  ['image/jpx', readJp2],
  ['image/j2c', readJ2c],
  ['image/jxl', readJxl],
  ['image/vnd.adobe.photoshop', readPsd],
  ['image/x-canon-cr3', readCr3],
  ['image/x-fuji-raf', readRaf],
  ['image/x-minolta-mrw', readMrw],
  ['video/mp4', readMovie],
  ['video/quicktime', readMovie],
  ['video/x-m4v', readMovie],
  ['video/3gpp', readMovie],
  ['video/3gpp2', readMovie],
]);

/** RAW formats whose container is not TIFF's, and which no reader here knows. */
const foreignRaw = new Set(['image/x-canon-crw', 'image/x-sigma-x3f', 'image/x-phaseone-iiq']);

/**
 * Metadata of one file by the reader for its type.
 *
 * @throws `unsupported` where there is no reader for the type, `corrupt` or anything else where the bytes
 * are damaged; the caller decides whether another program shall try.
 */
export async function readMetadata(source: ByteSource, type: MediaType): Promise<MetadataTags> {
  if (type.kind === 'sidecar') return {};
  if (source.size === 0) throw fail('corrupt', 'The file is empty.');
  const reader = readers.get(type.mime) ?? (isTiffBased(type) ? readTiffFile : undefined);
  if (reader === undefined) {
    throw fail('unsupported', `Metadata of the type ${type.mime} cannot be read here.`);
  }
  return reader(source);
}

function isTiffBased(type: MediaType): boolean {
  return type.kind === 'raw' && !foreignRaw.has(type.mime);
}
