import { fail } from '../../../shared/domain/failure.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { SimulatedTime, Sleeping } from './simulated-time.ts';
import type { SimulatedProcess, Step, Steps } from './steps.ts';
import type { Trace } from './trace.ts';

/** How the next step is chosen. `priority` starves some steps for long; `oldest` is nearly sequential. */
export type ChoiceMode = 'uniform' | 'priority' | 'oldest' | 'newest';
export const choiceModes: readonly ChoiceMode[] = ['uniform', 'priority', 'oldest', 'newest'];

interface Pending {
  readonly process: SimulatedProcess;
  readonly label: string;
  readonly priority: number;
  run(): void;
}

interface Sleeper {
  readonly process: SimulatedProcess;
  readonly at: number;
  readonly order: number;
  readonly wake: () => void;
}

export interface SchedulerOptions {
  readonly random: SeededRandom;
  readonly time: SimulatedTime;
  readonly trace: Trace;
  readonly faults: FaultPlan;
  readonly mode: ChoiceMode;
  /** Longest time one step takes, milliseconds. */
  readonly stepMs: number;
  /** Steps after which the run counts as one that never ends. */
  readonly maxSteps: number;
  /** Called before each choice: where the world changes by itself. */
  readonly beforeStep: () => void;
  /** Called after each step: where the cheap invariants are checked. */
  readonly afterStep: () => void;
  /** Called when the plan kills a process; it has to bring about what follows. */
  readonly crash: (process: SimulatedProcess, label: string) => void;
}

/** Nothing is pending, nobody sleeps and the work is not done: a lost wake-up, or more steps than allowed. */
export class StuckError extends Error {
  override readonly name = 'StuckError';
}

/** Turns of the event loop that may pass without a step before the run counts as stuck. */
const idleTurns = 64;

/**
 * Owns time and order: every call through a port waits here until the seed chooses it. Between two
 * choices all microtasks run dry, so that a seed gives one and the same run each time.
 */
export class SimulatedScheduler implements Steps, Sleeping {
  readonly #options: SchedulerOptions;
  #pending: Pending[] = [];
  #sleepers: Sleeper[] = [];
  #order = 0;
  #steps = 0;

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  get steps(): number {
    return this.#steps;
  }

  step<T>(step: Step<T>): Promise<T> {
    const { process, label } = step;
    if (!process.alive) return new Promise(() => undefined);
    return new Promise<T>((resolve, reject) => {
      const priority = this.#options.mode === 'priority' ? this.#options.random.fraction() : 0;
      const run = (): void => {
        this.#perform(step, resolve, reject);
      };
      this.#pending.push({ process, label, priority, run });
    });
  }

  sleepUntil(at: number, process: SimulatedProcess, wake: () => void): () => void {
    const sleeper: Sleeper = { process, at, order: this.#order, wake };
    this.#order += 1;
    this.#sleepers.push(sleeper);
    return () => {
      this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
    };
  }

  /** Forgets what a dead process was waiting for. */
  forget(process: SimulatedProcess): void {
    this.#pending = this.#pending.filter((pending) => pending.process !== process);
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper.process !== process);
  }

  /** Calls of this process that wait to be carried out. */
  pendingOf(process: SimulatedProcess): readonly string[] {
    return this.#pending
      .filter((pending) => pending.process === process)
      .map((pending) => pending.label);
  }

  /** Chooses steps until the work is done; gives its result, or throws what it threw. */
  async run<T>(work: Promise<T>): Promise<T> {
    let outcome: { readonly value: T } | { readonly error: unknown } | undefined;
    const settled = (): typeof outcome => outcome;
    work.then(
      (value) => (outcome = { value }),
      (error: unknown) => (outcome = { error }),
    );
    let idle = 0;
    for (;;) {
      await turn();
      const result = settled();
      if (result !== undefined) {
        if ('error' in result) throw result.error;
        return result.value;
      }
      idle = this.#advance() ? 0 : idle + 1;
      if (idle > idleTurns)
        throw new StuckError('Nothing is left to happen and the work is not done.');
    }
  }

  #advance(): boolean {
    const { time, random, maxSteps, stepMs } = this.#options;
    if (this.#steps >= maxSteps) {
      throw new StuckError(`The work is not done after ${String(maxSteps)} steps.`);
    }
    if (this.#wakeDue()) return true;
    this.#options.beforeStep();
    const next = this.#choose();
    if (next === undefined) return this.#sleepOn();
    this.#steps += 1;
    time.advance(random.fraction() * stepMs);
    next.run();
    this.#options.afterStep();
    return true;
  }

  #wakeDue(): boolean {
    const now = this.#options.time.elapsed;
    if (!this.#sleepers.some((sleeper) => sleeper.at <= now)) return false;
    const due = this.#sleepers.filter((sleeper) => sleeper.at <= now);
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper.at > now);
    due.sort((a, b) => a.at - b.at || a.order - b.order);
    for (const sleeper of due) sleeper.wake();
    return true;
  }

  #sleepOn(): boolean {
    let earliest: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (earliest === undefined || sleeper.at < earliest.at) earliest = sleeper;
    }
    if (earliest === undefined) return false;
    this.#steps += 1;
    this.#options.time.advance(earliest.at - this.#options.time.elapsed);
    return true;
  }

  #choose(): Pending | undefined {
    const count = this.#pending.length;
    if (count === 0) return undefined;
    const [chosen] = this.#pending.splice(this.#chooseIndex(count), 1);
    return chosen;
  }

  #chooseIndex(count: number): number {
    const { mode, random } = this.#options;
    if (count === 1 || mode === 'oldest') return 0;
    if (mode === 'newest') return random.chance(0.9) ? count - 1 : 0;
    if (mode === 'uniform' || random.chance(0.05)) return random.below(count);
    let best = 0;
    this.#pending.forEach((pending, index) => {
      if (pending.priority < (this.#pending[best]?.priority ?? 1)) best = index;
    });
    return best;
  }

  #perform<T>(step: Step<T>, resolve: (value: T) => void, reject: (error: unknown) => void): void {
    const { faults, trace } = this.#options;
    const { process, label } = step;
    if (step.signal?.aborted === true) {
      trace.add(`${process.name} ${label} → cancelled`);
      reject(fail('cancelled', 'The work was cancelled.'));
      return;
    }
    const fault = faults.fault(`${process.name} ${label}`, step.faults);
    const crash = process.mortal && faults.crash(`${process.name} ${label}`);
    try {
      const value = step.perform(fault);
      trace.add(`${process.name} ${label}${fault === null ? '' : ` ! ${fault}`}`);
      if (!crash) resolve(value);
    } catch (error) {
      trace.add(`${process.name} ${label} → ${error instanceof Error ? error.message : 'error'}`);
      if (!crash) reject(error);
    }
    if (crash) this.#options.crash(process, label);
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
