import { fail } from '../../../../shared/domain/failure.ts';
import { throwIfCancelled } from '../cancellation.ts';
import type { ByteRange } from '../contract.ts';
import type { HttpReply } from './http-client.ts';
import { connectionFailure } from './http-failure.ts';

/** Sends a request for bytes with these headers; a status that is not among those given rejects. */
export type GetBytes = (
  headers: Readonly<Record<string, string>>,
  statuses: readonly number[],
) => Promise<HttpReply>;

export interface RangeOptions {
  /** Size of the whole object in bytes, where the service told it. */
  readonly size?: number;
  /** Whether the server may answer with everything (200) instead of a part (206), which RFC 9110 permits. */
  readonly mayIgnoreRange?: boolean;
}

/**
 * The bytes of a range by one request: none where the range is empty or begins behind the end. A reply that ends
 * before its announced length, or before the size that the service keeps of the object, is `offline`, never a short
 * read.
 */
export async function* readRange(
  range: ByteRange | null,
  get: GetBytes,
  signal: AbortSignal,
  { size, mayIgnoreRange = false }: RangeOptions = {},
): AsyncGenerator<Uint8Array> {
  throwIfCancelled(signal);
  if (range?.end !== undefined && range.end <= range.start) return;
  const whole = range === null || isWhole(range);
  const reply = whole
    ? await get({}, [200, 416])
    : await get({ range: rangeHeader(range) }, mayIgnoreRange ? [200, 206, 416] : [206, 416]);
  if (reply.status === 416) {
    // What the status said stays true, whether the rest of the reply arrives or not.
    await reply.discard().catch(() => undefined);
    return;
  }
  yield* bytesOfReply(reply, range, size);
}

/** Whether a range is all that there is. */
function isWhole(range: ByteRange | null): boolean {
  return range === null || (range.start === 0 && range.end === undefined);
}

/** Value of the header `Range`: RFC 9110 section 14.1.2, whose end is inclusive. */
export function rangeHeader({ start, end }: ByteRange): string {
  return `bytes=${String(start)}-${end === undefined ? '' : String(end - 1)}`;
}

async function* bytesOfReply(
  reply: HttpReply,
  range: ByteRange | null,
  size: number | undefined,
): AsyncGenerator<Uint8Array> {
  const start = range?.start ?? 0;
  const end = range?.end ?? Infinity;
  const announced = Number(reply.header('content-length') ?? Number.NaN);
  let skip = reply.status === 206 ? 0 : start;
  let left = end - start;
  let received = 0;
  let given = 0;
  try {
    for await (const chunk of reply.chunks()) {
      received += chunk.length;
      const part = chunk.subarray(skip, skip + Math.min(left, chunk.length));
      skip = Math.max(0, skip - chunk.length);
      left -= part.length;
      given += part.length;
      if (part.length > 0) yield part;
      if (left <= 0) return;
    }
  } catch (error) {
    throw connectionFailure(error);
  }
  const wrong = size !== undefined && given !== Math.max(0, Math.min(end, size) - start);
  if (wrong || (!Number.isNaN(announced) && received !== announced)) {
    throw fail('offline', 'The connection ended in the middle of a file.');
  }
}
