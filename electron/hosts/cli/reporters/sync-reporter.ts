import type {
  SyncEvent,
  SyncProgress,
  SyncSummary,
} from '../../../../shared/contract/sync-events.ts';
import type { Failure, FailureCode } from '../../../../shared/domain/failure.ts';
import type { Clock } from '../../../engine/ports/clock.ts';
import type { Output } from '../terminal/output.ts';
import { RateMeter } from '../terminal/rate.ts';
import type { Messages } from '../text/messages.ts';
import { tellFailure } from '../text/tell-failure.ts';
import { syncDisplay } from './sync-display.ts';

/** At most this often, milliseconds. */
const drawEveryMs = 100;
const jsonEveryMs = 1000;
const plainEveryMs = 5000;
/** Failures that are told one by one when they have the same reason, which is the destination's and not theirs. */
const toldOfEachReason = 5;

/** Tells a person or a script what a sync does, as it comes. */
export class SyncReporter {
  readonly #output: Output;
  readonly #messages: Messages;
  readonly #clock: Clock;
  readonly #watching: boolean;
  readonly #meter = new RateMeter();
  /** What was told of each photo, so that nothing is told twice. */
  readonly #told = new Map<string, string>();
  readonly #sameReason = new Map<string, { count: number; destination: string | null }>();
  /** What was told of photos that are not shown somewhere; nothing of it is about the backup. */
  readonly #notShown = new Map<string, string>();
  readonly #sameNotShown = new Map<string, number>();
  #progress: SyncProgress | null = null;
  #shownAt = Number.NEGATIVE_INFINITY;
  #passes = 0;
  #summary: SyncSummary | null = null;

  constructor(ports: {
    readonly output: Output;
    readonly messages: Messages;
    readonly clock: Clock;
    readonly watching: boolean;
  }) {
    this.#output = ports.output;
    this.#messages = ports.messages;
    this.#clock = ports.clock;
    this.#watching = ports.watching;
  }

  /** Photos and sidecars that are not backed up and were named. */
  get namedFailures(): number {
    return this.#told.size;
  }

  /** What the run came to; null where it did not get so far. */
  get summary(): SyncSummary | null {
    return this.#summary;
  }

  take(event: SyncEvent): void {
    switch (event.event) {
      case 'progress':
        this.#takeProgress(event);
        return;
      case 'summary':
        this.#takeSummary(event);
        return;
      case 'failed':
        this.#takeFailure(event.path, event.destination, event.failure, event);
        return;
      case 'photo':
        this.#told.delete(keyOf(event.path, event.destination));
        this.#output.data(event);
        if (this.#passes > 0) {
          this.#output.line(this.#messages.backedUp(event.path, event.destination));
        }
        return;
      case 'published':
        this.#output.data(event);
        return;
      case 'notPublished':
        this.#takeNotPublished(event);
        return;
      case 'wouldUpload':
        this.#output.data(event);
        this.#output.line(this.#messages.wouldUpload(event.path, event.destination, event.key));
        return;
      case 'delivered':
        this.#output.data(event);
        return;
      case 'notice':
        this.#output.data(event);
        this.#output.problem(
          `${this.#messages.notice(event.destination)}: ${tellFailure(event.failure, this.#messages)}`,
        );
    }
  }

  /** Draws the live display anew, so that the time left goes on while nothing happens. */
  refresh(): void {
    if (this.#progress !== null && this.#output.isLive) this.#draw(this.#progress);
  }

  /** Takes the display away and tells what was kept back. */
  end(): void {
    this.#output.endDrawing();
    this.#tellRest();
  }

  #takeProgress(event: SyncProgress & { readonly event: 'progress' }): void {
    this.#progress = event;
    const now = this.#clock.monotonic();
    this.#meter.add(now, event.bytesDelivered);
    const { json, isLive } = this.#output;
    if (now - this.#shownAt < (json ? jsonEveryMs : isLive ? drawEveryMs : plainEveryMs)) return;
    // Plain lines begin when there is something to wait for.
    if (!json && !isLive && this.#shownAt === Number.NEGATIVE_INFINITY) {
      this.#shownAt = now;
      return;
    }
    this.#shownAt = now;
    if (json) this.#output.data(event);
    else if (isLive) this.#draw(event);
    else this.#output.line(this.#display(event).plain);
  }

  #draw(progress: SyncProgress): void {
    this.#output.draw(this.#display(progress).live);
  }

  #display(progress: SyncProgress): ReturnType<typeof syncDisplay> {
    const left = progress.bytesToDeliver - progress.bytesDelivered;
    return syncDisplay(
      progress,
      {
        bytesPerSecond: this.#meter.bytesPerSecond(),
        secondsLeft: progress.scanned ? this.#meter.secondsFor(left) : null,
        problems: this.#told.size,
        watching: this.#watching && progress.phase === 'done',
        columns: this.#output.columns,
      },
      this.#messages,
    );
  }

  #takeFailure(path: string, destination: string | null, failure: Failure, event: SyncEvent): void {
    const key = keyOf(path, destination);
    const reason = `${failure.code} ${failure.message}`;
    if (this.#told.get(key) === reason) return;
    this.#told.set(key, reason);
    this.#output.data(event);
    if (isOfDestination(failure.code)) {
      const same = `${destination ?? ''} ${reason}`;
      const count = (this.#sameReason.get(same)?.count ?? 0) + 1;
      this.#sameReason.set(same, { count, destination });
      if (count > toldOfEachReason) return;
    }
    this.#output.problem(this.#messages.problem(path, destination), 'bad');
    this.#output.problem(`  ${tellFailure(failure, this.#messages)}`);
  }

  /** Told once, and of one reason that is not the photo's only a few; the closing words have the figures. */
  #takeNotPublished(event: Extract<SyncEvent, { event: 'notPublished' }>): void {
    const { path, destination, skipped, failure } = event;
    const key = keyOf(path, destination);
    const reason = `${failure.code} ${failure.message}`;
    if (this.#notShown.get(key) === reason) return;
    this.#notShown.set(key, reason);
    this.#output.data(event);
    const same = `${destination} ${reason}`;
    const count = (this.#sameNotShown.get(same) ?? 0) + 1;
    this.#sameNotShown.set(same, count);
    if (count > toldOfEachReason) return;
    this.#output.problem(this.#messages.publish.notShown(path, destination, skipped));
    this.#output.problem(`  ${tellFailure(failure, this.#messages)}`);
  }

  #takeSummary(summary: SyncSummary): void {
    this.#passes += 1;
    this.#tellRest();
    const before = this.#summary;
    this.#summary = before === null ? summary : addUp(before, summary);
    if (this.#watching && changed(before, summary)) this.#output.data(summary);
  }

  #tellRest(): void {
    for (const { count, destination } of this.#sameReason.values()) {
      const more = count - toldOfEachReason;
      if (more > 0) this.#output.problem(this.#messages.moreOfTheSame(more, destination));
    }
    this.#sameReason.clear();
  }
}

function keyOf(path: string, destination: string | null): string {
  return `${destination ?? ''}\0${path}`;
}

/** Whether the reason lies with the destination or the run, and so is the same for photo after photo. */
function isOfDestination(code: FailureCode): boolean {
  return [
    ...['offline', 'timeout', 'rateLimited', 'serverError', 'auth', 'quota'],
    ...['readOnly', 'diskFull', 'busy', 'notFound'],
  ].includes(code);
}

function changed(before: SyncSummary | null, after: SyncSummary): boolean {
  if (before === null) return true;
  return after.uploaded > 0 || after.failed !== before.failed || after.found !== before.found;
}

/** Two runs of one watch, told as one: what either sent was sent, the rest is as it is now. */
function addUp(before: SyncSummary, after: SyncSummary): SyncSummary {
  const together = <T extends SyncSummary | SyncSummary['destinations'][string]>(
    earlier: Pick<SyncSummary, 'uploaded' | 'bytesUploaded'> | undefined,
    later: T,
  ): T => {
    const backedUp = later.uploaded + later.alreadyBackedUp;
    const uploaded = Math.min(backedUp, later.uploaded + (earlier?.uploaded ?? 0));
    return {
      ...later,
      uploaded,
      alreadyBackedUp: backedUp - uploaded,
      bytesUploaded: later.bytesUploaded + (earlier?.bytesUploaded ?? 0),
    };
  };
  return {
    ...together(before, after),
    // A run that looked at some directories only has counted the other files of those only.
    ignored: Math.max(before.ignored, after.ignored),
    seconds: before.seconds + after.seconds,
    ...(after.publishing === undefined
      ? {}
      : { publishing: publishedTogether(before.publishing ?? {}, after.publishing) }),
    destinations: Object.fromEntries(
      Object.entries(after.destinations).map(([name, totals]) => [
        name,
        together(before.destinations[name], totals),
      ]),
    ),
  };
}

function publishedTogether(
  before: NonNullable<SyncSummary['publishing']>,
  after: NonNullable<SyncSummary['publishing']>,
): NonNullable<SyncSummary['publishing']> {
  return Object.fromEntries(
    Object.entries(after).map(([name, totals]) => {
      const shown = totals.published + totals.alreadyPublished;
      const published = Math.min(shown, totals.published + (before[name]?.published ?? 0));
      return [name, { ...totals, published, alreadyPublished: shown - published }];
    }),
  );
}
