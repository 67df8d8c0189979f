import { describe, expect, it } from 'vitest';

import { failureOf } from '../../../shared/domain/failure.ts';
import { FaultPlan } from '../../support/simulation/fault-plan.ts';
import { SeededRandom } from '../../support/simulation/seeded-random.ts';
import { SimulatedScheduler, choiceModes } from '../../support/simulation/scheduler.ts';
import type { ChoiceMode } from '../../support/simulation/scheduler.ts';
import { SimulatedClock, SimulatedTime } from '../../support/simulation/simulated-time.ts';
import type { FaultKind, SimulatedProcess } from '../../support/simulation/steps.ts';
import { Trace } from '../../support/simulation/trace.ts';

interface Made {
  readonly scheduler: SimulatedScheduler;
  readonly time: SimulatedTime;
  readonly trace: Trace;
  readonly process: SimulatedProcess;
  readonly clock: SimulatedClock;
  readonly wall: { offsetMs: number };
}

function make(seed = 1, mode: ChoiceMode = 'uniform', stepRate = 0, crashRate = 0): Made {
  const random = new SeededRandom(seed);
  const time = new SimulatedTime();
  const trace = new Trace();
  const process: SimulatedProcess = { name: 'p', mortal: true, alive: true };
  const kinds = new Set<FaultKind>(['EIO']);
  const scheduler = new SimulatedScheduler({
    random,
    time,
    trace,
    faults: new FaultPlan(random.fork('faults'), {
      stepRate,
      crashRate,
      kinds,
      suppressed: new Set(),
    }),
    mode,
    stepMs: 10,
    maxSteps: 1000,
    beforeStep: () => undefined,
    afterStep: () => undefined,
    crash: (killed) => {
      killed.alive = false;
      scheduler.forget(killed);
    },
  });
  const wall = { offsetMs: 0 };
  return {
    scheduler,
    time,
    trace,
    process,
    wall,
    clock: new SimulatedClock(time, scheduler, process, wall),
  };
}

async function twoWorkers({ scheduler, process }: Made): Promise<string> {
  const order: string[] = [];
  const worker = async (name: string): Promise<void> => {
    for (let index = 0; index < 5; index += 1) {
      await scheduler.step({
        process,
        label: `${name}${String(index)}`,
        faults: [],
        perform: () => order.push(name),
      });
    }
  };
  await scheduler.run(Promise.all([worker('a'), worker('b')]));
  return order.join('');
}

describe.each(choiceModes)('the scheduler, choosing by %s', (mode) => {
  it('gives one order for a seed', async () => {
    const first = make(7, mode);
    const second = make(7, mode);
    expect(await twoWorkers(first)).toBe(await twoWorkers(second));
    expect(first.trace.hash).toBe(second.trace.hash);
  });
});

describe('the scheduler', () => {
  it('finds different orders with different seeds', async () => {
    const orders = new Set<string>();
    for (let seed = 0; seed < 20; seed += 1) orders.add(await twoWorkers(make(seed)));
    expect(orders.size).toBeGreaterThan(10);
  });

  it('advances the clock to the next sleeper when nothing else is left', async () => {
    const { scheduler, clock, time } = make();
    const { signal } = new AbortController();
    await scheduler.run(Promise.all([clock.sleep(3_600_000, signal), clock.sleep(60_000, signal)]));
    expect(time.elapsed).toBe(3_600_000);
  });

  it('lets the wall clock jump and never the monotonic one', async () => {
    const { scheduler, clock, wall } = make();
    const before = { now: clock.now(), monotonic: clock.monotonic() };
    wall.offsetMs = -3_600_000;
    await scheduler.run(clock.sleep(1000, new AbortController().signal));
    expect(clock.now() - before.now).toBe(1000 - 3_600_000);
    expect(clock.monotonic() - before.monotonic).toBe(1000);
  });

  it('wakes a sleeper that is cancelled', async () => {
    const { scheduler, clock, time } = make();
    const controller = new AbortController();
    const sleeping = clock.sleep(1000, controller.signal);
    controller.abort();
    const error: unknown = await scheduler.run(sleeping).catch((thrown: unknown) => thrown);
    expect(failureOf(error).code).toBe('cancelled');
    expect(time.elapsed).toBe(0);
  });

  it('notices that nothing will ever happen again', async () => {
    const { scheduler } = make();
    await expect(scheduler.run(new Promise(() => undefined))).rejects.toThrow('Nothing is left');
  });

  it('notices work without an end', async () => {
    const { scheduler, process } = make();
    const endless = async (): Promise<void> => {
      for (;;) await scheduler.step({ process, label: 'again', faults: [], perform: () => 0 });
    };
    await expect(scheduler.run(endless())).rejects.toThrow('not done after 1000 steps');
  });

  it('fails steps as planned, and only those that can fail', async () => {
    const { scheduler, process } = make(1, 'uniform', 1);
    const faults: (FaultKind | null)[] = [];
    const perform = (fault: FaultKind | null): void => {
      faults.push(fault);
    };
    const work = async (): Promise<void> => {
      await scheduler.step({ process, label: 'can fail', faults: ['EIO'], perform });
      await scheduler.step({ process, label: 'cannot', faults: [], perform });
    };
    await scheduler.run(work());
    expect(faults).toEqual(['EIO', null]);
  });

  it('lets a killed process wait for ever', async () => {
    const { scheduler, process } = make(1, 'uniform', 0, 1);
    let settled = false;
    const note = (): void => {
      settled = true;
    };
    scheduler.step({ process, label: 'dies', faults: [], perform: () => 0 }).then(note, note);
    await expect(scheduler.run(new Promise(() => undefined))).rejects.toThrow('Nothing is left');
    scheduler.step({ process, label: 'too late', faults: [], perform: () => 0 }).then(note, note);
    await expect(scheduler.run(new Promise(() => undefined))).rejects.toThrow('Nothing is left');
    expect(settled).toBe(false);
  });
});
