import { describe, expect, it } from 'vitest';

import { fail } from '../../../shared/domain/failure.ts';
import { TrafficRecord } from '../../support/simulation/observed-destination.ts';

function make(): { record: TrafficRecord; time: { now: number } } {
  const time = { now: 0 };
  const clock = { monotonic: () => time.now, now: () => 5_000_000 + time.now };
  return { record: new TrafficRecord(clock, 3), time };
}

const limited = (retryAt: number) => () =>
  Promise.reject(fail('rateLimited', 'Too many requests.', { retryAt }));

describe('the record of traffic', () => {
  it('notices a request that comes before the server allowed it', async () => {
    const { record, time } = make();
    await expect(record.request('put a', limited(5_001_000))).rejects.toThrow();
    time.now = 999;
    await record.request('put a', () => Promise.resolve());
    expect(record.violations).toEqual([]);
    await expect(record.request('put b', limited(5_002_000))).rejects.toThrow();
    time.now = 1500;
    await record.request('put b', () => Promise.resolve());
    expect(record.violations).toHaveLength(1);
  });

  it('notices a request that is sent without an end', async () => {
    const { record } = make();
    for (let index = 0; index < 3; index += 1)
      await record.request('put a', () => Promise.resolve());
    expect(record.violations).toEqual([]);
    await record.request('put a', () => Promise.resolve());
    expect(record.violations).toHaveLength(1);
  });
});
