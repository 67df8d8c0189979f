import { failureOf } from '../../../../shared/domain/failure.ts';
import type { Publisher, ShownItem } from '../publisher.ts';
import { limitedSource, type BandwidthLimit } from './bandwidth.ts';
import { defaultRetry, waitForNext, type RetryPorts } from './retrying.ts';

/**
 * A publisher as the engine uses it: it repeats what failed for a reason that may pass, and keeps to the limit for
 * uploads. What is shown is asked for again only where the service said that it did not do it (`rateLimited`).
 */
export function decoratePublisher(
  inner: Publisher,
  ports: RetryPorts,
  bandwidth: BandwidthLimit,
): Publisher {
  const persist = async <T>(run: () => Promise<T>, signal: AbortSignal): Promise<T> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await run();
      } catch (error) {
        if (!(await waitForNext(failureOf(error), attempt, ports, defaultRetry, signal)))
          throw error;
      }
    }
  };
  const { batchSize, uploadsAtOnce, tokenLifeMs, settleMs } = inner;
  return {
    ...{ batchSize, uploadsAtOnce, tokenLifeMs, settleMs },
    refusal: (asset) => inner.refusal(asset),
    check: (signal) => persist(() => inner.check(signal), signal),
    open: (remembered, signal) => persist(() => inner.open(remembered, signal), signal),
    async *shown(place, signal) {
      // Whole or not at all, so that a repetition gives nothing twice.
      const items = await persist(() => collect(inner.shown(place, signal)), signal);
      yield* items;
    },
    upload: (asset, source, options, signal) =>
      persist(() => inner.upload(asset, limitedSource(source, bandwidth), options, signal), signal),
    show: async (place, assets, signal) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await inner.show(place, assets, signal);
        } catch (error) {
          const failure = failureOf(error);
          const refused = failure.code === 'rateLimited';
          if (!refused || !(await waitForNext(failure, attempt, ports, defaultRetry, signal))) {
            throw error;
          }
        }
      }
    },
    close: () => inner.close(),
  };
}

async function collect(items: AsyncIterable<ShownItem>): Promise<ShownItem[]> {
  const all: ShownItem[] = [];
  for await (const item of items) all.push(item);
  return all;
}
