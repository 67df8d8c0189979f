import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Destination } from '../../../electron/engine/destinations/contract.ts';
import { retrying } from '../../../electron/engine/destinations/decorators/retrying.ts';
import {
  collect,
  someBytes,
  sourceOf,
} from '../../../electron/engine/destinations/validation/sources.ts';
import { fail, failureCodes, failureOf, isTransient } from '../../../shared/domain/failure.ts';
import type { FailureCode } from '../../../shared/domain/failure.ts';
import { FakeClock } from '../../support/destinations/fake-clock.ts';
import { faulty, FaultPlan } from '../../support/destinations/faulty-destination.ts';
import { MemoryDestination } from '../../support/destinations/memory-destination.ts';
import { seededRandom } from '../../support/destinations/seeded-random.ts';

const signal = new AbortController().signal;
const options = { attempts: 4, firstWaitMs: 100, longestWaitMs: 1_000 };

function failing(times: number, code: FailureCode, retryAt?: (clock: FakeClock) => number) {
  const clock = new FakeClock();
  let calls = 0;
  const memory = new MemoryDestination({
    gate: ({ operation, phase }) => {
      if (operation !== 'stat' || phase !== 'before') return Promise.resolve();
      calls += 1;
      if (calls > times) return Promise.resolve();
      const extra = retryAt === undefined ? {} : { retryAt: retryAt(clock) };
      return Promise.reject(fail(code, 'No.', extra));
    },
  });
  const destination = retrying(memory, { clock, random: seededRandom(7) }, options);
  return { clock, destination, calls: () => calls };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'ok';
  } catch (error) {
    return failureOf(error).code;
  }
}

describe('retrying', () => {
  test.each(failureCodes)('repeats %s only where it may pass', async (code) => {
    const { destination, calls } = failing(1, code);
    expect(await codeOf(destination.stat('a', signal))).toBe(isTransient(code) ? 'ok' : code);
    expect(calls()).toBe(isTransient(code) ? 2 : 1);
  });

  test('gives up after its attempts, with bounded waits', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const clock = new FakeClock();
        const memory = new MemoryDestination({
          gate: () => Promise.reject(fail('offline', 'No.')),
        });
        const destination = retrying(memory, { clock, random: seededRandom(seed) }, options);
        expect(await codeOf(destination.stat('a', signal))).toBe('offline');
        expect(clock.sleeps).toHaveLength(3);
        clock.sleeps.forEach((wait, index) => {
          expect(wait).toBeLessThanOrEqual(Math.min(1_000, 100 * 2 ** index));
        });
      }),
    );
  });

  test('never comes back before the moment the server named', async () => {
    let named = 0;
    const { clock, destination } = failing(1, 'rateLimited', (at) => (named = at.now() + 900));
    await destination.stat('a', signal);
    expect(clock.now()).toBeGreaterThanOrEqual(named);
  });

  test('leaves a server alone that asks for more than the longest wait', async () => {
    const { clock, destination, calls } = failing(9, 'rateLimited', (at) => at.now() + 60_000);
    expect(await codeOf(destination.stat('a', signal))).toBe('rateLimited');
    expect(calls()).toBe(1);
    expect(clock.sleeps).toEqual([]);
  });

  test('stops waiting when cancelled', async () => {
    const { destination } = failing(9, 'offline');
    expect(await codeOf(destination.stat('a', AbortSignal.abort()))).toBe('cancelled');
  });

  test('passes on the conflict that follows a lost reply', async () => {
    const plan = new FaultPlan([{ operation: 'put', nth: 1, how: 'after' }]);
    const memory = new MemoryDestination();
    const destination = decorated(faulty(memory, plan));
    const put = destination.put('a', sourceOf(someBytes(10)), {}, signal);
    expect(await codeOf(put)).toBe('conflict');
    expect(memory.store.overwritten).toEqual([]);
    plan.requireExercised();
  });

  test('goes on reading where it broke off', async () => {
    const plan = new FaultPlan([
      { operation: 'open', nth: 1, how: 'middle' },
      { operation: 'open', nth: 2, how: 'before' },
      { operation: 'open', nth: 3, how: 'middle' },
    ]);
    const destination = decorated(faulty(new MemoryDestination(), plan));
    const bytes = someBytes(300_000);
    await destination.put('a', sourceOf(bytes), {}, signal);
    const range = { start: 7, end: 299_000 };
    expect(await collect(destination.open('a', range, signal))).toEqual(
      Buffer.from(bytes.subarray(7, 299_000)),
    );
    plan.requireExercised();
  });

  test('lists everything once although the list broke off', async () => {
    const plan = new FaultPlan([
      { operation: 'list', nth: 1, how: 'middle' },
      { operation: 'list', nth: 2, how: 'middle' },
    ]);
    const destination = decorated(faulty(new MemoryDestination(), plan));
    for (const key of ['a', 'b', 'c'])
      await destination.put(key, sourceOf(someBytes(1)), {}, signal);
    const keys: string[] = [];
    for await (const { key } of destination.list('', signal)) keys.push(key);
    expect(keys.sort()).toEqual(['a', 'b', 'c']);
    plan.requireExercised();
  });
});

function decorated(inner: Destination): Destination {
  return retrying(inner, { clock: new FakeClock(), random: seededRandom(1) }, options);
}
