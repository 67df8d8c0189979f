import type { FaultPlanOptions } from './fault-plan.ts';
import type { ChoiceMode } from './scheduler.ts';
import { choiceModes } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';
import { faultKinds } from './steps.ts';

/** What one schedule is like; drawn from its seed. */
export interface WorldOptions {
  readonly devices: number;
  /** Runs of the engine on each device while faults happen. */
  readonly runs: number;
  readonly photosAtStart: number;
  readonly poolSize: number;
  readonly mode: ChoiceMode;
  readonly cloud: boolean;
  readonly folder: boolean;
  /** Probability that the world changes before a step. */
  readonly eventRate: number;
  readonly maxEvents: number;
  /** Whether catalogues are copied, restored and lost all the time. */
  readonly clones: boolean;
  /** Whether computers lose power, not only the engine's process its life; keeping track of that takes time. */
  readonly powerLoss: boolean;
  readonly faults: Omit<FaultPlanOptions, 'suppressed'>;
}

/** Parts of the options that are given, to look for one kind of bug. */
export type Focus = Partial<Omit<WorldOptions, 'mode'>>;

/** Small worlds are common: they are fast, and most bugs need little. */
export function drawWorldOptions(random: SeededRandom, focus: Focus = {}): WorldOptions {
  const kinds = new Set(faultKinds.filter(() => random.chance(0.5)));
  const place = random.below(7);
  return {
    devices: random.pick([1, 1, 1, 1, 2, 2, 2, 2, 3, 4]),
    runs: random.pick([1, 1, 2, 2, 3]),
    photosAtStart: random.pick([0, 1, 1, 2, 2, 3, 4]),
    poolSize: random.between(1, 5),
    mode: random.pick(choiceModes),
    cloud: place < 4,
    folder: place >= 3,
    eventRate: random.pick([0.01, 0.03, 0.08]),
    maxEvents: random.between(0, 14),
    clones: random.chance(0.1),
    faults: {
      stepRate: random.pick([0, 0.005, 0.02, 0.05]),
      crashRate: random.pick([0, 0, 0.002, 0.01]),
      kinds,
    },
    powerLoss: random.chance(0.4),
    ...focus,
  };
}
