import { describe, expect, test } from 'vitest';

import { quotaOf } from '../../../electron/engine/destinations/common/quota.ts';
import { decorate } from '../../../electron/engine/destinations/decorators/decorate.ts';
import { limitTransfers } from '../../../electron/engine/destinations/decorators/limit-transfers.ts';
import { metered } from '../../../electron/engine/app/destinations/metered-destination.ts';
import { silentLogger } from '../../../electron/engine/logging/logger.ts';
import { fail } from '../../../shared/domain/failure.ts';
import { FakeClock } from '../../support/destinations/fake-clock.ts';
import { faulty, FaultPlan } from '../../support/destinations/faulty-destination.ts';
import { MemoryDestination } from '../../support/destinations/memory-destination.ts';
import { seededRandom } from '../../support/destinations/seeded-random.ts';

const signal = new AbortController().signal;

function asUsed(inner: MemoryDestination, plan = new FaultPlan([])) {
  const ports = { clock: new FakeClock(), random: seededRandom(1), logger: silentLogger };
  const limited = limitTransfers(faulty(inner, plan), 2);
  return metered(decorate(limited, ports), () => undefined);
}

describe('the figures of a server', () => {
  test.each([
    [3, 7, { usedBytes: 3, totalBytes: 10 }],
    [3, 0, { usedBytes: 3, totalBytes: 3 }],
    [0, 7, { usedBytes: 0, totalBytes: 7 }],
    [3, null, { usedBytes: 3, totalBytes: null }],
    [0, null, null],
    [0, 0, null],
    [-1, 7, null],
    [Number.NaN, 7, null],
    [3, -1, { usedBytes: 3, totalBytes: null }],
    [3, 2 ** 60, { usedBytes: 3, totalBytes: null }],
    [0, 2 ** 63, null],
  ])('%d used, %d free', (used, free, quota) => {
    expect(quotaOf(used, free)).toEqual(quota);
  });
});

describe('a destination behind its decorators', () => {
  test('tells its quota, also after a fault that passes', async () => {
    const plan = new FaultPlan([
      { operation: 'quota', nth: 1, how: 'before' },
      { operation: 'quota', nth: 2, how: 'before', failure: fail('timeout', 'No answer.') },
    ]);
    const destination = asUsed(new MemoryDestination({ totalBytes: 100 }), plan);
    expect(await destination.quota?.(signal)).toEqual({ usedBytes: 0, totalBytes: 100 });
    plan.requireExercised();
  });

  test('has no quota where the one inside has none', () => {
    expect(asUsed(new MemoryDestination())).not.toHaveProperty('quota');
  });
});
