import { expect, test } from 'vitest';
import { SystemClock } from '../../../electron/engine/adapters/system-clock.ts';
import { SystemRandom } from '../../../electron/engine/adapters/system-random.ts';
import { patient } from './temporary-directory.ts';

test('sleep ends early, as cancelled, when the signal aborts', async () => {
  const controller = new AbortController();
  const sleeping = new SystemClock().sleep(1e12, controller.signal);
  controller.abort();
  await expect(sleeping).rejects.toMatchObject({ failure: { code: 'cancelled' } });
  await expect(new SystemClock().sleep(0, controller.signal)).rejects.toMatchObject({
    failure: { code: 'cancelled' },
  });
});

test('sleep takes the time it was asked for', async () => {
  const clock = new SystemClock();
  const before = clock.monotonic();
  await clock.sleep(5, patient);
  expect(clock.monotonic() - before).toBeGreaterThanOrEqual(4);
});

test('random fractions and bytes differ and stay in their range', () => {
  const random = new SystemRandom();
  const fractions = Array.from({ length: 1000 }, () => random.fraction());
  expect(new Set(fractions).size).toBe(1000);
  expect(Math.min(...fractions)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...fractions)).toBeLessThan(1);
  expect(random.bytes(16)).toHaveLength(16);
  expect(random.bytes(16)).not.toEqual(random.bytes(16));
});
