import { failureOf } from '../../../../shared/domain/failure.ts';
import type { OpenContext } from '../open-context.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Destination } from '../contract.ts';
import type { Call } from './intercept.ts';
import { intercept } from './intercept.ts';

/** Tells the log of every call how long it took and how it ended. */
export function logging(
  inner: Destination,
  clock: Clock,
  logger: OpenContext['logger'],
): Destination {
  const begin = (call: Call): ((error?: unknown) => void) => {
    const start = clock.monotonic();
    return (error) => {
      const fields = { ...call, milliseconds: Math.round(clock.monotonic() - start) };
      if (error === undefined) {
        logger.debug('destination call', fields);
        return;
      }
      const { code, message } = failureOf(error);
      const expected = code === 'cancelled' || code === 'conflict' || code === 'notFound';
      logger[expected ? 'debug' : 'warn']('destination call failed', {
        ...fields,
        code,
        failure: message,
      });
    };
  };
  return intercept(inner, {
    around: async (call, _signal, run) => {
      const end = begin(call);
      try {
        const result = await run();
        end();
        return result;
      } catch (error) {
        end(error);
        throw error;
      }
    },
    aroundStream: async function* stream(call, _signal, run) {
      const end = begin(call);
      try {
        yield* run();
        end();
      } catch (error) {
        end(error);
        throw error;
      }
    },
  });
}
