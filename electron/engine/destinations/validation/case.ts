import type { Destination } from '../contract.ts';

/** What a case of the suite works with. */
export interface ValidationTools {
  /** Ends in `/`; every key the case makes starts with it, and nothing else does. */
  readonly prefix: string;
  /** Another instance for the same place, as after a restart; the case closes it. */
  readonly reopen: () => Promise<Destination>;
  /** How many objects the long listing makes; 0 leaves it out. */
  readonly manyObjects: number;
}

/** One promise of the contract, checked against a live destination. */
export interface ValidationCase {
  /** A promise in words. */
  readonly name: string;
  /** Why the case does not apply here; undefined where it does. */
  readonly inapplicable?: (destination: Destination, tools: ValidationTools) => string | undefined;
  /** Rejects where the promise is broken. */
  readonly run: (
    destination: Destination,
    tools: ValidationTools,
    signal: AbortSignal,
  ) => Promise<void>;
}
