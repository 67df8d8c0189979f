import { hash as hashOf } from 'node:crypto';
import { constants, open } from 'node:fs/promises';
import { constants as osConstants, setPriority } from 'node:os';
import sharp from 'sharp';
import type { ContentHash, MediaType } from '../../../../shared/domain/asset.ts';
import { fail, failureOf } from '../../../../shared/domain/failure.ts';
import { mediaTypeOf, sniffLength } from '../../../../shared/domain/media-types.ts';
import { toNativePath } from '../../scan/raw-path.ts';
import { renderThumbnail } from './render.ts';
import {
  memoryLimitVariable,
  outOfMemoryStatus,
  type ThumbnailReply,
  type ThumbnailRequest,
} from './thumbnail-protocol.ts';

/** How a thumbnail process hears from the engine. */
export interface ThumbnailLink {
  /** Calls back for each request. */
  readonly onRequest: (listener: (request: ThumbnailRequest) => void) => void;
  readonly reply: (reply: ThumbnailReply) => void;
}

const largestFile = 512 * 1024 * 1024;
const memoryCheckMs = 100;

/** Kinds that no decoder here can read, in words for people. */
const withoutPreview: ReadonlyMap<string, string> = new Map([
  ['image/heic', 'HEIC photos'],
  ['image/heif', 'HEIF photos'],
  ['image/jxl', 'JPEG XL pictures'],
  ['image/jp2', 'JPEG 2000 pictures'],
  ['image/jpx', 'JPEG 2000 pictures'],
  ['image/j2c', 'JPEG 2000 pictures'],
  ['image/bmp', 'BMP pictures'],
  ['image/vnd.adobe.photoshop', 'Photoshop files'],
]);

/**
 * Makes this process one that decodes untrusted pictures, apart from everything that matters: at the lowest
 * priority, with few decoders, and ending itself when it takes too much memory.
 */
export function serveThumbnails({ onRequest, reply }: ThumbnailLink): void {
  sharp.concurrency(1);
  sharp.cache(false);
  lowerPriority();
  watchMemory(Number(process.env[memoryLimitVariable] ?? 1500));
  onRequest((request) => {
    void serve(request).then(reply);
  });
}

async function serve({ id, path, hash, sizes }: ThumbnailRequest): Promise<ThumbnailReply> {
  try {
    const bytes = await readOriginal(path, hash);
    return { id, rendered: await renderThumbnail(bytes, sizes) };
  } catch (error) {
    return { id, failure: failureOf(error) };
  }
}

/** The file's bytes, proven to be the content that the thumbnail will be kept for. */
async function readOriginal(path: string, hash: ContentHash): Promise<Buffer> {
  const nonBlocking = process.platform === 'win32' ? 0 : constants.O_NONBLOCK;
  const file = await open(toNativePath(path), constants.O_RDONLY | nonBlocking).catch(
    (error: unknown) => {
      throw fail('unreadable', 'The file could not be read for a preview.', { cause: error });
    },
  );
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw fail('unreadable', 'This is not a regular file.');
    if (stat.size === 0) throw fail('corrupt', 'The file is empty.');
    const first = Buffer.alloc(sniffLength);
    await file.read(first, 0, sniffLength, 0);
    refuseWithoutDecoder(mediaTypeOf(first.subarray(0, stat.size), path));
    if (stat.size > largestFile) {
      throw fail('unsupported', 'The file is too large for a preview.');
    }
    const bytes = await file.readFile();
    if (hashOf('sha256', bytes) !== hash) {
      throw fail('changed', 'The file was changed before its preview was made.');
    }
    return bytes;
  } finally {
    await file.close();
  }
}

function refuseWithoutDecoder(type: MediaType | null): void {
  if (type === null || type.kind === 'sidecar') {
    throw fail('unsupported', 'This file is no picture.');
  }
  const named = type.kind === 'raw' ? 'RAW photos' : withoutPreview.get(type.mime);
  const kind = type.kind === 'video' ? 'videos' : named;
  if (kind !== undefined) {
    throw fail('unsupported', `This version makes no previews of ${kind}.`, {
      hint: 'The original is backed up all the same.',
    });
  }
}

function lowerPriority(): void {
  try {
    setPriority(osConstants.priority.PRIORITY_LOW);
  } catch {
    // Some systems refuse; thumbnails are then merely less polite.
  }
}

/** Decoding runs on other threads, so that this timer keeps firing. */
function watchMemory(megabytes: number): void {
  setInterval(() => {
    if (process.memoryUsage.rss() > megabytes * 1024 * 1024) process.exit(outOfMemoryStatus);
  }, memoryCheckMs);
}
