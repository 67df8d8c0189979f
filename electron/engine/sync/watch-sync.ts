import type { SyncEvent } from '../../../shared/contract/sync-events.ts';
import { fail, failureOf } from '../../../shared/domain/failure.ts';
import type { EnginePorts } from '../engine-ports.ts';
import { Wakeup } from '../flow/wakeup.ts';
import { runSync, type SyncOptions, type SyncResult } from './run-sync.ts';

export interface FolderListener {
  /** All is watched: a scan that starts now, with the hints from now on, misses nothing. */
  readonly onReady: () => void;
  readonly onHint: (root: string, directory: string) => void;
  readonly onNotice: (event: SyncEvent) => void;
}

/** Gives hints about directories that may have changed, until the signal aborts; see `scan/watch.ts`. */
export type FolderWatcher = (
  roots: readonly string[],
  listener: FolderListener,
  signal: AbortSignal,
) => Promise<void>;

/** How often everything is looked at again, whatever the watcher says, milliseconds. */
const fullScanEveryMs = 30 * 60_000;
/** A failed photo that is due may still not be startable (its drive is away); then it is not asked for all the time. */
const shortestRetryMs = 5000;
/** Waiting before a destination that came to a stop is tried again: first, and at most, milliseconds. */
const firstReconnectMs = 30_000;
const longestReconnectMs = 10 * 60_000;

/**
 * Keeps folders backed up until the signal aborts: a whole run first, then a small one for every hint,
 * a whole one now and then (hints are hints, the scan is the truth), and one whenever a failed photo or a
 * destination that was away is due again.
 * @returns the last run's result, once the signal aborts
 */
export async function watchSync(
  options: SyncOptions,
  ports: EnginePorts,
  watcher: FolderWatcher,
  onEvent: (event: SyncEvent) => void,
  signal: AbortSignal,
): Promise<SyncResult | null> {
  return new WatchedSync(options, ports, onEvent).run(watcher, signal);
}

class WatchedSync {
  readonly #options: SyncOptions;
  readonly #ports: EnginePorts;
  readonly #onEvent: (event: SyncEvent) => void;
  readonly #wakeup = new Wakeup();
  #hints = new Map<string, Set<string>>();
  #result: SyncResult | null = null;
  /** Whether the watcher covers everything. */
  #watched = false;
  #fullScanAt = 0;
  #reconnectAt: number | null = null;
  #reconnectAfterMs = firstReconnectMs;

  constructor(options: SyncOptions, ports: EnginePorts, onEvent: (event: SyncEvent) => void) {
    this.#options = options;
    this.#ports = ports;
    this.#onEvent = onEvent;
  }

  async run(watcher: FolderWatcher, signal: AbortSignal): Promise<SyncResult | null> {
    const ended = new AbortController();
    const either = AbortSignal.any([signal, ended.signal]);
    const watching = watcher(
      this.#options.folders,
      {
        onReady: () => {
          this.#takeReady();
        },
        onHint: (root, directory) => {
          this.#takeHint(root, directory);
        },
        onNotice: this.#onEvent,
      },
      either,
    ).catch((error: unknown) => {
      // Without hints the regular scans still find everything, only later.
      this.#onEvent({ event: 'notice', destination: null, failure: failureOf(error) });
    });
    try {
      for (;;) {
        await this.#runOnce(either);
        await this.#waitForWork(either);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      ended.abort();
      await watching;
    }
    return this.#result;
  }

  /** What the first scan came by before it was watched may have changed unseen: one more scan is due. */
  #takeReady(): void {
    this.#watched = true;
    this.#fullScanAt = this.#ports.clock.monotonic();
    this.#wakeup.notify();
  }

  #takeHint(root: string, directory: string): void {
    const directories = this.#hints.get(root) ?? new Set<string>();
    directories.add(directory);
    this.#hints.set(root, directories);
    this.#wakeup.notify();
  }

  async #runOnce(signal: AbortSignal): Promise<void> {
    const { clock } = this.#ports;
    const now = clock.monotonic();
    const reconnecting = this.#reconnectAt !== null && now >= this.#reconnectAt;
    const whole = this.#result === null || now >= this.#fullScanAt || reconnecting;
    const hints = this.#hints;
    this.#hints = new Map();
    const only = new Map([...hints].map(([root, directories]) => [root, [...directories]]));
    const first = this.#result === null;
    const watchedBefore = this.#watched;
    const { startAnew, acceptChanges, ...lasting } = this.#options;
    lasting.observer?.onRun?.(whole);
    this.#result = await runSync(
      {
        ...lasting,
        // What a person confirmed holds for the first run, not for whatever happens later.
        ...(first && startAnew !== undefined ? { startAnew } : {}),
        ...(first && acceptChanges !== undefined ? { acceptChanges } : {}),
        retryFailed: whole,
        ...(whole ? {} : { only, checked: this.#working() }),
      },
      this.#ports,
      this.#onEvent,
      signal,
    );
    if (whole && this.#watched === watchedBefore) {
      this.#fullScanAt = clock.monotonic() + fullScanEveryMs;
    }
    this.#planReconnect();
  }

  /** URLs of the destinations that the last run had no trouble with. */
  #working(): ReadonlySet<string> {
    const destinations = this.#result?.summary.destinations ?? {};
    const targets = this.#options.targets.filter(({ name }) => {
      const last = destinations[name];
      return last !== undefined && last.error === undefined;
    });
    return new Set(targets.map(({ url }) => url));
  }

  #planReconnect(): void {
    if (this.#working().size === this.#options.targets.length) {
      this.#reconnectAt = null;
      this.#reconnectAfterMs = firstReconnectMs;
      return;
    }
    const now = this.#ports.clock.monotonic();
    // Runs on hints in between neither put the next attempt off nor make the waiting longer.
    if (this.#reconnectAt !== null && now < this.#reconnectAt) return;
    this.#reconnectAt = now + this.#reconnectAfterMs;
    this.#reconnectAfterMs = Math.min(2 * this.#reconnectAfterMs, longestReconnectMs);
  }

  async #waitForWork(signal: AbortSignal): Promise<void> {
    if (this.#hints.size > 0) return;
    const { version } = this.#wakeup;
    const hinted = new AbortController();
    const either = AbortSignal.any([signal, hinted.signal]);
    const timer = this.#ports.clock.sleep(this.#untilNextMs(), either).catch(() => undefined);
    try {
      await Promise.race([timer, this.#wakeup.after(version, either).catch(() => undefined)]);
    } finally {
      hinted.abort();
    }
    if (signal.aborted) throw fail('cancelled', 'Watching was stopped.');
  }

  #untilNextMs(): number {
    const { clock, catalog } = this.#ports;
    const now = clock.monotonic();
    const waits = [this.#fullScanAt - now];
    if (this.#reconnectAt !== null) waits.push(this.#reconnectAt - now);
    for (const { id } of catalog.deliveries.destinations()) {
      const retryMs = catalog.deliveries.nextRetryMs(id);
      if (retryMs !== null) waits.push(Math.max(shortestRetryMs, retryMs - clock.now()));
    }
    return Math.max(1, Math.min(...waits));
  }
}
