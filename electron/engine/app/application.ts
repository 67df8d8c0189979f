import type { PictureSize } from '../../../shared/contract/app/host-bridge.ts';
import type { AppHandlers } from '../../../shared/contract/app/methods.ts';
import type { Settings } from '../../../shared/contract/app/settings.ts';
import type { SyncStatus } from '../../../shared/contract/app/status.ts';
import type { SyncEvent, SyncProgress } from '../../../shared/contract/sync-events.ts';
import { parseDestinationUrl } from '../../../shared/domain/destination-url.ts';
import { fail, type Failure } from '../../../shared/domain/failure.ts';
import type { Announce } from '../../../shared/contract/app/events.ts';
import type { DataDirectory } from '../data-directory/data-directory.ts';
import { pathsIn } from '../data-directory/paths.ts';
import type { LazyLog } from '../logging/lazy-log.ts';
import { ProcessThumbnailer } from '../media/thumbnails/process-thumbnailer.ts';
import type { Engine } from '../runtime/engine.ts';
import type { LeaveAlone } from '../scan/look.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { FolderWatcher } from '../sync/watch-sync.ts';
import { timelineHandlers } from '../timeline/handlers.ts';
import { opaqueId } from '../timeline/opaque-id.ts';
import { Pictures } from '../timeline/pictures.ts';
import { ReadingRounds } from '../verify/reading-rounds.ts';
import { Announcer } from './announcer.ts';
import type { App, PictureFile, Surroundings } from './app.ts';
import type { DestinationSecrets } from './destinations/destination-secrets.ts';
import { Destinations, type DestinationChange } from './destinations/destinations.ts';
import { isEmptied } from './destinations/emptied-destination.ts';
import { leaveAloneBy } from './folders/folder-rules.ts';
import { Folders } from './folders/folders.ts';
import { History } from './history.ts';
import { LiveState } from './status/live-state.ts';
import type { AppOptions } from './options.ts';
import { Pause } from './pause.ts';
import { ownHandlers } from './own-handlers.ts';
import { placeHandlers } from './folders/place-handlers.ts';
import { Previews } from './previews.ts';
import { Problems } from './status/problems.ts';
import { QuotaKeeper } from './destinations/quota-keeper.ts';
import type { SettingsStore } from './settings/settings-store.ts';
import { SignIns } from './destinations/sign-ins.ts';
import { StandingKeeper } from './status/standing-keeper.ts';
import { StandingReader } from './status/standing-reader.ts';
import { StatusBoard } from './status/status-board.ts';
import { healthOf } from './status/status.ts';
import type { StoredDestination, StoredFolder } from './settings/stored-settings.ts';
import { SyncLoop, type LoopPlan } from './sync-loop.ts';
import { TimelineNews } from './timeline-news.ts';
import { Uploads } from './uploads/uploads.ts';
import { Verification } from './destinations/verification.ts';

/** What the app is made of, opened already. */
export interface ApplicationParts {
  readonly options: AppOptions;
  readonly engine: Engine;
  readonly data: DataDirectory;
  readonly store: SettingsStore;
  readonly log: LazyLog;
  readonly secrets: DestinationSecrets;
  readonly elsewhere: Secrets;
  readonly watcher: FolderWatcher;
  readonly reveal: (path: string, signal: AbortSignal) => Promise<void>;
  /** What a person should know about the opening. */
  readonly notices: readonly Failure[];
  /** Takes secrets out of text. */
  readonly redact: (text: string) => string;
  /** Tells {@link ApplicationParts.redact} of one more. */
  readonly hide: (secret: string) => void;
}

/** Joins the parts of the app: what one of them changes, the others follow. */
export class Application implements App {
  readonly handlers: AppHandlers;
  readonly #parts: ApplicationParts;
  readonly #announcer = new Announcer();
  readonly #live: LiveState;
  readonly #reader: StandingReader;
  readonly #keeper: StandingKeeper;
  readonly #board: StatusBoard;
  readonly #quotas: QuotaKeeper;
  readonly #pause: Pause;
  readonly #loop: SyncLoop;
  readonly #history: History;
  readonly #thumbnailer: ProcessThumbnailer;
  readonly #previews: Previews;
  readonly #pictures: Pictures;
  readonly #news: TimelineNews;
  readonly #folders: Folders;
  readonly #signIns: SignIns;
  readonly #destinations: Destinations;
  readonly #uploads: Uploads;
  readonly #problems: Problems;
  readonly #verification: Verification;
  #closing: Promise<void> | null = null;

  constructor(parts: ApplicationParts) {
    const { options, engine, data, store } = parts;
    const { clock, logger } = engine;
    const { catalog } = data;
    const { announce } = this.#announcer;
    this.#parts = parts;
    this.#live = new LiveState(clock);
    this.#reader = new StandingReader(pathsIn(data.path).catalogue);
    this.#keeper = new StandingKeeper({
      clock,
      logger,
      read: (request) => this.#reader.read(request),
      request: () => this.#board.request(),
      onCounted: () => {
        this.#board.changed();
      },
    });
    this.#quotas = new QuotaKeeper({
      clock,
      logger,
      onChange: () => {
        this.#board.changed();
      },
    });
    this.#pause = new Pause(store, clock, (now) => {
      this.#takePause(now);
    });
    this.#history = new History(catalog, store, clock, this.#announcer.announce);
    this.#board = new StatusBoard({
      catalog,
      clock,
      logger,
      store,
      registry: engine.registry,
      live: this.#live,
      keeper: this.#keeper,
      announcer: this.#announcer,
      pause: () => this.#pause.now,
      online: () => this.#pause.online,
      quota: (url) => this.#quotas.of(url),
      verifying: (id) => this.#verification.progress(id),
    });
    this.#thumbnailer = new ProcessThumbnailer({
      directory: data.thumbnailsPath,
      cacheBytes: store.get().settings.pictureCacheBytes,
      ...(options.spawnThumbnails === undefined ? {} : { spawn: options.spawnThumbnails }),
    });
    this.#news = new TimelineNews({ catalog, clock, announce });
    this.#pictures = new Pictures({
      catalog,
      fileSystem: engine.fileSystem,
      thumbnailer: this.#thumbnailer,
      onMade: (asset) => {
        this.#news.pictured(asset);
      },
    });
    this.#previews = new Previews({
      catalog,
      logger,
      thumbnailer: this.#thumbnailer,
      onProgress: (made, wanted, assetId) => {
        this.#live.previews = { made, wanted };
        if (assetId !== null) this.#news.pictured(opaqueId(assetId));
        this.#board.changed();
      },
    });
    this.#loop = this.#makeLoop();
    this.#folders = new Folders({
      store,
      catalog,
      fileSystem: engine.fileSystem,
      random: engine.random,
      dataDirectory: data.path,
      describe: (id) => this.#board.folder(id),
      onChange: (folder, change) => {
        this.#takeFolder(folder, change);
      },
    });
    const { elsewhere, secrets } = parts;
    const { builtClients } = options;
    this.#signIns = new SignIns({
      ...{ engine, elsewhere, announce, builtClients },
      hide: parts.hide,
      kept: secrets.secrets,
      language: () => store.get().settings.language,
      urlOf: (id) => parseDestinationUrl(this.#destinations.stored(id).url),
    });
    this.#destinations = new Destinations({
      ...{ store, catalog, engine, elsewhere, secrets, builtClients },
      dataDirectory: data.path,
      signIns: this.#signIns,
      describe: (id) => this.#board.destination(id),
      onStep: (step) => {
        announce('testStep', step);
      },
      onChange: (destination, change) => {
        this.#takeDestination(destination, change);
      },
    });
    this.#verification = new Verification({
      engine,
      catalog,
      history: this.#history,
      rounds: new ReadingRounds(data.path),
      stored: (id) => this.#destinations.stored(id),
      exclusively: (work) => this.#loop.exclusively(work),
      onProgress: () => {
        this.#board.changed();
      },
      onLoss: () => {
        void this.#keeper.refresh();
        this.#loop.again();
      },
    });
    this.#uploads = this.#makeUploads();
    this.#problems = new Problems({
      catalog,
      rootIds: () => this.#board.request().rootIds,
      destinations: () => this.#board.rows(),
      publishers: () => this.#board.publisherRows(),
      onRetry: () => {
        this.#retry();
      },
      onChange: () => {
        void this.#keeper.refresh();
      },
    });
    for (const notice of parts.notices) this.#live.note(notice);
    this.handlers = {
      ...ownHandlers({
        ...{ options, clock, store, secrets },
        dataDirectory: data.path,
        status: () => this.#board.status,
        redact: parts.redact,
        onSettings: (now, before) => {
          this.#takeSettings(now, before);
        },
      }),
      ...this.#syncHandlers(),
      ...this.#folders.handlers,
      ...this.#destinations.handlers,
      ...this.#signIns.handlers,
      ...this.#history.handlers,
      ...this.#problems.handlers,
      ...this.#uploads.handlers,
      ...this.#verification.handlers,
      ...placeHandlers({
        ...{ clock, options },
        fileSystem: engine.fileSystem,
        folders: () => store.get().folders.map(({ path }) => path),
        onCount: (count) => {
          announce('folderCount', count);
        },
      }),
      ...timelineHandlers({
        catalog,
        fileSystem: engine.fileSystem,
        announce,
        reveal: parts.reveal,
        destinations: () => store.get().destinations,
      }),
    };
  }

  /** Begins to work; what the catalogue has to know of the settings it is told first. */
  start(): void {
    const { data, store } = this.#parts;
    for (const { url, name } of store.get().destinations) {
      if (this.#isBackup(url)) data.catalog.deliveries.ensureDestination(url, name);
      else data.catalog.publications.ensurePublisher(url, name);
    }
    this.#history.add('started');
    this.#keeper.touch();
    this.#loop.start();
    if (this.#pause.now === null) this.#previews.wake();
  }

  subscribe(announce: Announce): () => void {
    return this.#announcer.subscribe(announce);
  }

  picture(asset: string, size: PictureSize, signal: AbortSignal): Promise<PictureFile | null> {
    return this.#pictures.find(asset, size, signal);
  }

  receive(
    batch: string,
    item: string,
    bytes: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<void> {
    return this.#uploads.receive(batch, item, bytes, signal);
  }

  surroundings(now: Surroundings): void {
    const wasOnline = this.#pause.online;
    this.#pause.around(now);
    if (now.online && !wasOnline) this.#loop.again();
    this.#board.changed();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** In the order in which one part needs the other. */
  async #close(): Promise<void> {
    const { engine, data, log } = this.#parts;
    this.#pause.close();
    await this.#signIns.close();
    await this.#uploads.close();
    await this.#verification.close();
    await this.#loop.close();
    await this.#previews.rest();
    await this.#thumbnailer.close();
    await this.#keeper.close();
    await this.#reader.close();
    await this.#board.close();
    await this.#news.close();
    await engine[Symbol.asyncDispose]();
    await data.close();
    await log[Symbol.asyncDispose]();
  }

  #makeLoop(): SyncLoop {
    const { options, engine, data, watcher } = this.#parts;
    return new SyncLoop({
      engine,
      catalog: data.catalog,
      deviceName: options.deviceName,
      platform: options.platform,
      watcher,
      plan: () => this.#plan(),
      nextJob: () => (this.#pause.now === null ? this.#uploads.nextJob() : null),
      observer: this.#following(),
      onEvent: (event, cutOff) => {
        this.#takeEvent(event, cutOff);
      },
      onTaken: (url, key, taken, more) => {
        this.#live.taken(url, more);
        this.#uploads.taken(url, key, taken);
      },
      onOpened: (url, destination) => {
        this.#quotas.opened(url, destination);
      },
      onReleased: (url) => {
        this.#quotas.released(url);
      },
      onUnopened: (url, failure) => {
        this.#live.observer.onDestination(url, failure);
        this.#board.changed();
      },
      onRest: (failure) => {
        this.#live.rest();
        if (failure !== null) this.#live.note(failure);
        void this.#keeper.refresh();
        this.#board.changed();
      },
    });
  }

  #makeUploads(): Uploads {
    const { options, engine, data, store } = this.#parts;
    const { clock, random, logger, fileSystem } = engine;
    return new Uploads({
      ...{ clock, random, logger, fileSystem },
      catalog: data.catalog,
      uploadsFolder: options.uploadsFolder,
      folders: () =>
        store.get().folders.map(({ path, exclude }) => {
          const rule = leaveAloneBy(exclude);
          return { path, includes: (relative) => rule?.(relative, 'file') !== true };
        }),
      destinations: () => store.get().destinations.filter(({ url }) => this.#isBackup(url)),
      stopped: (url) => this.#live.destination(url).failure,
      watch: (path) => this.#folders.add(path),
      nudge: (root, directory) => {
        this.#loop.nudge(root, directory);
      },
      onJob: () => {
        this.#loop.restart();
      },
      onBatch: (batch) => {
        this.#announcer.announce('upload', batch);
      },
    });
  }

  #plan(): LoopPlan | null {
    const { folders, destinations } = this.#parts.store.get();
    const backups = destinations.filter(({ url }) => this.#isBackup(url));
    // Photos are shown behind their backup; without one there is nothing to do.
    if (this.#pause.now !== null || folders.length === 0 || backups.length === 0) return null;
    const leaveAlone = new Map<string, LeaveAlone>();
    for (const { path, exclude } of folders) {
      const rule = leaveAloneBy(exclude);
      if (rule !== null) leaveAlone.set(path, rule);
    }
    return { folders: folders.map(({ path }) => path), leaveAlone, destinations };
  }

  #isBackup(url: string): boolean {
    return this.#parts.engine.registry.roleOf(url) === 'backup';
  }

  #following(): LiveState['observer'] {
    const { observer } = this.#live;
    const changed = (): void => {
      this.#board.changed();
    };
    return {
      onRun: (whole) => {
        observer.onRun(whole);
        changed();
      },
      onFolder: (path, state) => {
        observer.onFolder(path, state);
        if (state !== 'scanning') void this.#keeper.refresh();
        changed();
      },
      onDestination: (url, stopped) => {
        const before = this.#live.destination(url).failure;
        observer.onDestination(url, stopped);
        if (stopped !== null && before?.code !== stopped.code) this.#history.stopped(url, stopped);
        if (stopped === null && before !== null) this.#uploads.again();
        if (stopped === null || healthOf(stopped.code) === 'full') this.#quotas.look(url);
        if (stopped?.code === 'offline') void this.#askWhetherEmptied(url, stopped);
        // On connecting, things are queued again, or forgotten because it was emptied.
        void this.#keeper.refresh();
        changed();
      },
      onQuestion: (question) => {
        observer.onQuestion(question);
        changed();
      },
    };
  }

  async #askWhetherEmptied(url: string, failure: Failure): Promise<void> {
    const { engine, data } = this.#parts;
    if (!(await isEmptied(engine, data.catalog, url))) return;
    this.#live.observer.onQuestion({ kind: 'emptiedDestination', subject: url, failure });
    this.#board.changed();
  }

  #takeEvent(event: SyncEvent, cutOff: boolean): void {
    this.#live.take(event, cutOff);
    if (event.event === 'photo') this.#news.changed(event.hash);
    if (event.event === 'summary') {
      this.#history.summed(event);
      this.#quotas.lookAtAll();
    }
    if (event.event === 'delivered' && this.#pause.now === null) this.#previews.wake();
    this.#news.look();
    this.#uploads.follow();
    if (event.event === 'summary') void this.#keeper.refresh();
    else if (event.event !== 'progress' || this.#showsWork(event)) this.#keeper.touch();
    this.#board.changed();
  }

  /** A look that finds nothing new leaves the counts as they are. */
  #showsWork({ filesRead, toDeliver }: SyncProgress): boolean {
    const { catalog } = this.#parts.data;
    return filesRead > 0 || toDeliver > 0 || catalog.files.hasToRead(this.#board.request().rootIds);
  }

  #takePause(now: SyncStatus['pause']): void {
    this.#history.add(now === null ? 'resumed' : 'paused');
    this.#loop.restart();
    if (now === null) this.#previews.wake();
    else void this.#previews.rest();
    this.#board.changed();
  }

  #takeFolder(folder: StoredFolder, change: 'added' | 'updated' | 'removed'): void {
    if (change === 'removed') this.#live.forget(folder.path);
    this.#parts.data.catalog.timeline.setWatched(folder.path, change !== 'removed');
    this.#history.add('changed');
    this.#followSettings();
  }

  #takeDestination(destination: StoredDestination, change: DestinationChange): void {
    if (change === 'removed') {
      this.#live.forget(destination.url);
      this.#quotas.forget(destination.url);
    }
    if (change === 'renamed') this.#board.changed();
    else this.#followSettings();
    this.#history.add('changed', { destination: destination.id });
  }

  #followSettings(): void {
    this.#keeper.touch();
    this.#loop.restart();
    this.#board.changed();
  }

  #syncHandlers() {
    return {
      'sync.now': () => {
        this.#uploads.again();
        this.#loop.again();
        return Promise.resolve({});
      },
      'sync.pause': ({ untilMs }: { untilMs: number | null }) => {
        this.#pause.pause(untilMs);
        return Promise.resolve({});
      },
      'sync.resume': () => {
        this.#pause.resume();
        return Promise.resolve({});
      },
      'sync.answer': ({ id, accept }: { id: string; accept: boolean }) => {
        this.#answer(id, accept);
        return Promise.resolve({});
      },
    } satisfies Partial<AppHandlers>;
  }

  #takeSettings(now: Settings, before: Settings): void {
    this.#parts.engine.bandwidth.set(now.uploadLimit);
    this.#pause.review();
    if (now.transfersAtOnce !== before.transfersAtOnce) this.#loop.restart();
    this.#announcer.announce('settings', now);
    this.#board.changed();
  }

  /** What failed is in the queue again: a small run takes it, a whole one where a destination was given up. */
  #retry(): void {
    const { folders, destinations } = this.#parts.store.get();
    const [first] = folders;
    const stopped = destinations.some(({ url }) => this.#live.destination(url).failure !== null);
    if (first === undefined || stopped) this.#loop.again();
    else this.#loop.nudge(first.path, '');
    void this.#keeper.refresh();
  }

  #answer(id: string, accept: boolean): void {
    const question = this.#live.question(id);
    if (question === null) throw fail('notFound', 'This question has answered itself.');
    this.#live.settle(id, !accept);
    if (accept) {
      const { kind, subject } = question;
      this.#loop.accept(
        kind === 'emptiedDestination' ? { destination: subject } : { folder: subject },
      );
    }
    this.#board.changed();
  }
}
