import type { MessagePortMain } from 'electron';

import type { ToEngine } from '../../../shared/contract/app/engine-control.ts';
import type { EngineChild } from './engine-process.ts';

export interface ThumbnailForksOptions {
  readonly fork: () => EngineChild;
  readonly openPorts: () => { readonly port1: MessagePortMain; readonly port2: MessagePortMain };
  /** Throws while the engine is not there. */
  readonly tellEngine: (message: ToEngine, ports: MessagePortMain[]) => void;
}

/** More at once than the engine ever asks for: a limit on what a broken one can do. */
const most = 16;

/** Starts and ends the processes that render thumbnails; the engine and they talk by a port of their own. */
export class ThumbnailForks {
  readonly #options: ThumbnailForksOptions;
  readonly #children = new Map<number, EngineChild>();

  constructor(options: ThumbnailForksOptions) {
    this.#options = options;
  }

  start(id: number): void {
    const { fork, openPorts, tellEngine } = this.#options;
    if (this.#children.size >= most || this.#children.has(id)) {
      tellEngine({ type: 'thumbnailExit', id, status: null }, []);
      return;
    }
    const child = fork();
    this.#children.set(id, child);
    child.once('exit', (status) => {
      // Absent where the engine ended before it.
      if (this.#children.delete(id)) tellEngine({ type: 'thumbnailExit', id, status }, []);
    });
    const { port1, port2 } = openPorts();
    child.postMessage(null, [port2]);
    tellEngine({ type: 'thumbnailPort', id }, [port1]);
  }

  stop(id: number): void {
    this.#children.get(id)?.kill();
  }

  /** The engine is gone. */
  stopAll(): void {
    const children = [...this.#children.values()];
    this.#children.clear();
    for (const child of children) child.kill();
  }
}
