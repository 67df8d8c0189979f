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
      const step = await orCancelled(
        fromSource(() => iterator.next()),
        signal,
      );
      if (step.done === true) {
        ended = true;
        break;
      }
      position += step.value.length;
      if (position > source.bytes) throw tooMany();
      yield step.value;
    }
  } finally {
    // Not awaited: a source that hangs in `next` would also hang here.
    if (!ended) void iterator.return?.().catch(() => undefined);
  }
  if (position < source.bytes) throw tooFew();
}

/**
 * The whole source in memory, held to its word as by {@link exactBytes}.
 * @param room for the bytes and at least one more, which shows a source that has too many. After a failure it
 * may still be written to.
 */
export async function readExactly(
  source: ReopenableSource,
  room: Uint8Array,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { bytes } = source;
  const readInto = source.readInto?.bind(source);
  if (readInto === undefined) {
    let filled = 0;
    for await (const chunk of exactBytes(source, 0, signal)) {
      room.set(chunk, filled);
      filled += chunk.length;
    }
  } else {
    const target = room.subarray(0, bytes + 1);
    const filled = await orCancelled(
      fromSource(() => readInto(target, 0, signal)),
      signal,
    );
    if (filled > bytes) throw tooMany();
    if (filled < bytes) throw tooFew();
  }
  return room.subarray(0, bytes);
}

/** The failure of a source whose bytes are not what was promised. */
export function changed(what: string): CloudrollError {
  return fail('changed', `The file ${what}.`, {
    hint: 'It is examined again and sent when it no longer changes.',
  });
}

function tooMany(): CloudrollError {
  return changed('has more bytes than when it was examined');
}

function tooFew(): CloudrollError {
  return changed('ended before all its bytes came');
}

async function fromSource<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const failure = failureOf(error);
    if (failure.code === 'notFound') throw changed('is no longer where it was');
    if (error instanceof CloudrollError) throw error;
    if (failure.code === 'cancelled') throw new CloudrollError(failure, error);
    throw fail('unreadable', `The file could not be read: ${failure.message}`, { cause: error });
  }
}
