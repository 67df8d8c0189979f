import { fail, failureOf, isTransient } from '../../../../shared/domain/failure.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Destination } from '../contract.ts';
import { intercept } from './intercept.ts';

export interface BreakerOptions {
  /** Failures in a row, of those that may pass, after which nothing more is sent. */
  readonly failures: number;
  /** Time until one call may try again, doubled each time that fails, milliseconds. */
  readonly firstRestMs: number;
  readonly longestRestMs: number;
}

export const defaultBreaker: BreakerOptions = {
  failures: 20,
  firstRestMs: 5_000,
  longestRestMs: 300_000,
};

/**
 * Leaves a destination in peace that fails again and again (Nygard, "Release It!", circuit breaker): calls
 * fail at once as `offline`, with the moment of the next trial, until a single one has gone through.
 */
export function breakingCircuit(
  inner: Destination,
  clock: Clock,
  options: BreakerOptions = defaultBreaker,
): Destination {
  const breaker = new Breaker(clock, options);
  return intercept(inner, {
    around: async (_call, _signal, run) => {
      const settle = breaker.enter();
      try {
        const result = await run();
        settle('ok');
        return result;
      } catch (error) {
        settle(verdictOf(error));
        throw error;
      }
    },
    aroundStream: async function* stream(_call, _signal, run) {
      const settle = breaker.enter();
      let verdict: Verdict = 'nothing';
      try {
        for await (const item of run()) {
          verdict = 'ok';
          yield item;
        }
        verdict = 'ok';
      } catch (error) {
        verdict = verdictOf(error);
        throw error;
      } finally {
        settle(verdict);
      }
    },
  });
}

type Verdict = 'ok' | 'failed' | 'nothing';

/** A refusal shows that the destination answers; only a cancelled call shows nothing. */
function verdictOf(error: unknown): Verdict {
  const { code } = failureOf(error);
  if (code === 'cancelled') return 'nothing';
  return isTransient(code) ? 'failed' : 'ok';
}

class Breaker {
  readonly #clock: Clock;
  readonly #options: BreakerOptions;
  #failures = 0;
  #restMs: number;
  /** Monotonic; null while the circuit is closed. */
  #restsUntil: number | null = null;
  #trying = false;

  constructor(clock: Clock, options: BreakerOptions) {
    this.#clock = clock;
    this.#options = options;
    this.#restMs = options.firstRestMs;
  }

  /** Throws while the circuit is open; otherwise gives what must be told the outcome. */
  enter(): (verdict: Verdict) => void {
    if (this.#restsUntil === null) {
      return (verdict) => {
        this.#settle(verdict);
      };
    }
    const left = this.#restsUntil - this.#clock.monotonic();
    if (left > 0 || this.#trying) {
      throw fail(
        'offline',
        'The destination failed many times in a row and is left in peace for a while.',
        {
          hint: 'It is tried again by itself.',
          retryAt: this.#clock.now() + Math.max(left, this.#options.firstRestMs / 4),
        },
      );
    }
    this.#trying = true;
    return (verdict) => {
      this.#trying = false;
      this.#settleTrial(verdict);
    };
  }

  #settle(verdict: Verdict): void {
    if (verdict === 'ok') this.#failures = 0;
    if (verdict !== 'failed' || this.#restsUntil !== null) return;
    this.#failures += 1;
    if (this.#failures >= this.#options.failures) this.#rest();
  }

  #settleTrial(verdict: Verdict): void {
    if (verdict === 'failed') {
      this.#restMs = Math.min(this.#options.longestRestMs, this.#restMs * 2);
      this.#rest();
    } else if (verdict === 'ok') {
      this.#restsUntil = null;
      this.#failures = 0;
      this.#restMs = this.#options.firstRestMs;
    }
  }

  #rest(): void {
    this.#restsUntil = this.#clock.monotonic() + this.#restMs;
  }
}
