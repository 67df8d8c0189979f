import type { SyncStatus } from '../../../shared/contract/app/status.ts';
import type { Clock } from '../ports/clock.ts';
import type { Surroundings } from './app.ts';
import type { SettingsStore } from './settings/settings-store.ts';

export interface PauseListener {
  /** The pause, or the reason for it, has changed. */
  onChange(now: SyncStatus['pause']): void;
}

/** Whether the sync may work now: what the person said, and what the computer is doing. */
export class Pause {
  readonly #store: SettingsStore;
  readonly #clock: Clock;
  readonly #onChange: PauseListener['onChange'];
  #around: Surroundings = { onBattery: false, suspended: false, online: true };
  #last: SyncStatus['pause'] = null;
  #timer = new AbortController();

  constructor(store: SettingsStore, clock: Clock, onChange: PauseListener['onChange']) {
    this.#store = store;
    this.#clock = clock;
    this.#onChange = onChange;
    this.#last = this.now;
    this.#arm();
  }

  /** Null: it may work. */
  get now(): SyncStatus['pause'] {
    const { settings, pause } = this.#store.get();
    if (this.#around.suspended) return { reason: 'suspended', untilMs: null };
    if (pause !== null && !isOver(pause.untilMs, this.#clock.now())) {
      return { reason: 'person', untilMs: pause.untilMs };
    }
    if (settings.meteredNetwork) return { reason: 'metered', untilMs: null };
    if (settings.pauseOnBattery && this.#around.onBattery) {
      return { reason: 'battery', untilMs: null };
    }
    return null;
  }

  get online(): boolean {
    return this.#around.online;
  }

  /** `untilMs` null until resumed. */
  pause(untilMs: number | null): void {
    this.#store.change({ pause: { untilMs } });
    this.review();
  }

  /** Ends the person's pause; a reason of the computer's stays. */
  resume(): void {
    this.#store.change({ pause: null });
    this.review();
  }

  around(now: Surroundings): void {
    this.#around = now;
    this.review();
  }

  /** The settings may have changed, or a time has come. */
  review(): void {
    const { now } = this;
    this.#arm();
    if (now?.reason === this.#last?.reason && now?.untilMs === this.#last?.untilMs) return;
    this.#last = now;
    this.#onChange(now);
  }

  close(): void {
    this.#timer.abort();
  }

  #arm(): void {
    this.#timer.abort();
    this.#timer = new AbortController();
    const untilMs = this.#store.get().pause?.untilMs ?? null;
    if (untilMs === null) return;
    const left = untilMs - this.#clock.now();
    if (left <= 0) return;
    this.#clock.sleep(left, this.#timer.signal).then(
      () => {
        this.review();
      },
      () => undefined,
    );
  }
}

function isOver(untilMs: number | null, nowMs: number): boolean {
  return untilMs !== null && untilMs <= nowMs;
}
