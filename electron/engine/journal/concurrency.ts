import { CloudrollError, fail, failureOf } from '../../../shared/domain/failure.ts';

/**
 * Applies `work` to the items in their order with at most `limit` under way, and yields the results in that
 * order. When the consumer stops or an item fails, the others are aborted and awaited before this ends.
 */
export async function* mapInOrder<Item, Result>(
  items: Iterable<Item>,
  limit: number,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
  signal: AbortSignal,
): AsyncGenerator<Result> {
  const stop = new AbortController();
  const linked = AbortSignal.any([signal, stop.signal]);
  const underWay: Promise<Result>[] = [];
  const start = (item: Item) => {
    const result = work(item, linked);
    // Awaited in order below; until then a rejection must not count as unhandled.
    result.catch(() => undefined);
    underWay.push(result);
  };
  try {
    for (const item of items) {
      start(item);
      const first = underWay.length >= limit ? underWay.shift() : undefined;
      if (first !== undefined) yield await first;
    }
    for (let first = underWay.shift(); first !== undefined; first = underWay.shift()) {
      yield await first;
    }
  } finally {
    stop.abort();
    await Promise.allSettled(underWay);
  }
}

/**
 * Applies `work` to each item with at most `limit` under way, in no promised order. The first rejection
 * aborts the others, waits for them and is thrown; an aborted signal is `cancelled` even if no item noticed.
 */
export async function forEachBounded<Item>(
  items: Iterable<Item>,
  limit: number,
  work: (item: Item, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const stop = new AbortController();
  const linked = AbortSignal.any([signal, stop.signal]);
  const iterator = items[Symbol.iterator]();
  let failure: CloudrollError | undefined;
  const worker = async () => {
    for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
      if (linked.aborted) return;
      try {
        await work(next.value, linked);
      } catch (error) {
        failure ??= new CloudrollError(failureOf(error), error);
        stop.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, limit) }, worker));
  if (!linked.aborted) return;
  // A generator may hold a database cursor.
  iterator.return?.();
  throw failure ?? fail('cancelled', 'The work was cancelled.');
}
