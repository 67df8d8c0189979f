import { parseDestinationUrl } from '../../../shared/domain/destination-url.ts';
import { failureOf, type Failure } from '../../../shared/domain/failure.ts';
import type { SyncEvent } from '../../../shared/contract/sync-events.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Destination } from '../destinations/contract.ts';
import { Wakeup } from '../flow/wakeup.ts';
import type { Engine } from '../runtime/engine.ts';
import type { LeaveAlone } from '../scan/look.ts';
import type { SyncObserver } from '../sync/observer.ts';
import { publishProven } from '../sync/publish-proven.ts';
import type { PublishTarget } from '../sync/publishing.ts';
import { runSync, type SyncOptions, type SyncTarget } from '../sync/run-sync.ts';
import { watchSync, type FolderListener, type FolderWatcher } from '../sync/watch-sync.ts';
import { metered } from './destinations/metered-destination.ts';
import type { StoredDestination } from './settings/stored-settings.ts';

/** Writing the journal of what was proven must not keep a pause or the end waiting, milliseconds. */
const longestFarewellMs = 2000;
/** Rest after a round that could not work at all, milliseconds. */
const restAfterFailureMs = 30_000;

/** What the loop is to do now. */
export interface LoopPlan {
  /** Paths of the folders that are kept backed up. */
  readonly folders: readonly string[];
  readonly leaveAlone: ReadonlyMap<string, LeaveAlone>;
  readonly destinations: readonly StoredDestination[];
}

/** Folders of which only picked files are backed up, once, to some destinations. */
export interface LoopJob extends LoopPlan {
  /** By folder, the directories that hold what was picked. */
  readonly only: ReadonlyMap<string, readonly string[]>;
  /** Told when its run has ended: by itself, by a change of plan, or by a failure. */
  readonly onEnd: (how: 'whole' | 'cutOff' | Failure) => void;
}

export interface LoopPorts {
  readonly engine: Engine;
  readonly catalog: Catalog;
  readonly deviceName: string;
  readonly platform: string;
  readonly watcher: FolderWatcher;
  /** Null while there is nothing to do: no folder, no destination, a pause. */
  readonly plan: () => LoopPlan | null;
  /** A job that comes before the folders; null for none, also while there is a pause. */
  readonly nextJob: () => LoopJob | null;
  readonly observer: SyncObserver;
  /** `cutOff`: the run was ended by a change of plan, so that a summary says only what was so far. */
  readonly onEvent: (event: SyncEvent, cutOff: boolean) => void;
  /** Bytes that a destination has taken. */
  readonly onTaken: (url: string, key: string, taken: number, more: number) => void;
  /** A destination is open until {@link onReleased}; nothing asks it afterwards. */
  readonly onOpened: (url: string, destination: Destination) => void;
  readonly onReleased: (url: string) => void;
  /** A destination that could not even be opened. */
  readonly onUnopened: (url: string, failure: Failure) => void;
  /** The loop rests; the failure is why, where it is not by plan. */
  readonly onRest: (failure: Failure | null) => void;
}

/**
 * Keeps the folders backed up for as long as the app runs. Every change of folders, destinations or pause
 * ends the round at hand and begins a new one: what is left to do is in the catalogue, so nothing is lost by
 * that. There is never more than one run at a time.
 */
export class SyncLoop {
  readonly #ports: LoopPorts;
  readonly #changed = new Wakeup();
  readonly #stop = new AbortController();
  readonly #accepted = new Set<string>();
  readonly #anew = new Set<string>();
  readonly #tasks: (() => Promise<void>)[] = [];
  #round = new AbortController();
  #listener: FolderListener | null = null;
  #inRun = false;
  #again = false;
  #ended: Promise<void> | null = null;

  constructor(ports: LoopPorts) {
    this.#ports = ports;
  }

  start(): void {
    this.#ended ??= this.#work();
  }

  /** Something that the plan is made from changed. */
  restart(): void {
    this.#round.abort();
    this.#changed.notify();
  }

  /** Looks at everything again and tries again what failed: now, or right after the run that is going on. */
  again(): void {
    if (this.#inRun) this.#again = true;
    else this.restart();
  }

  /** Looks at one directory of a watched folder soon, and sends what is queued. */
  nudge(root: string, directory: string): void {
    if (this.#listener === null) this.again();
    else this.#listener.onHint(root, directory);
  }

  /** The person confirmed what a folder or a destination shows; holds for the next look at it. */
  accept(subject: { readonly folder: string } | { readonly destination: string }): void {
    if ('folder' in subject) this.#accepted.add(subject.folder);
    else this.#anew.add(subject.destination);
    this.restart();
  }

  /** Does something while no run is going on; the round at hand ends for it. */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#tasks.push(() => work().then(resolve, reject));
    this.restart();
    return promise;
  }

  /** Parks what is going on; resolves when nothing is. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.restart();
    await this.#ended;
  }

  async #work(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const { version } = this.#changed;
      for (const task of this.#tasks.splice(0)) await task();
      this.#round = new AbortController();
      const signal = AbortSignal.any([this.#stop.signal, this.#round.signal]);
      const failure = await this.#workOnce(signal);
      this.#ports.onRest(failure === 'nothing' ? null : failure);
      if (failure === 'nothing') await this.#idle(version);
      else if (failure !== null) await this.#restAfter(version);
    }
  }

  /** A job, or the folders until something changes. Returns why it ended. */
  async #workOnce(signal: AbortSignal): Promise<Failure | 'nothing' | null> {
    const job = this.#ports.nextJob();
    const plan = job ?? this.#ports.plan();
    if (plan === null) return 'nothing';
    let failure: Failure | null = null;
    try {
      const ended = await this.#sync(plan, job, signal);
      if (!ended) failure = { code: 'offline', message: 'No destination can be used now.' };
    } catch (error) {
      failure = failureOf(error);
      if (failure.code === 'cancelled' && signal.aborted) failure = null;
      else this.#log(failure, error);
    }
    job?.onEnd(failure ?? (signal.aborted ? 'cutOff' : 'whole'));
    return job === null ? failure : null;
  }

  async #sync(plan: LoopPlan, job: LoopJob | null, signal: AbortSignal): Promise<boolean> {
    const { engine, catalog } = this.#ports;
    const { registry } = engine;
    const backups = plan.destinations.filter(({ url }) => registry.roleOf(url) === 'backup');
    const targets = await this.#openTargets(backups);
    const publishers = await this.#openPublishers(
      plan.destinations.filter(({ url }) => registry.roleOf(url) === 'publish'),
    );
    try {
      if (targets.length === 0) return false;
      const { clock, random, fileSystem, mediaReader, logger } = engine;
      const ports = { clock, random, fileSystem, mediaReader, logger, catalog };
      const options = { ...this.#optionsOf(plan, targets), publishers };
      const onEvent = (event: SyncEvent): void => {
        this.#take(event);
      };
      if (job === null) {
        await watchSync(options, ports, this.#watcher, onEvent, signal);
      } else {
        options.observer?.onRun?.(false);
        const picked = { acceptChanges: true, picked: true, only: job.only };
        await runSync({ ...options, ...picked }, ports, onEvent, signal);
      }
      return true;
    } finally {
      this.#inRun = false;
      this.#listener = null;
      for (const { url } of targets) this.#ports.onReleased(url);
      await publishProven(targets, { catalog, clock: engine.clock }, farewell());
      await Promise.all(targets.map(({ destination }) => engine.release(destination)));
      await Promise.all(publishers.map(({ publisher }) => engine.release(publisher)));
    }
  }

  #optionsOf(plan: LoopPlan, targets: readonly SyncTarget[]): SyncOptions {
    const { deviceName, platform, observer } = this.#ports;
    return {
      folders: plan.folders,
      targets,
      deviceName,
      platform,
      leaveAlone: plan.leaveAlone,
      acceptChanges: new Set(this.#accepted),
      startAnew: new Set(this.#anew),
      observer: {
        ...observer,
        onRun: (whole) => {
          this.#inRun = true;
          observer.onRun?.(whole);
        },
      },
    };
  }

  async #openPublishers(destinations: readonly StoredDestination[]): Promise<PublishTarget[]> {
    const targets: PublishTarget[] = [];
    for (const { url, id } of destinations) {
      try {
        const publisher = await this.#ports.engine.openPublisher(parseDestinationUrl(url));
        targets.push({ url, name: id, publisher });
      } catch (error) {
        this.#ports.onUnopened(url, failureOf(error));
      }
    }
    return targets;
  }

  /** Each by itself: one that cannot be opened keeps none of the others from their work. */
  async #openTargets(destinations: readonly StoredDestination[]): Promise<SyncTarget[]> {
    const targets: SyncTarget[] = [];
    for (const stored of destinations) {
      try {
        const destination = await this.#open(stored);
        targets.push({ url: stored.url, name: stored.id, destination });
        this.#ports.onOpened(stored.url, destination);
      } catch (error) {
        this.#ports.onUnopened(stored.url, failureOf(error));
      }
    }
    return targets;
  }

  async #open({ url, name }: StoredDestination): Promise<Destination> {
    const { engine, catalog, onTaken } = this.#ports;
    const { marker } = catalog.deliveries.ensureDestination(url, name);
    const setUp = marker === null || this.#anew.has(url);
    const opened = await engine.open(parseDestinationUrl(url), setUp ? 'setUp' : 'write');
    return metered(opened, (key, taken, more) => {
      onTaken(url, key, taken, more);
    });
  }

  /** Keeps the watcher's listener, so that hints can come from the app as well. */
  readonly #watcher: FolderWatcher = (roots, listener, signal) => {
    this.#listener = listener;
    return this.#ports.watcher(roots, listener, signal);
  };

  #take(event: SyncEvent): void {
    const cutOff = this.#round.signal.aborted || this.#stop.signal.aborted;
    if (event.event === 'summary') {
      this.#inRun = false;
      if (!cutOff) {
        this.#accepted.clear();
        this.#anew.clear();
      }
    }
    this.#ports.onEvent(event, cutOff);
    if (event.event !== 'summary' || !this.#again) return;
    this.#again = false;
    this.restart();
  }

  async #idle(version: number): Promise<void> {
    await this.#changed.after(version, this.#stop.signal).catch(() => undefined);
  }

  /** Until somebody changes something, and at the longest for a while. */
  async #restAfter(version: number): Promise<void> {
    const rested = new AbortController();
    const signal = AbortSignal.any([this.#stop.signal, rested.signal]);
    const either = [
      this.#ports.engine.clock.sleep(restAfterFailureMs, signal),
      this.#changed.after(version, signal),
    ];
    await Promise.race(either.map((one) => one.catch(() => undefined)));
    rested.abort();
  }

  #log({ code, message }: Failure, error: unknown): void {
    const stack = error instanceof Error ? (error.stack ?? '') : '';
    this.#ports.engine.logger.error('sync stopped', code === 'bug' ? { message, stack } : { code });
  }
}

function farewell(): AbortSignal {
  return AbortSignal.timeout(longestFarewellMs);
}
