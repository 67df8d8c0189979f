import type { SeededRandom } from './seeded-random.ts';
import type { FaultKind } from './steps.ts';

/** How often things go wrong, and which decisions the shrinker has taken back. */
export interface FaultPlanOptions {
  /** Probability that a step that can fail does. */
  readonly stepRate: number;
  /** Probability that a process is killed at a step. */
  readonly crashRate: number;
  /** Kinds that this schedule uses; the others never happen in it. */
  readonly kinds: ReadonlySet<FaultKind>;
  /** Ordinals of decisions that are not carried out. */
  readonly suppressed: ReadonlySet<number>;
}

export interface FaultDecision {
  readonly ordinal: number;
  readonly what: string;
}

/**
 * Decides at each step whether it fails. Every decision has an ordinal, so that a failing schedule can
 * be run again without some of them.
 */
export class FaultPlan {
  readonly #random: SeededRandom;
  readonly #options: FaultPlanOptions;
  readonly #made: FaultDecision[] = [];
  #enabled = true;
  #ordinal = 0;

  constructor(random: SeededRandom, options: FaultPlanOptions) {
    this.#random = random;
    this.#options = options;
  }

  /** From now on nothing fails. */
  stop(): void {
    this.#enabled = false;
  }

  get enabled(): boolean {
    return this.#enabled;
  }

  /** Decisions that were carried out, in order. */
  get made(): readonly FaultDecision[] {
    return this.#made;
  }

  fault(label: string, possible: readonly FaultKind[]): FaultKind | null {
    if (!this.#enabled || possible.length === 0) return null;
    if (!this.#random.chance(this.#options.stepRate)) return null;
    const kind = this.#random.pick(possible);
    if (!this.#options.kinds.has(kind)) return null;
    return this.#decide(`${kind} at ${label}`) ? kind : null;
  }

  crash(label: string): boolean {
    if (!this.#enabled || !this.#random.chance(this.#options.crashRate)) return false;
    return this.#decide(`crash at ${label}`);
  }

  #decide(what: string): boolean {
    const ordinal = this.#ordinal;
    this.#ordinal += 1;
    if (this.#options.suppressed.has(ordinal)) return false;
    this.#made.push({ ordinal, what });
    return true;
  }
}
