import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Clock } from '../../../electron/engine/ports/clock.ts';
import { judgeStability, StabilityGate } from '../../../electron/engine/scan/stability.ts';

class ManualClock implements Clock {
  wall = 1_700_000_000_000;
  ticks = 0;
  now(): number {
    return this.wall;
  }
  monotonic(): number {
    return this.ticks;
  }
  sleep(): Promise<void> {
    return Promise.reject(new Error('Nothing here sleeps.'));
  }
  advance(milliseconds: number): void {
    this.wall += milliseconds;
    this.ticks += milliseconds;
  }
}

const times = { quietMs: 2000, oldMs: 2000 };

describe('StabilityGate', () => {
  test('an old file may be read at once', () => {
    const clock = new ManualClock();
    const gate = new StabilityGate(clock, times);
    expect(gate.wait('a', { size: 1, modifiedMs: clock.wall - 2000 }, false)).toBe(0);
    expect(gate.waiting).toBe(0);
  });

  test('an old file that was seen changing is waited for all the same: a copy keeps its old time', () => {
    const clock = new ManualClock();
    const gate = new StabilityGate(clock, times);
    const shape = { size: 1, modifiedMs: clock.wall - 1e9 };
    expect(gate.wait('a', shape, true)).toBe(2000);
    clock.advance(2000);
    expect(gate.wait('a', shape, true)).toBe(0);
  });

  test('behind a watcher a shorter rest is enough for a file that was never seen changing', () => {
    const clock = new ManualClock();
    const gate = new StabilityGate(clock, { quietMs: 2000, oldMs: 250 });
    expect(gate.wait('a', { size: 1, modifiedMs: clock.wall - 250 }, false)).toBe(0);
    expect(gate.wait('b', { size: 1, modifiedMs: clock.wall - 249 }, false)).toBe(2000);
    clock.advance(1999);
    expect(gate.wait('b', { size: 1, modifiedMs: clock.wall - 2248 }, false)).toBe(1);
  });

  test('a growing file waits until it rests', () => {
    const clock = new ManualClock();
    const gate = new StabilityGate(clock, times);
    for (let size = 1; size < 10; size += 1) {
      expect(gate.wait('a', { size, modifiedMs: clock.wall }, true)).toBe(2000);
      clock.advance(1500);
    }
    const shape = { size: 10, modifiedMs: clock.wall };
    expect(gate.wait('a', shape, true)).toBe(2000);
    clock.advance(1999);
    expect(gate.wait('a', shape, false)).toBe(1);
    clock.advance(1);
    expect(gate.wait('a', shape, false)).toBe(0);
    expect(gate.waiting).toBe(0);
  });

  test('a time in the future, and a clock that is set back, do not hold a file up for ever', () => {
    const clock = new ManualClock();
    const gate = new StabilityGate(clock, times);
    const shape = { size: 1, modifiedMs: clock.wall + 1e10 };
    expect(gate.wait('a', shape, false)).toBe(2000);
    clock.wall -= 1e12;
    clock.ticks += 2000;
    expect(gate.wait('a', shape, false)).toBe(0);
  });

  test('a file that is gone is forgotten', () => {
    const clock = new ManualClock();
    const gate = new StabilityGate(clock, times);
    gate.wait('a', { size: 1, modifiedMs: clock.wall }, false);
    gate.forget('a');
    expect(gate.waiting).toBe(0);
  });
});

test('a file never settles while it changes, and always once it has been still for long enough', () => {
  const step = fc.record({ grows: fc.boolean(), after: fc.integer({ min: 1, max: 3000 }) });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), (steps) => {
      let shape = { size: 0, modifiedMs: 0 };
      let changedAt = 0;
      let time = 0;
      let previous = null;
      for (const { grows, after } of steps) {
        time += after;
        if (grows) {
          shape = { size: shape.size + 1, modifiedMs: time };
          changedAt = time;
        }
        const verdict = judgeStability({
          shape,
          previous,
          changing: true,
          ...times,
          nowMs: time,
          monotonicMs: time,
        });
        if (verdict.state === 'settled') {
          expect(time - changedAt).toBeGreaterThanOrEqual(2000);
          return;
        }
        expect(verdict.forMs).toBeGreaterThan(0);
        expect(verdict.forMs).toBeLessThanOrEqual(2000);
        previous = verdict.sighting;
      }
    }),
  );
});
