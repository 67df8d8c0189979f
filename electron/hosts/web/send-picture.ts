import { open, type FileHandle } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

import type { PictureFile } from '../../engine/app/app.ts';
import { toNativePath } from '../../engine/scan/raw-path.ts';
import { byteRangeOf } from '../../../shared/domain/byte-range.ts';
import { endWith } from './answers.ts';
import { inertPolicy } from './security-headers.ts';

/** An address names one content as long as this process runs, so that a browser need not ask again. */
const cacheControl = 'private, max-age=86400, immutable';

/** Sends a picture or video, or the part of it that was asked for (RFC 9110, sections 13 and 14). */
export async function sendPicture(
  request: IncomingMessage,
  response: ServerResponse,
  picture: PictureFile,
): Promise<void> {
  const tag = `"${Buffer.from(picture.tag).toString('base64url')}"`;
  response.setHeader('ETag', tag);
  response.setHeader('Cache-Control', cacheControl);
  response.setHeader('Accept-Ranges', 'bytes');
  response.setHeader('Content-Security-Policy', inertPolicy);
  if (isNamed(request.headers['if-none-match'], tag)) {
    endWith(response, 304);
    return;
  }
  const wanted = request.headers['if-range'];
  const header = wanted === undefined || wanted === tag ? request.headers.range : undefined;
  const range = byteRangeOf(header, picture.size);
  if (range === 'unsatisfiable') {
    response.setHeader('Content-Range', `bytes */${String(picture.size)}`);
    response.removeHeader('Cache-Control');
    endWith(response, 416);
    return;
  }
  await using file = await openSame(picture);
  if (file === null) {
    response.removeHeader('ETag');
    response.setHeader('Cache-Control', 'no-store');
    endWith(response, 404);
    return;
  }
  const { start, end } = range ?? { start: 0, end: picture.size - 1 };
  response.setHeader('Content-Type', picture.mime);
  response.setHeader('Content-Length', end - start + 1);
  if (range !== null) {
    response.setHeader(
      'Content-Range',
      `bytes ${String(start)}-${String(end)}/${String(picture.size)}`,
    );
  }
  response.statusCode = range === null ? 200 : 206;
  if (request.method === 'HEAD' || picture.size === 0) {
    response.end();
    return;
  }
  await pipeline(file.createReadStream({ start, end, autoClose: false }), response);
}

/** Null where the file is gone or is not the one that was found any more. */
async function openSame(picture: PictureFile): Promise<FileHandle | null> {
  let file: FileHandle;
  try {
    file = await open(toNativePath(picture.path));
  } catch {
    return null;
  }
  const stat = await file.stat();
  if (stat.isFile() && stat.size === picture.size) return file;
  await file.close();
  return null;
}

function isNamed(header: string | undefined, tag: string): boolean {
  return (header ?? '').split(',').some((one) => one.trim() === '*' || one.trim().endsWith(tag));
}
