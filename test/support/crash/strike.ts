/**
 * What a process under test notes while it works, and where it is struck. The test writes an
 * {@link Observation} into the environment variable {@link observationVariable}; `observer.ts`, loaded into
 * the process before the product, reads it.
 */
export const observationVariable = 'CLOUDROLL_TEST_OBSERVATION';

export interface Observation {
  /** File that takes one JSON line for each step, in order. */
  readonly log: string;
  /** Only changes of files below these directories are steps. */
  readonly watched: readonly string[];
  /** Where the process is to be struck; null lets it run. */
  readonly strike: Strike | null;
}

export interface Strike {
  /** See {@link Step.name}. */
  readonly step: string;
  /** The how-manieth step of that name, from 1. */
  readonly occurrence: number;
  readonly signal: 'SIGKILL' | 'SIGINT' | 'SIGTERM';
}

/** A moment in the life of a process at which a crash may leave something else behind than a moment before. */
export interface Step {
  /**
   * Moment, action and object: `before`, `after` a commit of the catalogue or a change of a file;
   * `before`, `while` or `after` (the first bytes of the reply) a request. Random parts of names are `<id>`.
   */
  readonly name: string;
  /** Of a reply: the HTTP status. */
  readonly status?: number;
}
