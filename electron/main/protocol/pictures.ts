import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';

import type { PictureSize } from '../../../shared/contract/app/host-bridge.ts';
import { parsePictureAddress } from '../../../shared/contract/desktop/addresses.ts';
import { byteRangeOf } from '../../../shared/domain/byte-range.ts';
import { failureOf } from '../../../shared/domain/failure.ts';
import { toNativePath } from '../../engine/scan/raw-path.ts';
import type { PictureFile } from '../engine/picture-requests.ts';

export type FindPicture = (
  asset: string,
  size: PictureSize,
  signal: AbortSignal,
) => Promise<PictureFile | null>;

/** Types that a page may be given as they are; anything else is bytes to it. */
const shownType = /^(?:image\/(?!svg)|video\/)[a-z0-9.+-]+$/u;

/**
 * Answers `cloudroll://picture/<asset>/<size>`: the page names an id, the engine knows the file. With ranges
 * for videos (206 and 416, RFC 9110) and a validator for the cache.
 */
export async function answerPicture(request: Request, find: FindPicture): Promise<Response> {
  const named = parsePictureAddress(request.url);
  if (named === null) return new Response(null, { status: 404 });
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return new Response(null, { status: 405, headers: { Allow: 'GET, HEAD' } });
  }
  try {
    const picture = await find(named.asset, named.size, request.signal);
    return picture === null ? new Response(null, { status: 404 }) : await send(request, picture);
  } catch (error) {
    const { code } = failureOf(error);
    return new Response(null, { status: code === 'notFound' ? 404 : 503 });
  }
}

async function send(request: Request, picture: PictureFile): Promise<Response> {
  const { size, mime, tag } = picture;
  const entityTag = `"${tag.replaceAll(/[^\w.-]/gu, '_')}"`;
  const headers = {
    'Content-Type': shownType.test(mime) ? mime : 'application/octet-stream',
    'X-Content-Type-Options': 'nosniff',
    // A picture opened as a page of its own can do nothing.
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'private, no-cache',
    ETag: entityTag,
  };
  if (request.headers.get('If-None-Match') === entityTag) {
    return new Response(null, { status: 304, headers });
  }
  const condition = request.headers.get('If-Range');
  const asked = condition === null || condition === entityTag ? request.headers.get('Range') : null;
  const range = byteRangeOf(asked ?? undefined, size);
  if (range === 'unsatisfiable') {
    return new Response(null, {
      status: 416,
      headers: { ...headers, 'Content-Range': `bytes */${String(size)}` },
    });
  }
  const file = await openSame(picture);
  if (file === null) return new Response(null, { status: 404 });
  const { start, end } = range ?? { start: 0, end: size - 1 };
  const partial =
    range === null
      ? {}
      : { 'Content-Range': `bytes ${String(start)}-${String(end)}/${String(size)}` };
  const isEmpty = request.method === 'HEAD' || size === 0;
  if (isEmpty) await file.close();
  return new Response(isEmpty ? null : bytesOf(file, start, end, request.signal), {
    status: range === null ? 200 : 206,
    headers: { ...headers, ...partial, 'Content-Length': String(end - start + 1) },
  });
}

/** Null where the file is gone, or is not the one that was found any more. */
async function openSame({ path, size }: PictureFile): Promise<FileHandle | null> {
  const file = await open(toNativePath(path)).catch(() => null);
  if (file === null) return null;
  const stat = await file.stat();
  if (stat.isFile() && stat.size === size) return file;
  await file.close();
  return null;
}

/** The bytes from `start` to `end`, both inclusive; closes the file at the end, or when nobody wants them. */
function bytesOf(
  file: FileHandle,
  start: number,
  end: number,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const bytes = file.createReadStream({ start, end });
  signal.addEventListener('abort', () => bytes.destroy(), { once: true });
  return Readable.toWeb(bytes) as ReadableStream<Uint8Array>;
}
