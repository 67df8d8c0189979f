import { describe, expect, test } from 'vitest';

import { AdaptiveLimit } from '../../../electron/engine/destinations/decorators/adaptive-limit.ts';
import { pacing } from '../../../electron/engine/destinations/decorators/pacing.ts';
import { someBytes, sourceOf } from '../../../electron/engine/destinations/validation/sources.ts';
import { fail, failureOf } from '../../../shared/domain/failure.ts';
import { FakeClock } from '../../support/destinations/fake-clock.ts';
import { MemoryDestination } from '../../support/destinations/memory-destination.ts';

const signal = new AbortController().signal;

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('AdaptiveLimit', () => {
  const wide = { initial: 4, max: 64, bytesUnderWay: 32e6 };

  test('lets only so many start, first come, first served', async () => {
    const limit = new AdaptiveLimit({ initial: 2, max: 2, bytesUnderWay: 1e9 });
    const order: number[] = [];
    const slots = [await limit.enter(1, signal), await limit.enter(1, signal)];
    const later = [1, 2, 3].map(async (number) => {
      const slot = await limit.enter(1, signal);
      order.push(number);
      slot.ended();
    });
    await settled();
    expect(order).toEqual([]);
    expect(limit.underWay).toBe(2);
    slots[0]?.ended();
    await Promise.all(later);
    expect(order).toEqual([1, 2, 3]);
  });

  test('bounds large transfers by their bytes, but always allows four', async () => {
    const limit = new AdaptiveLimit({ initial: 64, max: 64, bytesUnderWay: 32e6 });
    let started = 0;
    for (let index = 0; index < 30; index += 1) {
      void limit.enter(3e6, signal).then(() => (started += 1));
    }
    await settled();
    expect(started).toBe(10);
    const huge = new AdaptiveLimit({ initial: 64, max: 64, bytesUnderWay: 32e6 });
    let hugeStarted = 0;
    for (let index = 0; index < 30; index += 1) {
      void huge.enter(5e9, signal).then(() => (hugeStarted += 1));
    }
    await settled();
    expect(hugeStarted).toBe(4);
  });

  test('grows fast to its most while nothing speaks against it', async () => {
    const limit = new AdaptiveLimit(wide);
    await runAll(limit, 300);
    expect(limit.limit).toBe(64);
  });

  test('does not grow without need', async () => {
    const limit = new AdaptiveLimit(wide);
    for (let index = 0; index < 100; index += 1) (await limit.enter(1, signal)).succeeded();
    expect(limit.limit).toBe(4);
  });

  test('halves once for all that were under way together, then grows slowly', async () => {
    const limit = new AdaptiveLimit({ ...wide, initial: 16 });
    const slots = await Promise.all(Array.from({ length: 16 }, () => limit.enter(1, signal)));
    for (const slot of slots) slot.overloaded();
    expect(limit.limit).toBe(8);
    await runAll(limit, 8);
    expect(limit.limit).toBeLessThanOrEqual(9);
  });

  test('never falls below one', async () => {
    const limit = new AdaptiveLimit(wide);
    for (let index = 0; index < 20; index += 1) (await limit.enter(1, signal)).overloaded();
    expect(limit.limit).toBe(1);
  });

  test('lets those who wait be cancelled', async () => {
    const limit = new AdaptiveLimit({ initial: 1, max: 1, bytesUnderWay: 1 });
    const first = await limit.enter(1, signal);
    const controller = new AbortController();
    const second = limit.enter(1, controller.signal);
    const third = limit.enter(1, signal);
    controller.abort();
    await expect(second).rejects.toMatchObject({ failure: { code: 'cancelled' } });
    first.ended();
    (await third).ended();
    expect(limit.underWay).toBe(0);
  });
});

async function runAll(limit: AdaptiveLimit, count: number): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, async () => {
      const slot = await limit.enter(1, signal);
      await settled();
      slot.succeeded();
    }),
  );
}

describe('pacing', () => {
  test('starts nothing before the moment the server named', async () => {
    const clock = new FakeClock();
    const starts: number[] = [];
    let refusals = 1;
    const memory = new MemoryDestination({
      gate: ({ operation, phase }) => {
        if (operation !== 'put' || phase !== 'before') return Promise.resolve();
        starts.push(clock.monotonic());
        if (refusals === 0) return Promise.resolve();
        refusals -= 1;
        return Promise.reject(fail('rateLimited', 'Slow down.', { retryAt: clock.now() + 5_000 }));
      },
    });
    const destination = pacing(memory, clock);
    const first = destination.put('a', sourceOf(someBytes(1)), {}, signal);
    await expect(first).rejects.toSatisfy((error) => failureOf(error).code === 'rateLimited');
    await destination.put('b', sourceOf(someBytes(1)), {}, signal);
    expect(starts[1]).toBeGreaterThanOrEqual((starts[0] ?? 0) + 5_000);
  });

  test('waits once more where it was told to wait longer in the meantime', async () => {
    const refuse = (waitMs: number) =>
      Promise.reject(fail('rateLimited', 'Slow down.', { retryAt: clock.now() + waitMs }));
    const slow = Promise.withResolvers<undefined>();
    const clock = new (class extends FakeClock {
      override async sleep(milliseconds: number, aborted: AbortSignal): Promise<void> {
        slow.resolve(undefined);
        await settled();
        await super.sleep(milliseconds, aborted);
      }
    })();
    const memory = new MemoryDestination({
      gate: async ({ operation, phase, key }) => {
        if (operation !== 'put' || phase !== 'before') return;
        if (key === 'fast') await refuse(5_000);
        if (key === 'slow') await slow.promise.then(() => refuse(20_000));
      },
    });
    const destination = pacing(memory, clock);
    const put = (key: string) => destination.put(key, sourceOf(someBytes(1)), {}, signal);
    const begun = put('slow').catch(() => undefined);
    await put('fast').catch(() => undefined);
    await put('later');
    await begun;
    expect(clock.sleeps).toEqual([5_000, 15_000]);
  });

  test('is not held for longer than its bound by a mad server or clock', async () => {
    const clock = new FakeClock();
    let calls = 0;
    const memory = new MemoryDestination({
      gate: () => {
        calls += 1;
        const retryAt = clock.now() + 1e12;
        return calls === 1
          ? Promise.reject(fail('rateLimited', 'No.', { retryAt }))
          : Promise.resolve();
      },
    });
    const destination = pacing(memory, clock, { bytesUnderWay: 1e6, longestHoldMs: 1_000 });
    await destination.stat('a', signal).catch(() => null);
    await destination.stat('a', signal);
    expect(clock.sleeps).toEqual([1_000]);
  });
});
