import type { MessagePortMain } from 'electron';

import { AppClient } from '../../../shared/contract/app/client.ts';
import type { ToEngine } from '../../../shared/contract/app/engine-control.ts';
import type { AppEventData } from '../../../shared/contract/app/events.ts';
import type { AppMethod, AppParams, AppResult } from '../../../shared/contract/app/methods.ts';
import type { Settings } from '../../../shared/contract/app/settings.ts';
import type { ActivityEntry, SyncStatus } from '../../../shared/contract/app/status.ts';
import type { PictureSize } from '../../../shared/contract/app/host-bridge.ts';
import { fail } from '../../../shared/domain/failure.ts';
import type { Logger } from '../../engine/logging/logger.ts';
import type { Timers } from '../system/timers.ts';
import { Watched } from '../system/watched.ts';
import { EngineProcess, type EngineChild, type EngineState } from './engine-process.ts';
import { PictureRequests, type PictureFile } from './picture-requests.ts';
import { portChannel } from './port-channel.ts';
import { ThumbnailForks } from './thumbnail-forks.ts';

/** What the engine cannot see by itself. */
export type Surroundings = Extract<ToEngine, { type: 'start' }>['surroundings'];

export interface EngineOptions {
  readonly fork: () => EngineChild;
  readonly forkThumbnails: () => EngineChild;
  readonly openPorts: () => { readonly port1: MessagePortMain; readonly port2: MessagePortMain };
  readonly dataDirectory: string;
  readonly version: string;
  readonly timers: Timers;
  readonly logger: Logger;
}

/** What the main process knows of the engine; null where it was not told yet. */
export interface EngineView {
  readonly process: EngineState;
  readonly status: SyncStatus | null;
  readonly settings: Settings | null;
  /** The last things that happened, newest first. */
  readonly recent: readonly ActivityEntry[];
}

const recentEntries = 20;

/** The engine as the main process sees it: its process, and a client of the same contract the windows use. */
export class Engine {
  readonly view: Watched<EngineView> = new Watched<EngineView>({
    process: { state: 'starting' },
    status: null,
    settings: null,
    recent: [],
  });
  readonly #options: EngineOptions;
  readonly #process: EngineProcess;
  readonly #pictures: PictureRequests;
  readonly #thumbnails: ThumbnailForks;
  readonly #finished = new Set<(data: AppEventData<'finished'>) => void>();
  #client: AppClient | null = null;
  #surroundings: Surroundings;

  constructor(options: EngineOptions, surroundings: Surroundings) {
    this.#options = options;
    this.#surroundings = surroundings;
    const { dataDirectory, version } = options;
    this.#pictures = new PictureRequests((message) => {
      this.#process.send(message);
    });
    this.#process = new EngineProcess({
      ...options,
      start: () => ({ type: 'start', dataDirectory, version, surroundings: this.#surroundings }),
      onMessage: (message) => {
        if (message.type === 'picture') this.#pictures.take(message);
        else if (message.type === 'startThumbnails') this.#thumbnails.start(message.id);
        else if (message.type === 'stopThumbnails') this.#thumbnails.stop(message.id);
      },
    });
    this.#thumbnails = new ThumbnailForks({
      fork: options.forkThumbnails,
      openPorts: options.openPorts,
      tellEngine: (message, ports) => {
        this.#process.send(message, ports);
      },
    });
    this.#process.state.follow((process) => {
      this.#follow(process);
    });
  }

  start(): void {
    this.#process.start();
  }

  retryNow(): void {
    this.#process.retryNow();
  }

  /** Parks transfers and ends the process; see {@link EngineProcess.stop}. */
  stop(deadlineMs: number): Promise<void> {
    return this.#process.stop(deadlineMs);
  }

  /** Joins a port to the engine. @throws `offline` while it is not there */
  connect(port: MessagePortMain): void {
    this.#process.send({ type: 'connect' }, [port]);
  }

  surroundings(now: Surroundings): void {
    this.#surroundings = now;
    if (this.view.value.process.state === 'running') {
      this.#process.send({ type: 'surroundings', now });
    }
  }

  picture(asset: string, size: PictureSize, signal: AbortSignal): Promise<PictureFile | null> {
    return this.#pictures.find(asset, size, signal);
  }

  /** Asks the engine. @throws its failure; `offline` while it is not there */
  async call<M extends AppMethod>(
    method: M,
    params: AppParams<M>,
    signal?: AbortSignal,
  ): Promise<AppResult<M>> {
    if (this.#client === null) throw fail('offline', 'The sync engine is not running.');
    return this.#client.call(method, params, signal);
  }

  /** Calls back when photos were backed up and nothing is left to do. */
  onFinished(listener: (data: AppEventData<'finished'>) => void): void {
    this.#finished.add(listener);
  }

  #follow(process: EngineState): void {
    if (process.state === 'running') this.#join();
    if (process.state === 'restarting' || process.state === 'stopped') {
      this.#client = null;
      this.#pictures.giveUp();
      this.#thumbnails.stopAll();
      // What the last process said need not be true of the next.
      this.#tell({ process, status: null });
      return;
    }
    this.#tell({ process });
  }

  #join(): void {
    const { port1, port2 } = this.#options.openPorts();
    const client = new AppClient(portChannel(port1));
    this.#client = client;
    client.on('status', (status) => {
      const before = this.view.value.status?.activity;
      this.#tell({ status });
      if (status.activity === 'idle' && before !== 'idle') void this.#readRecent(client);
    });
    client.on('settings', (settings) => {
      this.#tell({ settings });
    });
    client.on('finished', (data) => {
      void this.#readRecent(client);
      for (const listener of this.#finished) listener(data);
    });
    this.connect(port2);
    void this.#readSnapshot(client);
  }

  async #readSnapshot(client: AppClient): Promise<void> {
    try {
      const { status, settings } = await client.call('app.snapshot', {});
      if (this.#client === client) this.#tell({ status, settings });
      await this.#readRecent(client);
    } catch {
      // It ended meanwhile: the next process is asked again.
    }
  }

  async #readRecent(client: AppClient): Promise<void> {
    try {
      const page = await client.call('activity.page', { cursor: null, limit: recentEntries });
      if (this.#client === client) this.#tell({ recent: page.entries });
    } catch {
      // As above.
    }
  }

  #tell(change: Partial<EngineView>): void {
    this.view.set({ ...this.view.value, ...change });
  }
}
