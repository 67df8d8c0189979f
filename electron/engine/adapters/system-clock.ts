import { performance } from 'node:perf_hooks';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { fail } from '../../../shared/domain/failure.ts';
import type { Clock } from '../ports/clock.ts';

/** Node fires a longer timer at once. */
const longestTimerMs = 2 ** 31 - 1;

/** The computer's own clock. */
export class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }

  monotonic(): number {
    return performance.now();
  }

  async sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (milliseconds <= 0 && !signal.aborted) {
      await turn();
      return;
    }
    let left = Math.max(0, milliseconds);
    do {
      const part = Math.min(left, longestTimerMs);
      try {
        await wait(part, undefined, { signal });
      } catch (cause) {
        throw fail('cancelled', 'The work was cancelled while it was waiting.', { cause });
      }
      left -= part;
    } while (left > 0);
  }
}
