import { describe, expect, it } from 'vitest';

import { makeCataloguePool, runEngine } from '../../simulation/engine-under-test.ts';
import { fingerprint, runSchedule } from '../../simulation/schedule.ts';
import { shrink } from '../../simulation/shrink.ts';
import { fail } from '../../../shared/domain/failure.ts';
import type { RunEngine } from '../../support/simulation/engine-session.ts';
import { toyEngine } from './toy-engine.ts';

describe('a schedule', () => {
  it('is the same each time for one seed, and another for another seed', async () => {
    const first: string[] = [];
    const second: string[] = [];
    for (let seed = 0; seed < 20; seed += 1) {
      first.push(fingerprint(await runSchedule(seed, toyEngine)));
    }
    for (let seed = 0; seed < 20; seed += 1) {
      second.push(fingerprint(await runSchedule(seed, toyEngine)));
    }
    expect(second).toEqual(first);
    expect(new Set(first).size).toBeGreaterThan(17);
  });

  it('is the same each time with the real engine too', async () => {
    const options = { catalogues: makeCataloguePool() };
    for (const seed of [11, 12, 13]) {
      const first = await runSchedule(seed, runEngine, options);
      const second = await runSchedule(seed, runEngine, options);
      expect(first.steps).toBeGreaterThan(20);
      expect(second.trace).toEqual(first.trace);
      expect(fingerprint(second)).toBe(fingerprint(first));
    }
  });

  it('catches an engine that deletes a file of the user', async () => {
    const deleting: RunEngine = async (session, signal) => {
      const names = await session.fileSystem.readDirectory('/photos');
      const file = names.find(({ kind }) => kind === 'file');
      if (file !== undefined) await session.fileSystem.remove(`/photos/${file.name}`);
      return toyEngine(session, signal);
    };
    expect(await firstFailure(deleting)).toBe('user-files');
  });

  it('catches an engine that never ends', async () => {
    const waiting: RunEngine = () => new Promise(() => undefined);
    const result = await runSchedule(1, waiting);
    expect(result.failure?.invariant).toBe('quiescence');
  });

  it('catches an engine that goes on after its end', async () => {
    const leaving: RunEngine = (session, signal) => {
      session.fileSystem.create('/nas/left').catch(() => undefined);
      return toyEngine({ ...session, roots: [] }, signal);
    };
    expect(await firstFailure(leaving)).toBe('work-after-end');
  });

  it('catches an engine that trips over a programming error', async () => {
    const broken: RunEngine = () => Promise.reject(new TypeError('undefined is not a photo'));
    expect((await runSchedule(3, broken)).failure?.invariant).toBe('no-bug');
  });

  it('catches an engine that gives up although nothing is wrong', async () => {
    const pessimist: RunEngine = () => Promise.reject(fail('offline', 'It is always offline.'));
    expect((await runSchedule(3, pessimist)).failure?.invariant).toBe('calm-run');
  });

  it('shrinks to what the failure needs', async () => {
    const failing: RunEngine = async (session, signal) => {
      const summary = await toyEngine(session, signal);
      return { ...summary, found: 1 };
    };
    const seed = 11;
    const first = await runSchedule(seed, failing);
    expect(first.failure?.invariant).toBe('counters');
    const { result } = await shrink(
      first,
      (suppressed) => runSchedule(seed, failing, { suppressed }),
      () => false,
    );
    expect(result.failure?.invariant).toBe('counters');
    expect(result.faults).toEqual([]);
    expect(result.events).toEqual([]);
  });
});

async function firstFailure(engine: RunEngine): Promise<string | undefined> {
  for (let seed = 0; seed < 100; seed += 1) {
    const { failure } = await runSchedule(seed, engine);
    const own = ['user-files', 'work-after-end', 'no-bug'];
    if (failure !== null && own.includes(failure.invariant)) return failure.invariant;
  }
  return undefined;
}
