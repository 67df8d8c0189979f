import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { MemoryAtRest } from '../../../electron/engine/runtime/memory-at-rest.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A process that takes so many milliseconds of processor time in each of the next looks. */
function watched(...loads: readonly number[]): number[] {
  let used = 0;
  const collectedAfter: number[] = [];
  const memory = new MemoryAtRest({
    processorMs: () => used,
    collect: () => {
      collectedAfter.push(used);
      used += 1000;
    },
  });
  for (const load of loads) {
    used += load;
    vi.advanceTimersByTime(5000);
  }
  memory.close();
  vi.advanceTimersByTime(60_000);
  return collectedAfter;
}

test('memory is given back once work has ended, and not again until there was more', () => {
  expect(watched(4000, 3000, 20, 0, 0)).toEqual([7020]);
  expect(watched(4000, 10, 10, 900, 0, 0)).toEqual([4010, 5920]);
});

test('nothing is collected while there is work', () => {
  expect(watched(4000, 400, 2500, 10_000)).toEqual([]);
});

test('a process that was started and does nothing gives back what its start took', () => {
  expect(watched(0, 0)).toEqual([0]);
});

test('what the process itself gives back is garbage', () => {
  const memory = new MemoryAtRest();
  makeGarbage();
  const full = process.memoryUsage().heapUsed;
  const { user, system } = process.cpuUsage();
  const idle = vi.spyOn(process, 'cpuUsage').mockReturnValue({ user, system });
  vi.advanceTimersByTime(10_000);
  memory.close();
  idle.mockRestore();
  expect(process.memoryUsage().heapUsed).toBeLessThan(full - 20_000_000);
});

function makeGarbage(): void {
  const garbage = Array.from({ length: 200 }, () => new Array<number>(20_000).fill(0.5));
  expect(garbage).toHaveLength(200);
}
