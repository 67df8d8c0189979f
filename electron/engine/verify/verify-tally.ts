import type { Clock } from '../ports/clock.ts';
import type { Damage, Finding } from './compare.ts';

/** `expected` = `intact` + `missing` + `wrongSize` + `corrupt` + `unreadable`. */
export interface VerifySummary {
  readonly event: 'summary';
  /** Objects that must be there. */
  readonly expected: number;
  readonly intact: number;
  readonly missing: number;
  readonly wrongSize: number;
  readonly corrupt: number;
  readonly unreadable: number;
  /** Of those that are there: not named by any readable journal. */
  readonly unjournalled: number;
  /** Objects without a record, and files that are none of ours. */
  readonly extra: number;
  readonly foreign: number;
  readonly journalProblems: number;
  /** Objects whose bytes were read this time, and their bytes. */
  readonly read: number;
  readonly bytesRead: number;
  /** To go on with an interrupted round of reading; null where nothing was to be read. */
  readonly roundStartedMs: number | null;
  readonly seconds: number;
}

export type VerifyPhase = 'journals' | 'list' | 'look' | 'read';

export type VerifyEvent =
  | { readonly event: 'finding'; readonly finding: Finding }
  | {
      readonly event: 'progress';
      readonly phase: VerifyPhase;
      readonly done: number;
      /** Null where it is not known. */
      readonly total: number | null;
    };

const progressEveryMs = 250;

/** Counts what is found, each expected object once, and tells it. */
export class VerifyTally {
  foreign = 0;
  read = 0;
  bytesRead = 0;
  /** Ids of the objects with a damage. */
  readonly damaged = new Set<number>();
  readonly #counts: Record<Finding['kind'], number> = {
    missing: 0,
    wrongSize: 0,
    corrupt: 0,
    unreadable: 0,
    unjournalled: 0,
    extra: 0,
    journal: 0,
  };
  readonly #clock: Clock;
  readonly #onEvent: (event: VerifyEvent) => void;
  #toldMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, onEvent: (event: VerifyEvent) => void) {
    this.#clock = clock;
    this.#onEvent = onEvent;
  }

  /** A damage of an object that has one already is not told again. */
  damage(damage: Damage): void {
    if (this.damaged.has(damage.object.id)) return;
    this.damaged.add(damage.object.id);
    this.finding(damage);
  }

  finding(finding: Finding): void {
    this.#counts[finding.kind] += 1;
    this.#onEvent({ event: 'finding', finding });
  }

  /** Told a few times a second. */
  progress(phase: VerifyPhase, done: number, total: number | null): void {
    const now = this.#clock.monotonic();
    if (now - this.#toldMs < progressEveryMs && done !== total) return;
    this.#toldMs = now;
    this.#onEvent({ event: 'progress', phase, done, total });
  }

  summary(expected: number, roundStartedMs: number | null, seconds: number): VerifySummary {
    const { missing, wrongSize, corrupt, unreadable, unjournalled, extra, journal } = this.#counts;
    return {
      event: 'summary',
      expected,
      intact: expected - missing - wrongSize - corrupt - unreadable,
      missing,
      wrongSize,
      corrupt,
      unreadable,
      unjournalled,
      extra,
      foreign: this.foreign,
      journalProblems: journal,
      read: this.read,
      bytesRead: this.bytesRead,
      roundStartedMs,
      seconds,
    };
  }
}
