import { createHash } from 'node:crypto';

import type { Question, SyncStatus } from '../../../../shared/contract/app/status.ts';
import type { SyncEvent, SyncProgress } from '../../../../shared/contract/sync-events.ts';
import type { Failure } from '../../../../shared/domain/failure.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SyncObserver, SyncQuestion } from '../../sync/observer.ts';
import type { FolderFacts } from './status.ts';
import { TransferRate } from './transfer-rate.ts';

interface FolderState {
  readonly state: FolderFacts['state'];
  readonly failure: Failure | null;
}

interface DestinationState {
  reached: boolean;
  failure: Failure | null;
  readonly rate: TransferRate;
}

/** Notices that are kept. */
const mostNotices = 5;

/** What the running sync was last seen doing; kept between runs, forgotten with the process. */
export class LiveState {
  readonly #clock: Clock;
  readonly #folders = new Map<string, FolderState>();
  readonly #destinations = new Map<string, DestinationState>();
  readonly #questions = new Map<string, Question>();
  readonly #raised = new Set<string>();
  readonly #dismissed = new Set<string>();
  #notices: SyncStatus['notices'] = [];
  #whole = false;
  running = false;
  progress: SyncProgress | null = null;
  previews: SyncStatus['previews'] = { made: 0, wanted: 0 };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Follows the runs; what it is told of destinations counts by their URL. */
  readonly observer: Required<Omit<SyncObserver, 'onPicture'>> = {
    onRun: (whole) => {
      this.running = true;
      this.#whole = whole;
      this.#raised.clear();
      this.progress = null;
    },
    onFolder: (path, state) => {
      if (state === 'done') this.#folders.set(path, { state: 'watched', failure: null });
      else if (state !== 'scanning') this.#folders.set(path, { state: 'unknown', failure: state });
      // A look on a watcher's hint takes no time that anybody would see.
      else if (this.#whole) this.#folders.set(path, { state: 'scanning', failure: null });
    },
    onDestination: (url, stopped) => {
      const destination = this.#destination(url);
      destination.failure = stopped;
      destination.reached ||= stopped === null;
      if (stopped === null) this.#settleAbout(url);
    },
    onQuestion: (question) => {
      this.#ask(question);
    },
  };

  /** Takes what a run tells. `cutOff`: it was ended before its time, so its summary settles nothing. */
  take(event: SyncEvent, cutOff: boolean): void {
    if (event.event === 'progress') this.progress = event;
    else if (event.event === 'notice' && event.destination === null) this.note(event.failure);
    else if (event.event === 'summary') this.#end(cutOff);
  }

  /** The loop does nothing now. */
  rest(): void {
    this.running = false;
    this.progress = null;
    for (const [path, { state }] of this.#folders) {
      if (state === 'scanning') this.#folders.set(path, { state: 'waiting', failure: null });
    }
  }

  /** Tells something that is about no photo and no destination; the same thing only once. */
  note(failure: Failure): void {
    const others = this.#notices.filter((notice) => notice.failure.message !== failure.message);
    this.#notices = [{ atMs: this.#clock.now(), failure }, ...others].slice(0, mostNotices);
  }

  taken(url: string, bytes: number): void {
    this.#destination(url).rate.add(bytes, this.#clock.monotonic());
  }

  folder(path: string): FolderState {
    return this.#folders.get(path) ?? { state: 'waiting', failure: null };
  }

  destination(url: string): { reached: boolean; failure: Failure | null; rate: number | null } {
    const { reached, failure, rate } = this.#destination(url);
    return { reached, failure, rate: rate.at(this.#clock.monotonic()) };
  }

  /** Whether something is being sent. */
  get sending(): boolean {
    const now = this.#clock.monotonic();
    return [...this.#destinations.values()].some(({ rate }) => rate.at(now) !== null);
  }

  get scanning(): boolean {
    return this.running && this.#whole && this.progress?.scanned !== true;
  }

  get questions(): readonly Question[] {
    return [...this.#questions.values()].filter(({ id }) => !this.#dismissed.has(id));
  }

  get notices(): SyncStatus['notices'] {
    return this.#notices;
  }

  question(id: string): Question | null {
    return this.#questions.get(id) ?? null;
  }

  /** The question is answered, or the person does not want to hear it again for now. */
  settle(id: string, dismissed: boolean): void {
    if (dismissed) this.#dismissed.add(id);
    else this.#questions.delete(id);
  }

  /** What was known of a folder or destination that is there no more. */
  forget(subject: string): void {
    this.#folders.delete(subject);
    this.#destinations.delete(subject);
    this.#settleAbout(subject);
  }

  #settleAbout(subject: string): void {
    for (const [id, question] of this.#questions) {
      if (question.subject !== subject) continue;
      this.#questions.delete(id);
      this.#dismissed.delete(id);
    }
  }

  #ask(question: SyncQuestion): void {
    const { kind, subject } = question;
    const digest = createHash('sha256').update(subject).digest('hex');
    const id = `${kind}-${digest.slice(0, 16)}`;
    this.#raised.add(id);
    this.#questions.set(id, { id, ...question });
  }

  /** A question that a look at everything did not raise again has answered itself. */
  #end(cutOff: boolean): void {
    this.running = false;
    this.progress = null;
    if (!this.#whole || cutOff) return;
    for (const [id, { kind }] of this.#questions) {
      // A destination answers when it is reached again.
      if (this.#raised.has(id) || kind === 'emptiedDestination') continue;
      this.#questions.delete(id);
      this.#dismissed.delete(id);
    }
  }

  #destination(url: string): DestinationState {
    let destination = this.#destinations.get(url);
    if (destination === undefined) {
      destination = { reached: false, failure: null, rate: new TransferRate() };
      this.#destinations.set(url, destination);
    }
    return destination;
  }
}
