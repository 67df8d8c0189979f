import {
  toEngineSchema,
  type FromEngine,
  type ToEngine,
} from '../../../shared/contract/app/engine-control.ts';
import type { PictureSize } from '../../../shared/contract/app/host-bridge.ts';
import { failureOf } from '../../../shared/domain/failure.ts';
import type { App, Surroundings } from '../../engine/app/app.ts';
import type { SpawnThumbnailProcess } from '../../engine/media/thumbnails/thumbnail-process.ts';
import { joinWindow } from '../join-window.ts';
import type { UtilityPort } from './parent-port.ts';
import { portChannel } from './port-channel.ts';
import { ThumbnailProcesses } from './thumbnail-processes.ts';

type Start = Extract<ToEngine, { type: 'start' }>;

/** The engine opened as an application, with whatever lives as long as it does. */
export interface OpenedApp {
  readonly app: App;
  close(): Promise<void>;
}

export interface UtilityHostOptions {
  readonly open: (
    start: Start,
    spawnThumbnails: SpawnThumbnailProcess,
    signal: AbortSignal,
  ) => Promise<OpenedApp>;
  readonly tellMain: (message: FromEngine) => void;
  readonly exit: (status: number) => void;
}

/**
 * Runs the engine in Electron's utility process: opens it when it is told to, joins windows to it by their
 * ports, answers where pictures are, and parks everything when it is to end. What comes is parsed; what is not
 * agreed is dropped.
 */
export class UtilityHost {
  readonly #options: UtilityHostOptions;
  readonly #thumbnails: ThumbnailProcesses;
  readonly #opening = new AbortController();
  readonly #searches = new Map<number, AbortController>();
  #opened: Promise<OpenedApp> | null = null;
  #surroundings: Surroundings | null = null;

  constructor(options: UtilityHostOptions) {
    this.#options = options;
    this.#thumbnails = new ThumbnailProcesses(options.tellMain);
  }

  /** A message of the main process, with the ports that came with it. */
  take(message: unknown, ports: readonly UtilityPort[]): void {
    const parsed = toEngineSchema.safeParse(message);
    if (!parsed.success) return;
    const { data } = parsed;
    const [port] = ports;
    switch (data.type) {
      case 'start':
        this.#opened ??= this.#open(data);
        break;
      case 'surroundings':
        this.#surroundings = data.now;
        this.#withApp((app) => {
          app.surroundings(data.now);
        });
        break;
      case 'connect':
        if (port !== undefined) this.#connect(port);
        break;
      case 'picture':
        void this.#findPicture(data.id, data.asset, data.size);
        break;
      case 'cancelPicture':
        this.#searches.get(data.id)?.abort();
        break;
      case 'thumbnailPort':
        if (port !== undefined) this.#thumbnails.opened(data.id, port);
        break;
      case 'thumbnailExit':
        this.#thumbnails.exited(data.id, data.status);
        break;
      case 'shutDown':
        void this.#shutDown();
        break;
    }
  }

  async #open(start: Start): Promise<OpenedApp> {
    const { open, tellMain, exit } = this.#options;
    try {
      const opened = await open(start, this.#thumbnails.spawn, this.#opening.signal);
      opened.app.surroundings(this.#surroundings ?? start.surroundings);
      tellMain({ type: 'ready' });
      return opened;
    } catch (error) {
      const failure = failureOf(error);
      // Asked to end while it opened: that is no failure.
      if (failure.code !== 'cancelled' || !this.#opening.signal.aborted) {
        tellMain({ type: 'failed', failure });
        exit(1);
      }
      throw error;
    }
  }

  #withApp(use: (app: App) => void): void {
    this.#opened?.then(
      ({ app }) => {
        use(app);
      },
      () => undefined,
    );
  }

  #connect(port: UtilityPort): void {
    const channel = portChannel(port);
    this.#withApp((app) => {
      joinWindow(channel, app);
    });
  }

  async #findPicture(id: number, asset: string, size: PictureSize): Promise<void> {
    const { tellMain } = this.#options;
    const stop = new AbortController();
    this.#searches.set(id, stop);
    try {
      const opened = await this.#opened;
      const picture = (await opened?.app.picture(asset, size, stop.signal)) ?? null;
      if (!stop.signal.aborted) tellMain({ type: 'picture', id, picture, failure: null });
    } catch (error) {
      if (stop.signal.aborted) return;
      tellMain({ type: 'picture', id, picture: null, failure: failureOf(error) });
    } finally {
      this.#searches.delete(id);
    }
  }

  async #shutDown(): Promise<void> {
    const { tellMain, exit } = this.#options;
    this.#opening.abort();
    try {
      const opened = await this.#opened;
      await opened?.close();
    } catch {
      // It never opened.
    }
    tellMain({ type: 'parked' });
    exit(0);
  }
}
