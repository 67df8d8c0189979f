import { failureOf, isTransient } from '../../../../shared/domain/failure.ts';
import type { Failure } from '../../../../shared/domain/failure.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { ByteRange, Destination, ObjectInfo } from '../contract.ts';
import { intercept } from './intercept.ts';
import { optionalMethods } from './optional-methods.ts';

export interface RetryOptions {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  /** Bound of the first wait, doubled for each further one, milliseconds. */
  readonly firstWaitMs: number;
  /** No wait is longer; a server that asks for more is left alone and the failure passed on. */
  readonly longestWaitMs: number;
}

export const defaultRetry: RetryOptions = {
  attempts: 5,
  firstWaitMs: 500,
  longestWaitMs: 60_000,
};

export interface RetryPorts {
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Repeats what failed for a reason that may pass, after waits with full jitter
 * (aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter), never earlier than the server asked
 * for. A put is safe to repeat because it only creates: when its reply was lost, the repetition says
 * `conflict`, which is passed on for the caller to look up. Reading goes on where it broke off.
 */
export function retrying(
  inner: Destination,
  ports: RetryPorts,
  options: RetryOptions = defaultRetry,
): Destination {
  const pause = (failure: Failure, attempt: number, signal: AbortSignal): Promise<boolean> =>
    waitForNext(failure, attempt, ports, options, signal);
  const repeating = intercept(inner, {
    around: async (_call, signal, run) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await run();
        } catch (error) {
          if (!(await pause(failureOf(error), attempt, signal))) throw error;
        }
      }
    },
    aroundStream: (_call, _signal, run) => run(),
  });
  return withStreams(repeating, {
    open: (key, range, signal) => resumingRead(inner, key, range, signal, pause),
    list: (prefix, signal) => repeatingList(inner, prefix, signal, pause),
  });
}

type Pause = (failure: Failure, attempt: number, signal: AbortSignal) => Promise<boolean>;

/** Whether there is to be another attempt, once the time for it has come. */
export async function waitForNext(
  failure: Failure,
  attempt: number,
  { clock, random }: RetryPorts,
  options: RetryOptions,
  signal: AbortSignal,
): Promise<boolean> {
  if (!isTransient(failure.code) || attempt >= options.attempts || signal.aborted) return false;
  const bound = Math.min(options.longestWaitMs, options.firstWaitMs * 2 ** (attempt - 1));
  const asked = failure.retryAt === undefined ? 0 : failure.retryAt - clock.now();
  if (asked > options.longestWaitMs) return false;
  await clock.sleep(Math.max(0, asked) + random.fraction() * bound, signal);
  return true;
}

async function* resumingRead(
  inner: Destination,
  key: string,
  range: ByteRange | null,
  signal: AbortSignal,
  pause: Pause,
): AsyncGenerator<Uint8Array> {
  let position = range?.start ?? 0;
  let next = range;
  for (let attempt = 1; ; attempt += 1) {
    try {
      for await (const chunk of inner.open(key, next, signal)) {
        position += chunk.length;
        attempt = 1;
        yield chunk;
      }
      return;
    } catch (error) {
      if (!(await pause(failureOf(error), attempt, signal))) throw error;
      next = range?.end === undefined ? { start: position } : { start: position, end: range.end };
    }
  }
}

/** Begins again from the start, leaving out what has been given. */
async function* repeatingList(
  inner: Destination,
  prefix: string,
  signal: AbortSignal,
  pause: Pause,
): AsyncGenerator<ObjectInfo> {
  const given = new Set<string>();
  for (let attempt = 1; ; attempt += 1) {
    try {
      for await (const info of inner.list(prefix, signal)) {
        if (given.has(info.key)) continue;
        given.add(info.key);
        yield info;
      }
      return;
    } catch (error) {
      if (!(await pause(failureOf(error), attempt, signal))) throw error;
    }
  }
}

function withStreams(inner: Destination, streams: Pick<Destination, 'open' | 'list'>): Destination {
  return {
    get capabilities() {
      return inner.capabilities;
    },
    check: (signal) => inner.check(signal),
    stat: (key, signal) => inner.stat(key, signal),
    put: (key, source, options, signal) => inner.put(key, source, options, signal),
    remove: (key, signal) => inner.remove(key, signal),
    close: () => inner.close(),
    ...optionalMethods(inner),
    ...streams,
  };
}
