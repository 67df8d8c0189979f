import { isTransient, stopsDestination, type Failure } from '../../../shared/domain/failure.ts';

export interface FailurePlan {
  /** The source did not match what the catalogue knows: read the file again. */
  readonly readAgain: boolean;
  /** The whole destination pauses; the photo itself is not to blame. */
  readonly stopDestination: boolean;
  /** When the photo may be tried again, milliseconds since 1970; null: not before the next run. */
  readonly retryMs: number | null;
}

/** Attempts of one photo within one run, each of which the retry decorator may repeat itself. */
export const maxAttempts = 4;

const firstDelayMs = 30_000;
const longestDelayMs = 3_600_000;

/**
 * What follows a failed attempt. Waiting grows exponentially with full jitter and never undercuts the
 * moment that the server named.
 * @param attempts attempts so far, this one included, from 1
 * @param fraction uniform in [0, 1)
 */
export function planFailure(
  failure: Failure,
  attempts: number,
  nowMs: number,
  fraction: number,
): FailurePlan {
  const { code } = failure;
  if (code === 'changed') return { readAgain: true, stopDestination: false, retryMs: null };
  if (stopsDestination(code) || code === 'notFound')
    return { readAgain: false, stopDestination: true, retryMs: null };
  const retriable = isTransient(code) || code === 'corrupt';
  if (!retriable || attempts >= maxAttempts) {
    return { readAgain: false, stopDestination: false, retryMs: null };
  }
  const ceiling = Math.min(longestDelayMs, firstDelayMs * 2 ** (attempts - 1));
  const delay = Math.ceil(ceiling / 2 + (fraction * ceiling) / 2);
  return {
    readAgain: false,
    stopDestination: false,
    retryMs: Math.max(nowMs + delay, failure.retryAt ?? 0),
  };
}
