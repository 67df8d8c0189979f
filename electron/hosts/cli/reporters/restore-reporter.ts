import type { Failure } from '../../../../shared/domain/failure.ts';
import type { Clock } from '../../../engine/ports/clock.ts';
import type { RestoreEvent, RestoreSummary } from '../../../engine/restore/restore.ts';
import type { Output } from '../terminal/output.ts';
import { RateMeter } from '../terminal/rate.ts';
import type { Messages } from '../text/messages.ts';
import { tellFailure } from '../text/tell-failure.ts';

const drawEveryMs = 100;
const jsonEveryMs = 1000;
const plainEveryMs = 5000;

/** Tells what a restore does, as it comes. */
export class RestoreReporter {
  readonly #output: Output;
  readonly #messages: Messages;
  readonly #clock: Clock;
  readonly #meter = new RateMeter();
  readonly #startedAt: number;
  readonly #counts = { assets: 0, restored: 0, alreadyThere: 0, failed: 0, journalProblems: 0 };
  #bytes = 0;
  #shownAt: number;

  constructor(output: Output, messages: Messages, clock: Clock) {
    this.#output = output;
    this.#messages = messages;
    this.#clock = clock;
    this.#startedAt = clock.monotonic();
    this.#shownAt = this.#startedAt;
  }

  take(event: RestoreEvent): void {
    if (event.event === 'progress') {
      this.#takeProgress(event);
      return;
    }
    this.#output.data(event);
    switch (event.event) {
      case 'planned':
        this.#counts.assets = event.assets;
        this.#output.line(this.#messages.restore.planned(event.assets, event.bytes));
        return;
      case 'restored':
      case 'alreadyThere':
        this.#counts[event.event] += 1;
        return;
      case 'problem':
        this.#counts.journalProblems += 1;
        this.#output.problem(this.tell(event.failure), 'bad');
        return;
      case 'failed':
        this.#counts.failed += 1;
        this.#output.problem(this.#messages.restore.failed(event.paths[0] ?? event.hash), 'bad');
        this.#output.problem(`  ${this.tell(event.failure)}`);
        return;
      case 'journal':
    }
  }

  tell(failure: Failure): string {
    return tellFailure(failure, this.#messages);
  }

  end(): void {
    this.#output.endDrawing();
  }

  /** What is true of a restore that was stopped. */
  soFar(): RestoreSummary {
    const seconds = (this.#clock.monotonic() - this.#startedAt) / 1000;
    const { assets, restored, alreadyThere, journalProblems } = this.#counts;
    return {
      event: 'summary',
      assets,
      restored,
      alreadyThere,
      failed: assets - restored - alreadyThere,
      bytes: this.#bytes,
      seconds,
      journalProblems,
      stopped: null,
    };
  }

  #takeProgress(event: Extract<RestoreEvent, { event: 'progress' }>): void {
    this.#bytes = event.bytes;
    const now = this.#clock.monotonic();
    this.#meter.add(now, event.bytes);
    const { json, isLive } = this.#output;
    if (now - this.#shownAt < (json ? jsonEveryMs : isLive ? drawEveryMs : plainEveryMs)) return;
    this.#shownAt = now;
    this.#output.data(event);
    const rate = this.#meter.bytesPerSecond();
    const left = this.#meter.secondsFor(event.totalBytes - event.bytes);
    const text = [
      this.#messages.restore.progress(event.done, event.assets),
      this.#messages.ofBytes(event.bytes, event.totalBytes),
      ...(rate === null ? [] : [this.#messages.numbers.rate(rate)]),
      ...(left === null || left < 1 ? [] : [this.#messages.timeLeft(left)]),
      ...(this.#counts.failed > 0 ? [this.#messages.problemsSoFar(this.#counts.failed)] : []),
    ].join(' · ');
    if (isLive) this.#output.draw([{ text, style: 'strong' }]);
    else this.#output.line(text);
  }
}
