import type { Logger } from '../engine/logging/logger.ts';

export interface QuitOptions {
  /** Parks the transfers; resolves when the engine's process has ended. */
  readonly park: () => Promise<void>;
  /** Ends the app at last. */
  readonly end: () => void;
  readonly logger: Logger;
}

/**
 * Quitting: asked for once, it first has the engine park its transfers, then ends the app. Electron asks by
 * `before-quit`, also for the system's own "Quit" and at shutdown.
 */
export class Quit {
  readonly #options: QuitOptions;
  #state: 'running' | 'parking' | 'parked' = 'running';

  constructor(options: QuitOptions) {
    this.#options = options;
  }

  get quitting(): boolean {
    return this.#state !== 'running';
  }

  /** For `before-quit`: holds the end back until everything is parked. */
  beforeQuit(event: { preventDefault: () => void }): void {
    if (this.#state === 'parked') return;
    event.preventDefault();
    if (this.#state === 'parking') return;
    this.#state = 'parking';
    void this.#park();
  }

  async #park(): Promise<void> {
    const { park, end, logger } = this.#options;
    try {
      await park();
    } catch (error) {
      logger.error('engine not parked', { error: String(error) });
    }
    this.#state = 'parked';
    end();
  }
}
