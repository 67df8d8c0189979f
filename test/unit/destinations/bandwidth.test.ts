import { describe, expect, test } from 'vitest';

import {
  BandwidthLimit,
  limitingBandwidth,
} from '../../../electron/engine/destinations/decorators/bandwidth.ts';
import { someBytes, sourceOf } from '../../../electron/engine/destinations/validation/sources.ts';
import type { Destination } from '../../../electron/engine/destinations/contract.ts';
import { failureOf } from '../../../shared/domain/failure.ts';
import { FakeClock } from '../../support/destinations/fake-clock.ts';
import { MemoryDestination } from '../../support/destinations/memory-destination.ts';

const signal = new AbortController().signal;

async function secondsFor(bytes: number, rate: number | null): Promise<number> {
  const clock = new FakeClock();
  const limit = new BandwidthLimit(clock, rate);
  const destination = limitingBandwidth(new MemoryDestination(), limit);
  const start = clock.monotonic();
  await destination.put('a', sourceOf(someBytes(bytes)), {}, signal);
  return (clock.monotonic() - start) / 1000;
}

describe('limitingBandwidth', () => {
  test('holds an upload to its rate', async () => {
    expect(await secondsFor(1_000_000, 100_000)).toBeCloseTo(9.75, 1);
    expect(await secondsFor(1_000_000, 500_000)).toBeCloseTo(1.75, 1);
  });

  test('costs nothing without a limit', async () => {
    expect(await secondsFor(1_000_000, null)).toBe(0);
  });

  test('shares its rate among all uploads', async () => {
    const clock = new FakeClock();
    const limit = new BandwidthLimit(clock, 100_000);
    const destination = limitingBandwidth(new MemoryDestination(), limit);
    const start = clock.monotonic();
    for (const key of ['a', 'b']) {
      await destination.put(key, sourceOf(someBytes(500_000)), {}, signal);
    }
    expect((clock.monotonic() - start) / 1000).toBeCloseTo(9.75, 1);
  });

  test('can be changed and lifted', async () => {
    const clock = new FakeClock();
    const limit = new BandwidthLimit(clock, 1);
    limit.set(null);
    await limit.take(1e9, signal);
    limit.set(1_000);
    await limit.take(10_000, signal);
    expect(clock.sleeps).toEqual([10_000]);
  });

  test('keeps the kernel from copying only while there is a limit', async () => {
    const paths: (string | undefined)[] = [];
    const memory = new MemoryDestination();
    const inner: Destination = {
      capabilities: memory.capabilities,
      check: (within) => memory.check(within),
      stat: (key, within) => memory.stat(key, within),
      put: (key, source, options, within) => {
        paths.push(source.localPath);
        return memory.put(key, source, options, within);
      },
      open: (key, range, within) => memory.open(key, range, within),
      list: (prefix, within) => memory.list(prefix, within),
      remove: (key, within) => memory.remove(key, within),
      close: () => memory.close(),
    };
    const limit = new BandwidthLimit(new FakeClock(), 1e9);
    const destination = limitingBandwidth(inner, limit);
    const source = { ...sourceOf(someBytes(3)), localPath: '/photo.jpg' };
    await destination.put('a', source, {}, signal);
    limit.set(null);
    await destination.put('b', source, {}, signal);
    expect(paths).toEqual([undefined, '/photo.jpg']);
  });

  test.each([0, -1, Number.NaN])('refuses the rate %d', (rate) => {
    expect(() => new BandwidthLimit(new FakeClock(), rate)).toThrow(
      expect.toSatisfy((error) => failureOf(error).code === 'invalid'),
    );
  });
});
