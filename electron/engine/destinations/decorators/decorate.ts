import type { OpenContext } from '../open-context.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { Destination } from '../contract.ts';
import type { BandwidthLimit } from './bandwidth.ts';
import { limitingBandwidth } from './bandwidth.ts';
import type { BreakerOptions } from './circuit-breaker.ts';
import { breakingCircuit } from './circuit-breaker.ts';
import { logging } from './logging.ts';
import type { PacingOptions } from './pacing.ts';
import { pacing } from './pacing.ts';
import type { RetryOptions } from './retrying.ts';
import { retrying } from './retrying.ts';

export interface DecorationPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: OpenContext['logger'];
}

export interface DecorationOptions {
  readonly retry?: RetryOptions;
  readonly breaker?: BreakerOptions;
  readonly pacing?: PacingOptions;
  /** Shared by all destinations that share a line. */
  readonly bandwidth?: BandwidthLimit;
}

/**
 * A destination as the engine uses it. From the outside in: retrying, so that the breaker and the pacing see
 * every attempt; the circuit breaker, so that nobody queues for a destination that rests; pacing; logging,
 * which tells of each attempt; bandwidth, next to the bytes.
 */
export function decorate(
  destination: Destination,
  ports: DecorationPorts,
  options: DecorationOptions = {},
): Destination {
  const { clock, logger } = ports;
  const limited =
    options.bandwidth === undefined
      ? destination
      : limitingBandwidth(destination, options.bandwidth);
  const paced = pacing(logging(limited, clock, logger), clock, options.pacing);
  return retrying(breakingCircuit(paced, clock, options.breaker), ports, options.retry);
}
