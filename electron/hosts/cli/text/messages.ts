import type {
  PublishTotals,
  SyncPhase,
  SyncProgress,
  SyncSummary,
} from '../../../../shared/contract/sync-events.ts';
import type { FailureCode } from '../../../../shared/domain/failure.ts';
import type { DeliveryState } from '../../../../shared/domain/states.ts';
import type { CommandName, OptionName } from '../arguments/table.ts';
import type { UsageProblem } from '../arguments/usage-error.ts';
import { englishMessages } from './messages-en.ts';
import type { Reading } from './language.ts';
import { Numbers } from './numbers.ts';

/** A sentence that says what happened, and one that says what to do. */
export interface Advice {
  readonly message: string;
  readonly hint: string;
}

/** How a run ended, for its closing words. */
export interface SyncEnd {
  readonly summary: SyncSummary;
  readonly cancelled: boolean;
  /** Photos and sidecars that were named with a reason. */
  readonly namedFailures: number;
  /** Open questions and folders that could not be looked at. */
  readonly problems: number;
}

export interface StatusCounts {
  readonly files: number;
  readonly bytes: number;
}

/** Every text of the command line, in one language. */
export interface Messages {
  readonly numbers: Numbers;
  usage(problem: UsageProblem): Advice;
  /** A sentence in this language before a failure's English one; empty in English. */
  failureLead(code: FailureCode): string;
  readonly help: {
    readonly about: string;
    readonly usage: string;
    readonly commands: string;
    readonly options: string;
    readonly example: string;
    readonly more: string;
    readonly command: Readonly<Record<CommandName, string>>;
    readonly details: Readonly<Record<CommandName, string>>;
    readonly option: Readonly<Record<OptionName, string>>;
  };
  watching(): string;
  phase(phase: SyncPhase): string;
  found(progress: SyncProgress): string;
  read(progress: SyncProgress): string;
  delivered(progress: SyncProgress): string;
  previews(made: number, wanted: number): string;
  readonly ofBytes: (done: number, total: number) => string;
  timeLeft(seconds: number): string;
  problemsSoFar(count: number): string;
  problem(path: string, destination: string | null): string;
  moreOfTheSame(count: number, destination: string | null): string;
  notice(destination: string | null): string;
  wouldUpload(path: string, destination: string, key: string): string;
  backedUp(path: string, destination: string): string;
  stoppedDestination(name: string): string;
  /** The closing words of a run, line by line. */
  syncEnd(end: SyncEnd): string[];
  stopping(): string;
  crashed(message: string, log: string | null): string;
  readonly status: {
    nothing(data: string): string;
    readonly never: string;
    files(counts: StatusCounts): string;
    notTried(): string;
    state(state: DeliveryState): string;
    lastVerified(moment: string): string;
    reasons(): string;
    reason(count: number): string;
    notQueued(count: number): string;
    allSafe(): string;
  };
  readonly list: {
    readonly columns: readonly [string, string, string, string, string];
    nothing(): string;
  };
  readonly destinations: {
    /** How to sign in to a kind with the browser. */
    readonly signIn: (command: string) => string;
    readonly publishes: string;
    readonly kinds: string;
    readonly known: string;
    readonly none: string;
    readonly secrets: string;
    readonly presets: string;
    holds(count: number, bytes: number): string;
  };
  /** Destinations that only show photos. */
  readonly publish: {
    /** Photos are to be shown, and backed up nowhere. */
    noBackup(titles: readonly string[]): Advice;
    notShown(path: string, destination: string, skipped: boolean): string;
    end(name: string, totals: PublishTotals): string;
    /** Beside its name: what it is, and how much it shows. */
    standing(totals: PublishTotals): string;
    /** Before the reasons for what is not shown. */
    reasons(): string;
    /** Photos whose reason a person does not want to hear of any more. */
    ignored(count: number): string;
  };
  readonly restore: {
    planned(assets: number, bytes: number): string;
    progress(done: number, assets: number): string;
    failed(path: string): string;
    end(summary: RestoreFigures): string[];
  };
  readonly verify: {
    phase(phase: 'journals' | 'list' | 'look' | 'read'): string;
    progress(done: number, total: number | null): string;
    finding(kind: FindingKind, what: string): string;
    end(name: string, figures: VerifyFigures): string[];
  };
  readonly check: {
    outcome(outcome: 'passed' | 'failed' | 'skipped'): string;
    end(passed: number, failed: number): string;
    /** Bytes; `total` is null where there is no limit or none is told. */
    space(used: number, total: number | null): string;
  };
  readonly serve: {
    address(address: string): string;
    howToStop(): string;
    noBrowser(): string;
  };
  readonly signIn: {
    unknown(kind: string, known: readonly string[]): Advice;
    otherAccount(signedIn: string, named: string): Advice;
    noKeychain(message: string, hint: string, variable: string): Advice;
    notSignedIn(url: string): Advice;
    /** The browser was opened; the address follows. */
    goOn(provider: string): string;
    /** There was no browser to open; the address follows. */
    open(provider: string): string;
    done(account: string, url: string, kept: boolean): string[];
    signedOut(provider: string, state: 'revoked' | 'unsupported' | 'shared' | 'failed'): string;
  };
  uploadEnd(figures: UploadFigures): string;
  portTaken(port: number): Advice;
  runningAlready(address: string | null): Advice;
  nothingToVerify(): Advice;
  unknownDestination(url: string): Advice;
  sameDestinationTwice(url: string): Advice;
  noSuchFolder(path: string): Advice;
  notAFolder(path: string): Advice;
  folderInside(inner: string, outer: string): Advice;
  dataInside(data: string, place: string): Advice;
  insideData(place: string, data: string): Advice;
  intoOverlap(into: string, from: string): Advice;
}

export type FindingKind =
  'missing' | 'wrongSize' | 'corrupt' | 'unreadable' | 'unjournalled' | 'extra' | 'journal';

export interface RestoreFigures {
  readonly assets: number;
  readonly restored: number;
  readonly alreadyThere: number;
  readonly failed: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly into: string;
  readonly cancelled: boolean;
}

export interface UploadFigures {
  readonly files: number;
  readonly backedUp: number;
  readonly alreadyBackedUp: number;
  readonly ignored: number;
  readonly failed: number;
}

export interface VerifyFigures {
  readonly expected: number;
  readonly intact: number;
  readonly read: number;
  readonly bytesRead: number;
}

/** The texts of a person's language; only those are loaded. */
export async function loadMessages(reading: Reading): Promise<Messages> {
  const numbers = new Numbers(reading.locale);
  if (reading.language === 'en') return englishMessages(numbers);
  const { koreanMessages } = await import('./messages-ko.ts');
  return koreanMessages(numbers);
}
