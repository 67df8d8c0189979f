import { fail } from '../../../shared/domain/failure.ts';
import type { CloudrollError } from '../../../shared/domain/failure.ts';

/** The failure that an aborted signal means. */
export function cancelled(): CloudrollError {
  return fail('cancelled', 'The work was cancelled.');
}

/** Throws `cancelled` where the signal is aborted. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled();
}

/**
 * The promise's outcome, or `cancelled` as soon as the signal aborts. The work behind the promise is
 * not stopped by this; its late outcome is dropped.
 */
export async function orCancelled<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    // Nobody will ask for this outcome any more, and a rejection that nobody asks for ends the process.
    void promise.catch(() => undefined);
    throw cancelled();
  }
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => {
      reject(cancelled());
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
  }
}
