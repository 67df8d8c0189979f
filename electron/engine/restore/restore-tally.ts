import type { Clock } from '../ports/clock.ts';
import type { RestoreEvent, RestoreSummary } from './restore.ts';

const progressEveryMs = 250;

/** Counts what has been restored and tells it, a few times a second. */
export class RestoreTally {
  readonly #assets: number;
  readonly #totalBytes: number;
  readonly #clock: Clock;
  readonly #onEvent: (event: RestoreEvent) => void;
  readonly #settled = { restored: 0, alreadyThere: 0, failed: 0 };
  #bytes = 0;
  #toldMs = Number.NEGATIVE_INFINITY;

  constructor(
    assets: number,
    totalBytes: number,
    clock: Clock,
    onEvent: (event: RestoreEvent) => void,
  ) {
    this.#assets = assets;
    this.#totalBytes = totalBytes;
    this.#clock = clock;
    this.#onEvent = onEvent;
  }

  /** More bytes have come; a negative count takes back those of an object that turned out to be damaged. */
  fetched(count: number): void {
    this.#bytes += count;
    this.#tell();
  }

  settled(outcome: 'restored' | 'alreadyThere' | 'failed'): void {
    this.#settled[outcome] += 1;
    this.#tell();
  }

  /** What was not reached before the end counts as failed, so that the figures add up. */
  summary(): Pick<RestoreSummary, 'assets' | 'restored' | 'alreadyThere' | 'failed' | 'bytes'> {
    const { restored, alreadyThere } = this.#settled;
    const assets = this.#assets;
    return {
      assets,
      restored,
      alreadyThere,
      failed: assets - restored - alreadyThere,
      bytes: this.#bytes,
    };
  }

  #tell(): void {
    const now = this.#clock.monotonic();
    if (now - this.#toldMs < progressEveryMs) return;
    this.#toldMs = now;
    const { restored, alreadyThere, failed } = this.#settled;
    this.#onEvent({
      event: 'progress',
      assets: this.#assets,
      done: restored + alreadyThere + failed,
      bytes: this.#bytes,
      totalBytes: this.#totalBytes,
    });
  }
}
