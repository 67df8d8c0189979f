import type { FromEngine } from '../../../shared/contract/app/engine-control.ts';
import type {
  SpawnThumbnailProcess,
  ThumbnailProcessEvents,
} from '../../engine/media/thumbnails/thumbnail-process.ts';
import type {
  ThumbnailReply,
  ThumbnailRequest,
} from '../../engine/media/thumbnails/thumbnail-protocol.ts';
import type { UtilityPort } from './parent-port.ts';

interface Running {
  readonly events: ThumbnailProcessEvents;
  /** Requests that came before the port. */
  readonly waiting: ThumbnailRequest[];
  port: UtilityPort | null;
}

/**
 * Processes that render thumbnails, started by Electron's main process for the engine: requests and replies go
 * by a port between the two, starting and ending by the control messages.
 */
export class ThumbnailProcesses {
  readonly #tellMain: (message: FromEngine) => void;
  readonly #running = new Map<number, Running>();
  #lastId = 0;

  constructor(tellMain: (message: FromEngine) => void) {
    this.#tellMain = tellMain;
  }

  readonly spawn: SpawnThumbnailProcess = (events) => {
    this.#lastId += 1;
    const id = this.#lastId;
    const running: Running = { events, waiting: [], port: null };
    this.#running.set(id, running);
    this.#tellMain({ type: 'startThumbnails', id });
    return {
      send: (request) => {
        if (running.port === null) running.waiting.push(request);
        else running.port.postMessage(request);
      },
      kill: () => {
        this.#tellMain({ type: 'stopThumbnails', id });
      },
    };
  };

  /** `thumbnailPort` came, with its port. */
  opened(id: number, port: UtilityPort): void {
    const running = this.#running.get(id);
    if (running === undefined) {
      port.close();
      return;
    }
    running.port = port;
    port.on('message', ({ data }) => {
      // The other end is our own code, as with a forked child.
      running.events.onReply(data as ThumbnailReply);
    });
    port.start();
    for (const request of running.waiting.splice(0)) port.postMessage(request);
  }

  /** `thumbnailExit` came. */
  exited(id: number, status: number | null): void {
    const running = this.#running.get(id);
    this.#running.delete(id);
    running?.port?.close();
    running?.events.onExit(status);
  }
}
