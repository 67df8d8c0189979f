import { failureOf } from '../../../../shared/domain/failure.ts';
import type { Failure } from '../../../../shared/domain/failure.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Destination } from '../contract.ts';
import { AdaptiveLimit } from './adaptive-limit.ts';
import { intercept } from './intercept.ts';

export interface PacingOptions {
  /** Bytes of uploads under way at once; see {@link AdaptiveLimit}. */
  readonly bytesUnderWay: number;
  /** The longest time for which a "slow down" holds everything, milliseconds. */
  readonly longestHoldMs: number;
}

export const defaultPacing: PacingOptions = {
  bytesUnderWay: 32 * 1024 * 1024,
  longestHoldMs: 600_000,
};

/**
 * As many calls at once as the destination takes well: from its initial concurrency up to its most, halved
 * when it says that it is too much or no longer answers. When it names a time, nothing starts before it.
 *
 * Streams are not counted, because their readers may themselves wait for another call to start.
 */
export function pacing(
  inner: Destination,
  clock: Clock,
  options: PacingOptions = defaultPacing,
): Destination {
  const { concurrency } = inner.capabilities;
  const limit = new AdaptiveLimit({ ...concurrency, bytesUnderWay: options.bytesUnderWay });
  let heldUntil = -Infinity;
  const hold = ({ retryAt }: Failure): void => {
    if (retryAt === undefined) return;
    const wait = Math.min(retryAt - clock.now(), options.longestHoldMs);
    heldUntil = Math.max(heldUntil, clock.monotonic() + wait);
  };
  return intercept(inner, {
    around: async (call, signal, run) => {
      const slot = await limit.enter(call.bytes, signal);
      try {
        // Again after each wait: what was under way meanwhile may have been told to wait longer.
        for (let wait; (wait = heldUntil - clock.monotonic()) > 0;) await clock.sleep(wait, signal);
        const result = await run();
        slot.succeeded();
        return result;
      } catch (error) {
        const failure = failureOf(error);
        const overload = failure.code === 'rateLimited' || failure.code === 'timeout';
        if (overload) hold(failure);
        if (overload) slot.overloaded();
        else slot.ended();
        throw error;
      }
    },
    aroundStream: (_call, _signal, run) => run(),
  });
}
