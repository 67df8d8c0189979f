import { fail } from '../../../shared/domain/failure.ts';

/** What can go wrong in one step; each kind of step says which of these make sense for it. */
export const faultKinds = [
  'EACCES',
  'EIO',
  'ENOSPC',
  'EROFS',
  /** The call took effect and reported an error all the same (a network file system's lost reply). */
  'EIO-after',
  'offline',
  'timeout',
  'serverError',
  'rateLimited',
  'auth',
  'quota',
  /** Other bytes of the same length are stored, and the reply says that all is well. */
  'corrupt',
  /** The same, and the reply is lost. */
  'corrupt-lost-reply',
  'lost-reply',
  'short',
  'metadata',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** A program that runs in the simulation and can be ended at any moment. */
export interface SimulatedProcess {
  readonly name: string;
  /** Whether the plan may kill it. */
  readonly mortal: boolean;
  /** Once false, nothing that this process asked for ever settles again, and nothing it asks is done. */
  alive: boolean;
}

/** One call through a port, as the scheduler sees it. */
export interface Step<T> {
  readonly process: SimulatedProcess;
  /** For the trace: what and on what, e.g. `stat /photos/a.jpg`. */
  readonly label: string;
  /** Faults that make sense here; empty: this step never fails by the plan. */
  readonly faults: readonly FaultKind[];
  readonly signal?: AbortSignal | undefined;
  /** Does the work, all at once; `fault` is what the plan asks to go wrong. */
  perform(fault: FaultKind | null): T;
}

/** Who decides when a step happens. */
export interface Steps {
  step<T>(step: Step<T>): Promise<T>;
}

/** Does every step at once and never fails one: for tests of the simulated parts themselves. */
export const immediateSteps: Steps = {
  step<T>(step: Step<T>): Promise<T> {
    return new Promise((resolve) => {
      if (step.signal?.aborted === true) throw fail('cancelled', 'The work was cancelled.');
      resolve(step.perform(null));
    });
  },
};
