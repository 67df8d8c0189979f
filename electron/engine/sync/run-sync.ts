import type { SyncEvent, SyncPhase, SyncSummary } from '../../../shared/contract/sync-events.ts';
import { failureOf, type Failure } from '../../../shared/domain/failure.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Delivery, Scope } from '../catalog/deliveries.ts';
import type { Destination } from '../destinations/contract.ts';
import type { EnginePorts } from '../engine-ports.ts';
import { judgeVanished } from '../scan/volumes.ts';
import type { Thumbnailer } from '../ports/thumbnailer.ts';
import { below } from '../scan/roots.ts';
import type { LeaveAlone } from '../scan/look.ts';
import type { Outcome } from '../transfer/deliver.ts';
import { DestinationSession } from '../transfer/destination-session.ts';
import { CommitQueue } from '../flow/commit-queue.ts';
import { Wakeup } from '../flow/wakeup.ts';
import {
  lookAgain,
  openFolders,
  rememberFolder,
  type FolderDoubt,
  type OpenFolder,
} from './open-folders.ts';
import { makePreviews } from './make-previews.ts';
import { Publishing, type PublishTarget } from './publishing.ts';
import type { SyncObserver, SyncQuestion } from './observer.ts';
import { ProgressCounter } from './progress.ts';
import { FileReading } from './read-files.ts';
import {
  reportUnfinished,
  reportWouldUpload,
  summarise,
  type ReportedDestination,
} from './report.ts';
import { scanFolder } from './scan-folder.ts';

/** A destination that takes part in a run, already opened and decorated. */
export interface SyncTarget {
  readonly url: string;
  /** Short name for people and scripts. */
  readonly name: string;
  readonly destination: Destination;
}

export interface SyncOptions {
  /** Absolute, resolved paths. */
  readonly folders: readonly string[];
  readonly targets: readonly SyncTarget[];
  /** Default: none. */
  readonly publishers?: readonly PublishTarget[];
  /** For people, e.g. the host name. */
  readonly deviceName: string;
  readonly platform: string;
  /** Changes nothing at any destination. */
  readonly dryRun?: boolean;
  /** The person said that a destination was emptied or replaced on purpose: all, or those of these URLs. */
  readonly startAnew?: boolean | ReadonlySet<string>;
  /** The person said that folders were emptied, moved or thinned out on purpose: all, or those of these paths. */
  readonly acceptChanges?: boolean | ReadonlySet<string>;
  /** By folder, what a person wants left alone in it. */
  readonly leaveAlone?: ReadonlyMap<string, LeaveAlone>;
  /** Only what is not left alone was ever asked for: of the rest of the folders nothing is remembered. */
  readonly picked?: boolean;
  readonly observer?: SyncObserver;
  /** Whether what failed before is tried again at once; default true. */
  readonly retryFailed?: boolean;
  /** Directories to look at, by folder, on a watcher's hint; default: everything. */
  readonly only?: ReadonlyMap<string, readonly string[]>;
  /** URLs of the destinations that worked a moment ago: they are not checked again. */
  readonly checked?: ReadonlySet<string>;
  /** Makes pictures for the timeline behind the backup; none are made without it. */
  readonly thumbnailer?: Thumbnailer;
}

export interface SyncResult {
  readonly summary: SyncSummary;
  /** Folders and directories that could not be looked at, and questions that are open. */
  readonly problems: number;
}

/** Between two reports of progress within one phase, milliseconds. */
const tellEveryMs = 50;
/** Further passes for what came up while others were finishing. */
const extraPasses = 4;

/**
 * One whole run: scans the folders, reads what is new, brings it to every destination and proves it there.
 * Safe to cut off anywhere; the next run derives what is left from what it observes.
 * @throws `cancelled` when the signal aborts; `notFound`, `unreadable` for a folder that was never there;
 * failures of the catalogue (`diskFull`, `corrupt` …). Failures of photos and destinations are in the result.
 */
export async function runSync(
  options: SyncOptions,
  ports: EnginePorts,
  onEvent: (event: SyncEvent) => void,
  signal: AbortSignal,
): Promise<SyncResult> {
  ensureDevice(options.deviceName, ports);
  const folders = await openFolders(options.folders, { ...ports, platform: options.platform });
  return new SyncRun(options, folders, ports, onEvent).execute(signal);
}

class SyncRun {
  readonly #options: SyncOptions;
  readonly #folders: readonly OpenFolder[];
  readonly #ports: EnginePorts;
  readonly #catalog: Catalog;
  readonly #onEvent: (event: SyncEvent) => void;
  readonly #wakeup = new Wakeup();
  readonly #commits: CommitQueue;
  readonly #scope: Scope;
  readonly #run: number;
  readonly #targets: readonly { id: number; target: SyncTarget; session: DestinationSession }[];
  readonly #reading: FileReading;
  readonly #progress: ProgressCounter;
  readonly #publishing: Publishing;
  #scanning = true;
  #ignored = 0;
  #problems = 0;
  #toldAt = Number.NEGATIVE_INFINITY;
  #toldPhase: SyncPhase | null = null;
  #seconds = 0;
  #backedUp = false;

  constructor(
    options: SyncOptions,
    folders: readonly OpenFolder[],
    ports: EnginePorts,
    onEvent: (event: SyncEvent) => void,
  ) {
    this.#options = options;
    this.#folders = folders;
    this.#ports = ports;
    this.#catalog = ports.catalog;
    this.#commits = new CommitQueue((work) => ports.catalog.commit(work), ports.clock);
    this.#onEvent = onEvent;
    this.#scope = { rootIds: folders.map((folder) => folder.root.id) };
    this.#run = ports.catalog.identity.startRun();
    this.#targets = options.targets.map((target) => this.#openTarget(target));
    const destinationIds = this.#targets.map(({ id }) => id);
    this.#progress = new ProgressCounter(this.#catalog, ports.clock, destinationIds, this.#scope);
    this.#publishing = new Publishing(
      ports,
      {
        targets: options.publishers ?? [],
        scope: this.#scope,
        run: this.#run,
        retryFailed: options.retryFailed ?? true,
        dryRun: options.dryRun ?? false,
        observer: options.observer ?? {},
      },
      (event) => {
        if (event.event === 'published') this.#progress.current = event.path;
        onEvent(event);
        this.#tell();
      },
    );
    this.#reading = new FileReading(
      ports,
      {
        rootIds: this.#scope.rootIds,
        destinationIds,
        wakeup: this.#wakeup,
        commits: this.#commits,
        hinted: options.only !== undefined,
        scanning: () => this.#scanning,
        delivering: () => this.#targets.some(({ session }) => session.delivering),
      },
      {
        onRead: (path) => {
          this.#progress.filesRead += 1;
          this.#progress.current = path;
          this.#tell();
        },
        onFailed: () => {
          this.#tell();
        },
      },
    );
  }

  async execute(signal: AbortSignal): Promise<SyncResult> {
    const stop = new AbortController();
    const previews = this.#makePreviews(AbortSignal.any([signal, stop.signal]));
    try {
      await this.#backUp(signal);
      this.#seconds = this.#progress.elapsedMs / 1000;
      this.#onEvent({ event: 'delivered', seconds: this.#seconds });
      await this.#publishing.run(signal);
      this.#progress.phase = 'previews';
    } catch (error) {
      stop.abort();
      this.#reportEarlyEnd();
      throw error;
    } finally {
      this.#backedUp = true;
      this.#wakeup.notify();
      await previews;
    }
    this.#progress.phase = 'done';
    this.#tell();
    return this.#report();
  }

  async #backUp(signal: AbortSignal): Promise<void> {
    await this.#together(signal, (aborted) => [
      this.#scanAll(aborted),
      this.#reading.run(aborted),
      ...this.#targets.map(({ session }) => session.run(aborted)),
    ]);
    for (let pass = 0; pass < extraPasses && this.#hasWork(); pass += 1) {
      await this.#together(signal, (aborted) => [
        this.#reading.run(aborted),
        ...this.#targets.map(({ session }) => session.run(aborted)),
      ]);
    }
  }

  /** Pictures come behind: not before every file is read, and never as a reason for a run to fail. */
  async #makePreviews(signal: AbortSignal): Promise<void> {
    const { thumbnailer } = this.#options;
    if (thumbnailer === undefined || this.#options.dryRun === true) return;
    try {
      while (!this.#backedUp && (this.#scanning || this.#reading.busy)) {
        await this.#wakeup.after(this.#wakeup.version, signal);
      }
      await makePreviews(
        { catalog: this.#catalog, thumbnailer },
        (made, left, assetId) => {
          this.#progress.previewsMade = made;
          this.#progress.previewsToMake = made + left;
          if (assetId !== null) this.#options.observer?.onPicture?.(assetId);
          this.#tell();
        },
        signal,
      );
    } catch (error) {
      const { code, message } = failureOf(error);
      if (code !== 'cancelled') this.#ports.logger.warn('previews stopped', { code, message });
    }
  }

  /** Runs stages side by side; when one fails the others are stopped and waited for. */
  async #together(
    signal: AbortSignal,
    start: (aborted: AbortSignal) => Promise<void>[],
  ): Promise<void> {
    const stop = new AbortController();
    const stages = start(AbortSignal.any([signal, stop.signal]));
    const results = await Promise.allSettled(
      stages.map((stage) =>
        stage.catch((error: unknown) => {
          stop.abort();
          this.#wakeup.notify();
          throw error;
        }),
      ),
    );
    const errors = results.flatMap((result): unknown[] =>
      result.status === 'rejected' ? [result.reason] : [],
    );
    if (errors.length === 0) return;
    // The stage that failed by itself says more than those that were stopped because of it.
    throw errors.find((error) => failureOf(error).code !== 'cancelled') ?? errors[0];
  }

  #hasWork(): boolean {
    return this.#reading.busy || this.#targets.some(({ session }) => session.hasWork);
  }

  async #scanAll(signal: AbortSignal): Promise<void> {
    this.#progress.phase = 'working';
    this.#tell();
    try {
      for (const folder of this.#folders) await this.#scanOne(folder, signal);
    } finally {
      this.#scanning = false;
      this.#progress.scanned = true;
      this.#wakeup.notify();
      this.#tell();
    }
  }

  async #scanOne(folder: OpenFolder, signal: AbortSignal): Promise<void> {
    const { path } = folder.root;
    if (folder.doubt !== null && !this.#mayScanAllTheSame(folder)) {
      this.#catalog.files.setAllUnknown(folder.root.id);
      this.#tellDoubt(path, folder.doubt);
      this.#observer.onFolder?.(path, folder.doubt.failure);
      return;
    }
    this.#observer.onFolder?.(path, 'scanning');
    const { only } = this.#options;
    const leaveAlone = this.#options.leaveAlone?.get(path);
    const scan = await scanFolder(
      {
        ...folder,
        only: only === undefined ? null : (only.get(path) ?? []),
        ...(leaveAlone === undefined ? {} : { leaveAlone }),
        picked: this.#options.picked ?? false,
      },
      this.#targets.map(({ id }) => id),
      this.#ports,
      {
        onDirectory: (files, changed) => {
          this.#progress.filesFound += files;
          this.#progress.directoriesScanned += 1;
          if (changed) this.#wakeup.notify();
          this.#tell();
        },
        onNotice: (path, { name, reason }) => {
          this.#notice(null, passedOver(below(folder.root.path, path), name, reason));
        },
        onUnreadable: (path, failure) => {
          this.#problems += 1;
          this.#onEvent({
            event: 'failed',
            destination: null,
            path: below(folder.root.path, path),
            failure,
          });
        },
      },
      signal,
    );
    this.#ignored += scan.ignored;
    await this.#believe(folder, scan.knownBefore, scan.vanished);
    rememberFolder(folder, this.#catalog);
    this.#observer.onFolder?.(path, 'done');
  }

  #tellDoubt(path: string, { failure, asks }: FolderDoubt): void {
    this.#problems += 1;
    this.#notice(null, failure);
    if (asks !== null) this.#observer.onQuestion?.({ kind: asks, subject: path, failure });
  }

  #mayScanAllTheSame(folder: OpenFolder): boolean {
    return this.#acceptsChanges(folder) && folder.seen !== null;
  }

  /**
   * Files that vanished are taken for absent, unless the folder itself went away during the scan, or there
   * are so many that a person has to say so.
   */
  async #believe(
    folder: OpenFolder,
    knownBefore: number,
    vanished: readonly number[],
  ): Promise<void> {
    if (vanished.length === 0) return;
    const doubt = this.#acceptsChanges(folder)
      ? null
      : ((await lookAgain(folder, this.#ports, this.#options.platform)) ??
        tooMany(folder, knownBefore, vanished.length));
    this.#catalog.transaction(() => {
      for (const id of vanished) {
        if (doubt === null) this.#catalog.recordAbsence(id, this.#ports.clock.now());
        else this.#catalog.files.setState(id, 'unknown');
      }
    });
    if (doubt !== null) this.#tellDoubt(folder.root.path, doubt);
  }

  #acceptsChanges(folder: OpenFolder): boolean {
    return covers(this.#options.acceptChanges, folder.root.path);
  }

  #openTarget(target: SyncTarget): { id: number; target: SyncTarget; session: DestinationSession } {
    const { id } = this.#catalog.deliveries.ensureDestination(target.url, target.name);
    const session = new DestinationSession(
      this.#ports,
      {
        destinationId: id,
        destination: target.destination,
        scope: this.#scope,
        run: this.#run,
        wakeup: this.#wakeup,
        commits: this.#commits,
        moreToCome: () => this.#scanning || this.#reading.reading,
        retryFailed: this.#options.retryFailed ?? true,
        dryRun: this.#options.dryRun ?? false,
        startAnew: covers(this.#options.startAnew, target.url),
        known: this.#options.checked?.has(target.url) ?? false,
      },
      {
        onOutcome: (delivery, outcome) => {
          this.#takeOutcome(id, target.name, delivery, outcome);
        },
        onProgress: (assetId, bytes) => {
          this.#progress.sent(id, assetId, bytes);
          this.#tell();
        },
        onNotice: (failure) => {
          this.#notice(target.name, failure);
        },
        onConnected: () => {
          this.#observer.onDestination?.(target.url, null);
        },
        onStopped: (failure, asks) => {
          this.#observer.onDestination?.(target.url, failure);
          if (!asks) return;
          const question = { kind: 'emptiedDestination', subject: target.url, failure } as const;
          this.#observer.onQuestion?.(question satisfies SyncQuestion);
        },
      },
    );
    return { id, target, session };
  }

  #takeOutcome(destinationId: number, name: string, delivery: Delivery, outcome: Outcome): void {
    if (outcome.result === 'cancelled') return;
    if (outcome.result === 'failed') {
      if (outcome.plan.retryMs === null) this.#progress.gaveUp(destinationId, delivery.assetId);
      this.#tell();
      return;
    }
    const sent = outcome.result === 'uploaded' ? delivery.bytes : 0;
    this.#progress.finished(destinationId, delivery.assetId, sent);
    const [place] = this.#catalog.files.locationsOf(delivery.assetId);
    const path = place === undefined ? delivery.name : below(place.rootPath, place.path);
    this.#progress.current = path;
    this.#onEvent({
      event: 'photo',
      result: outcome.result,
      destination: name,
      path,
      key: outcome.key,
      hash: delivery.hash,
      bytes: delivery.bytes,
    });
    this.#tell();
  }

  get #observer(): SyncObserver {
    return this.#options.observer ?? {};
  }

  #notice(destination: string | null, failure: Failure): void {
    this.#onEvent({ event: 'notice', destination, failure });
  }

  /** Tells where the run stands, but not more often than anybody can look: asking the catalogue has its price. */
  #tell(): void {
    const now = this.#ports.clock.monotonic();
    const inPhase = this.#toldPhase === this.#progress.phase;
    if (inPhase && now - this.#toldAt < tellEveryMs) return;
    this.#toldAt = now;
    this.#toldPhase = this.#progress.phase;
    this.#onEvent({ event: 'progress', ...this.#progress.snapshot() });
  }

  #report(): SyncResult {
    const destinations = this.#destinations();
    const dryRun = this.#options.dryRun === true;
    const wouldUpload = dryRun
      ? reportWouldUpload(this.#catalog, this.#scope, destinations, this.#onEvent)
      : null;
    if (!dryRun) reportUnfinished(this.#catalog, this.#scope, destinations, this.#onEvent);
    this.#publishing.report();
    const summary = this.#summary(destinations, wouldUpload);
    this.#onEvent(summary);
    return { summary, problems: this.#problems };
  }

  /** What is true when a run ends before its time; silent where the catalogue itself is what failed. */
  #reportEarlyEnd(): void {
    this.#seconds = this.#progress.elapsedMs / 1000;
    try {
      const summary = this.#summary(this.#destinations(), null);
      this.#onEvent(
        this.#options.dryRun === true
          ? { ...summary, wouldUpload: summary.failed, failed: 0 }
          : summary,
      );
    } catch (error) {
      this.#ports.logger.warn('no summary', { message: failureOf(error).message });
    }
  }

  #destinations(): ReportedDestination[] {
    return this.#targets.map(({ id, target, session }) => ({
      id,
      name: target.name,
      stopped: session.stopped,
    }));
  }

  #summary(destinations: readonly ReportedDestination[], wouldUpload: number | null): SyncSummary {
    const summary = summarise({
      catalog: this.#catalog,
      scope: this.#scope,
      run: this.#run,
      destinations,
      ignored: this.#ignored,
      seconds: this.#seconds,
      wouldUpload,
    });
    const publishing = this.#publishing.totals();
    return publishing === null ? summary : { ...summary, publishing };
  }
}

/** Whether what a person said is about this folder or destination. */
function covers(said: boolean | ReadonlySet<string> | undefined, subject: string): boolean {
  return typeof said === 'object' ? said.has(subject) : said === true;
}

function tooMany(folder: OpenFolder, knownBefore: number, vanished: number): FolderDoubt | null {
  if (judgeVanished(knownBefore, vanished) === 'ok') return null;
  return {
    asks: 'vanished',
    failure: {
      code: 'offline',
      message: `${String(vanished)} of ${String(knownBefore)} photos are no longer in ${folder.root.path}.`,
      hint: 'They stay backed up. If you removed them on purpose, run again with --accept-changes.',
    },
  };
}

function ensureDevice(name: string, ports: EnginePorts): void {
  if (ports.catalog.identity.device() !== null) return;
  const id = Buffer.from(ports.random.bytes(8)).toString('hex');
  ports.catalog.identity.become({ id, name });
}

function passedOver(directory: string, name: string, reason: string): Failure {
  const path = below(directory, name);
  switch (reason) {
    case 'library':
      return {
        code: 'unsupported',
        message: `The photo library ${path} is passed over; its inside belongs to its program.`,
        hint: 'Export the originals from it into a folder, and back up that folder.',
      };
    case 'offloaded':
      return {
        code: 'unsupported',
        message: `${path} is kept online only.`,
        hint: 'Have the cloud program keep it on this computer, then it is backed up.',
      };
    default:
      return { code: 'unsupported', message: `The package ${path} is passed over.` };
  }
}
