import { CloudrollError, fail, failureOf } from '../../../shared/domain/failure.ts';
import { orCancelled } from './cancellation.ts';
import type { ReopenableSource } from './contract.ts';

/**
 * The source's bytes from `start`, held to their word: more or fewer than `source.bytes` in all is
 * `changed`; a source that throws is an `unreadable` failure unless it says better. Ends with `cancelled`
 * at once when the signal aborts, even where the source itself hangs.
 */
export async function* exactBytes(
  source: ReopenableSource,
  start: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const iterator = source.open(start, signal)[Symbol.asyncIterator]();
  let position = start;
  let ended = false;
  try {
    for (;;) {
      const step = await orCancelled(nextOf(iterator), signal);
      if (step.done === true) {
        ended = true;
        break;
      }
      position += step.value.length;
      if (position > source.bytes) throw changed('has more bytes than when it was examined');
      yield step.value;
    }
  } finally {
    // Not awaited: a source that hangs in `next` would also hang here.
    if (!ended) void iterator.return?.().catch(() => undefined);
  }
  if (position < source.bytes) throw changed('ended before all its bytes came');
}

/** The failure of a source whose bytes are not what was promised. */
export function changed(what: string): CloudrollError {
  return fail('changed', `The file ${what}.`, {
    hint: 'It is examined again and sent when it no longer changes.',
  });
}

async function nextOf(iterator: AsyncIterator<Uint8Array>): Promise<IteratorResult<Uint8Array>> {
  try {
    return await iterator.next();
  } catch (error) {
    const failure = failureOf(error);
    if (failure.code === 'notFound') throw changed('is no longer where it was');
    if (error instanceof CloudrollError) throw error;
    if (failure.code === 'cancelled') throw new CloudrollError(failure, error);
    throw fail('unreadable', `The file could not be read: ${failure.message}`, { cause: error });
  }
}
