import { failureOf } from '../../../../shared/domain/failure.ts';
import type { Counted } from './standing-reader.ts';
import type { Standing, StandingRequest } from '../../catalog/standing.ts';
import type { Logger } from '../../logging/logger.ts';
import { Wakeup } from '../../flow/wakeup.ts';
import type { Clock } from '../../ports/clock.ts';

/** Between two counts at least, milliseconds. */
const shortestGapMs = 300;
/** Counting may take this part of the time. */
const dutyDivisor = 10;
/** A count that takes no longer may come out of turn, milliseconds. */
const quickMs = 300;

export interface StandingPorts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly read: (request: StandingRequest) => Promise<Counted>;
  /** What is to be counted now. */
  readonly request: () => StandingRequest;
  /** Called when a new count is there. */
  readonly onCounted: () => void;
}

/**
 * Keeps the counts of the status: counts again after something happened, but never for more than a small
 * part of the time, however large the library is.
 */
export class StandingKeeper {
  readonly #ports: StandingPorts;
  readonly #stop = new AbortController();
  readonly #hurried = new Wakeup();
  readonly #counted = new Wakeup();
  #version = 0;
  #countedVersion = -1;
  #lastTookMs = 0;
  #standing: Standing | null = null;
  #counting: Promise<void> | null = null;

  constructor(ports: StandingPorts) {
    this.#ports = ports;
  }

  /** The last count; null before the first. */
  get standing(): Standing | null {
    return this.#standing;
  }

  /** Whether nothing has happened since it was counted. */
  get settled(): boolean {
    return this.#standing !== null && this.#countedVersion === this.#version;
  }

  /** Something happened that the counts may not show yet. */
  touch(): void {
    this.#version += 1;
    if (this.#stop.signal.aborted) return;
    this.#counting ??= this.#countAll().finally(() => {
      this.#counting = null;
      if (!this.settled && !this.#stop.signal.aborted) this.touch();
    });
  }

  /**
   * As {@link touch}, but out of turn where counting is quick; resolves when all up to now is counted, or on
   * closing.
   */
  async refresh(): Promise<void> {
    this.touch();
    const wanted = this.#version;
    if (this.#lastTookMs < quickMs) this.#hurried.notify();
    while (this.#countedVersion < wanted && !this.#stop.signal.aborted) {
      await this.#counted.after(this.#counted.version, this.#stop.signal).catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#counting;
  }

  async #countAll(): Promise<void> {
    while (!this.settled && !this.#stop.signal.aborted) {
      const hurried = this.#hurried.version;
      const tookMs = await this.#countOnce();
      await this.#rest(Math.max(shortestGapMs, tookMs * dutyDivisor), hurried);
    }
  }

  async #countOnce(): Promise<number> {
    const { logger, read, request, onCounted } = this.#ports;
    const version = this.#version;
    try {
      const { standing, tookMs } = await read(request());
      this.#standing = standing;
      this.#lastTookMs = tookMs;
      this.#countedVersion = version;
      this.#counted.notify();
      onCounted();
      return tookMs;
    } catch (error) {
      const { code, message } = failureOf(error);
      if (code !== 'cancelled') logger.warn('not counted', { code, message });
      return 0;
    }
  }

  /** Until the time is over or somebody is in a hurry. */
  async #rest(milliseconds: number, hurried: number): Promise<void> {
    const rested = new AbortController();
    const signal = AbortSignal.any([this.#stop.signal, rested.signal]);
    const either = [
      this.#ports.clock.sleep(milliseconds, signal),
      this.#hurried.after(hurried, signal),
    ];
    await Promise.race(either.map((one) => one.catch(() => undefined)));
    rested.abort();
  }
}
