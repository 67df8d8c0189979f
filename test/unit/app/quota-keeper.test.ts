import { describe, expect, test } from 'vitest';

import { QuotaKeeper } from '../../../electron/engine/app/destinations/quota-keeper.ts';
import type { Destination, Quota } from '../../../electron/engine/destinations/contract.ts';
import { silentLogger } from '../../../electron/engine/logging/logger.ts';
import type { Clock } from '../../../electron/engine/ports/clock.ts';
import { fail } from '../../../shared/domain/failure.ts';
import { TestApp } from '../../support/app-engine/test-app.ts';
import { MemoryDestination } from '../../support/destinations/memory-destination.ts';

const url = 'memory://a';
const minuteMs = 60_000;

/** A clock that stands still until it is moved. */
class HeldClock implements Clock {
  readonly #sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();
  #now = 0;

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper = { until: this.#now + milliseconds, wake: resolve };
      this.#sleepers.add(sleeper);
      signal.addEventListener('abort', () => {
        this.#sleepers.delete(sleeper);
        reject(fail('cancelled', 'The sleep was cancelled.'));
      });
    });
  }

  get sleeping(): number {
    return this.#sleepers.size;
  }

  async pass(milliseconds: number): Promise<void> {
    this.#now += milliseconds;
    for (const sleeper of [...this.#sleepers]) {
      if (sleeper.until > this.#now) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
    await settled();
  }
}

/** Everything that only waited for its turn has had it. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** A destination whose quota is what `answer` says. */
function destinationOf(answer: (signal: AbortSignal) => Promise<Quota | null>): Destination {
  return Object.assign(new MemoryDestination(), { quota: answer });
}

function keeperWith(answer: (signal: AbortSignal) => Promise<Quota | null>) {
  const clock = new HeldClock();
  let asked = 0;
  let told = 0;
  const onChange = (): void => {
    told += 1;
  };
  const keeper = new QuotaKeeper({ clock, logger: silentLogger, onChange });
  keeper.opened(
    url,
    destinationOf((signal) => {
      asked += 1;
      return answer(signal);
    }),
  );
  return { keeper, clock, asked: () => asked, told: () => told };
}

const quota = { usedBytes: 3, totalBytes: 10 };

describe('how full a destination is', () => {
  test('is asked when it is reached, and told', async () => {
    const { keeper, told } = keeperWith(() => Promise.resolve(quota));
    expect(keeper.of(url)).toBeNull();
    keeper.look(url);
    await settled();
    expect(keeper.of(url)).toEqual(quota);
    expect(told()).toBe(1);
  });

  test('is asked again after a change, at most every ten minutes', async () => {
    let used = 0;
    const { keeper, clock, asked } = keeperWith(() => {
      used += 1;
      return Promise.resolve({ usedBytes: used, totalBytes: null });
    });
    keeper.look(url);
    await settled();
    keeper.lookAtAll();
    keeper.look(url);
    await clock.pass(9 * minuteMs);
    expect(asked()).toBe(1);
    await clock.pass(minuteMs);
    expect(asked()).toBe(2);
    expect(keeper.of(url)?.usedBytes).toBe(2);
    // What was asked for meanwhile is in the answer, so nothing waits any more.
    expect(clock.sleeping).toBe(0);
    await clock.pass(60 * minuteMs);
    expect(asked()).toBe(2);
  });

  test('stays as it was told when the destination does not answer', async () => {
    let works = true;
    const { keeper, clock } = keeperWith(() =>
      works ? Promise.resolve(quota) : Promise.reject(fail('offline', 'Away.')),
    );
    keeper.look(url);
    await settled();
    works = false;
    keeper.look(url);
    await clock.pass(10 * minuteMs);
    expect(keeper.of(url)).toEqual(quota);
  });

  test('is asked no more once the destination is released, and known until it is forgotten', async () => {
    const { keeper, clock, asked } = keeperWith(() => Promise.resolve(quota));
    keeper.look(url);
    await settled();
    keeper.look(url);
    keeper.released(url);
    keeper.look(url);
    await clock.pass(60 * minuteMs);
    expect(asked()).toBe(1);
    expect(clock.sleeping).toBe(0);
    expect(keeper.of(url)).toEqual(quota);
    keeper.forget(url);
    expect(keeper.of(url)).toBeNull();
  });

  test('a question under way ends with the release', async () => {
    let aborted = false;
    const { keeper, told } = keeperWith(
      (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            aborted = true;
            reject(fail('cancelled', 'Cancelled.'));
          });
        }),
    );
    keeper.look(url);
    await settled();
    keeper.released(url);
    await settled();
    expect(aborted).toBe(true);
    expect(told()).toBe(0);
  });

  test('of one that cannot tell is not known', async () => {
    const keeper = new QuotaKeeper({
      clock: new HeldClock(),
      logger: silentLogger,
      onChange: () => {
        throw new Error('nothing was told');
      },
    });
    keeper.opened(url, new MemoryDestination());
    keeper.look(url);
    await settled();
    expect(keeper.of(url)).toBeNull();
  });
});

test('the app tells how full the drive of a backup folder is', async () => {
  const app = await TestApp.open();
  await app.setUp();
  const { destinations } = await app.until((status) => status.destinations[0]?.quota != null);
  const told = destinations[0]?.quota;
  expect(told?.usedBytes).toBeGreaterThan(0);
  expect(told?.totalBytes).toBeGreaterThan(told?.usedBytes ?? 0);
});
