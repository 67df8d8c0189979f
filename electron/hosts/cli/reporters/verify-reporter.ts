import type { Clock } from '../../../engine/ports/clock.ts';
import type { Finding } from '../../../engine/verify/compare.ts';
import type { VerifyEvent } from '../../../engine/verify/verify-tally.ts';
import type { Output } from '../terminal/output.ts';
import type { Messages } from '../text/messages.ts';
import { tellFailure } from '../text/tell-failure.ts';

const drawEveryMs = 100;
const jsonEveryMs = 1000;
const plainEveryMs = 5000;

/** Tells what verifying finds, as it comes. */
export class VerifyReporter {
  readonly #output: Output;
  readonly #messages: Messages;
  readonly #clock: Clock;
  #shownAt: number;

  constructor(output: Output, messages: Messages, clock: Clock) {
    this.#output = output;
    this.#messages = messages;
    this.#clock = clock;
    this.#shownAt = clock.monotonic();
  }

  take(destination: string, event: VerifyEvent): void {
    if (event.event === 'finding') this.#tell(destination, event.finding);
    else this.#show(destination, event);
  }

  end(): void {
    this.#output.endDrawing();
  }

  #tell(destination: string, finding: Finding): void {
    const key = 'object' in finding ? finding.object.key : finding.key;
    const { kind } = finding;
    const failure = 'failure' in finding ? finding.failure : null;
    this.#output.data({
      event: 'finding',
      destination,
      kind,
      key,
      ...('object' in finding ? { hash: finding.object.hash, bytes: finding.object.bytes } : {}),
      ...(failure === null ? {} : { failure }),
    });
    this.#output.problem(
      `${destination}: ${this.#messages.verify.finding(kind, key)}`,
      kind === 'extra' || kind === 'unjournalled' ? 'plain' : 'bad',
    );
    if (failure !== null) this.#output.problem(`  ${tellFailure(failure, this.#messages)}`);
  }

  #show(destination: string, event: Extract<VerifyEvent, { event: 'progress' }>): void {
    const { json, isLive } = this.#output;
    const now = this.#clock.monotonic();
    if (now - this.#shownAt < (json ? jsonEveryMs : isLive ? drawEveryMs : plainEveryMs)) return;
    this.#shownAt = now;
    this.#output.data({ ...event, destination });
    const { verify } = this.#messages;
    const text = `${destination}: ${verify.phase(event.phase)} · ${verify.progress(event.done, event.total)}`;
    if (isLive) this.#output.draw([{ text, style: 'strong' }]);
    else this.#output.line(text);
  }
}
