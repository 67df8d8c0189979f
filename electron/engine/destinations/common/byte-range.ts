import { fail } from '../../../../shared/domain/failure.ts';
import type { ByteRange } from '../contract.ts';
import type { HttpReply } from './http-client.ts';
import { connectionFailure } from './http-failure.ts';

/** Whether a range is all that there is. */
export function isWhole(range: ByteRange | null): boolean {
  return range === null || (range.start === 0 && range.end === undefined);
}

/** Value of the header `Range`: RFC 9110 section 14.1.2, whose end is inclusive. */
export function rangeHeader({ start, end }: ByteRange): string {
  return `bytes=${String(start)}-${end === undefined ? '' : String(end - 1)}`;
}

/**
 * The bytes that were asked for, also where the server answers with everything (200) instead of a part
 * (206). A reply that ends before its announced length is `offline`, never a short read.
 */
export async function* bytesOfReply(
  reply: HttpReply,
  range: ByteRange | null,
): AsyncGenerator<Uint8Array> {
  const start = range?.start ?? 0;
  const announced = Number(reply.header('content-length') ?? Number.NaN);
  let skip = reply.status === 206 ? 0 : start;
  let left = range?.end === undefined ? Infinity : range.end - start;
  let received = 0;
  try {
    for await (const chunk of reply.chunks()) {
      received += chunk.length;
      const part = chunk.subarray(skip, skip + Math.min(left, chunk.length));
      skip = Math.max(0, skip - chunk.length);
      left -= part.length;
      if (part.length > 0) yield part;
      if (left <= 0) return;
    }
  } catch (error) {
    throw connectionFailure(error);
  }
  if (!Number.isNaN(announced) && received !== announced) {
    throw fail('offline', 'The connection ended in the middle of a file.');
  }
}
