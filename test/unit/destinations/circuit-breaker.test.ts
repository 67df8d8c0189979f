import { describe, expect, test } from 'vitest';

import { breakingCircuit } from '../../../electron/engine/destinations/decorators/circuit-breaker.ts';
import { fail, failureOf } from '../../../shared/domain/failure.ts';
import type { FailureCode } from '../../../shared/domain/failure.ts';
import { FakeClock } from '../../support/destinations/fake-clock.ts';
import { MemoryDestination } from '../../support/destinations/memory-destination.ts';

const signal = new AbortController().signal;

function setUp() {
  const clock = new FakeClock();
  const state: { code: FailureCode | null; calls: number; hold: Promise<void> | null } = {
    code: null,
    calls: 0,
    hold: null,
  };
  const memory = new MemoryDestination({
    gate: async ({ phase }) => {
      if (phase !== 'before') return;
      state.calls += 1;
      if (state.hold !== null) await state.hold;
      if (state.code !== null) throw fail(state.code, 'No.');
    },
  });
  const options = { failures: 3, firstRestMs: 1_000, longestRestMs: 3_000 };
  const destination = breakingCircuit(memory, clock, options);
  const call = async (): Promise<string> => {
    try {
      await destination.stat('a', signal);
      return 'ok';
    } catch (error) {
      return failureOf(error).code;
    }
  };
  return { clock, state, destination, call };
}

describe('breakingCircuit', () => {
  test('leaves a failing destination in peace, tries once, and recovers', async () => {
    const { clock, state, call } = setUp();
    state.code = 'timeout';
    for (let index = 0; index < 3; index += 1) expect(await call()).toBe('timeout');
    expect(await call()).toBe('offline');
    expect(state.calls).toBe(3);
    clock.advance(1_000);
    expect(await call()).toBe('timeout');
    clock.advance(1_999);
    expect(await call()).toBe('offline');
    expect(state.calls).toBe(4);
    clock.advance(1);
    state.code = null;
    expect(await call()).toBe('ok');
    expect(await call()).toBe('ok');
  });

  test('lets a single call try, and names the moment of the next trial', async () => {
    const { clock, state, destination, call } = setUp();
    state.code = 'serverError';
    for (let index = 0; index < 3; index += 1) await call();
    const refused = await destination.stat('a', signal).catch((error: unknown) => failureOf(error));
    expect(refused).toMatchObject({ code: 'offline', retryAt: clock.now() + 1_000 });
    clock.advance(1_000);
    let release = (): void => undefined;
    state.hold = new Promise((resolve) => (release = resolve));
    state.code = null;
    const trial = call();
    expect(await call()).toBe('offline');
    release();
    expect(await trial).toBe('ok');
  });

  test.each(['conflict', 'notFound', 'auth', 'quota'] as const)(
    'takes %s as a sign of life',
    async (code) => {
      const { state, call } = setUp();
      for (let round = 0; round < 4; round += 1) {
        state.code = 'offline';
        await call();
        await call();
        state.code = code;
        expect(await call()).toBe(code);
      }
    },
  );

  test('counts streams as calls', async () => {
    const { state, destination, call } = setUp();
    state.code = 'offline';
    for (let index = 0; index < 3; index += 1) {
      const list = destination.list('', signal)[Symbol.asyncIterator]();
      await expect(list.next()).rejects.toMatchObject({ failure: { code: 'offline' } });
    }
    state.code = null;
    expect(await call()).toBe('offline');
    expect(state.calls).toBe(3);
  });
});
