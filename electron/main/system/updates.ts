import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { Logger } from '../../engine/logging/logger.ts';
import type { Timers } from './timers.ts';

export type UpdateResult = 'ready' | 'none' | 'failed' | 'off';

export interface UpdatesOptions {
  readonly packaged: boolean;
  /** Where a package says where its updates come from (`app-update.yml`). */
  readonly resources: string;
  readonly timers: Timers;
  readonly logger: Logger;
  /** A new version was downloaded and is installed when the app quits. */
  readonly onReady: (version: string) => void;
}

const firstCheckMs = 60_000;
const betweenMs = 12 * 3_600_000;

/**
 * Looks for new versions, downloads them and has them installed when the app quits: never in the middle of
 * work. Off where the app runs from source or its package names no place for updates.
 */
export class Updates {
  readonly #options: UpdatesOptions;
  readonly #on: boolean;

  constructor(options: UpdatesOptions) {
    this.#options = options;
    this.#on = options.packaged && existsSync(join(options.resources, 'app-update.yml'));
  }

  start(): void {
    if (!this.#on) return;
    const { timers } = this.#options;
    const again = (): void => {
      void this.check();
      timers.after(betweenMs, again);
    };
    timers.after(firstCheckMs, again);
  }

  async check(): Promise<UpdateResult> {
    if (!this.#on) return 'off';
    const { logger, onReady } = this.#options;
    try {
      const { default: updater } = await import('electron-updater');
      const { autoUpdater } = updater;
      autoUpdater.logger = null;
      const found = await autoUpdater.checkForUpdates();
      if (found?.isUpdateAvailable !== true) return 'none';
      await found.downloadPromise;
      onReady(found.updateInfo.version);
      return 'ready';
    } catch (error) {
      logger.warn('no update check', { error: String(error) });
      return 'failed';
    }
  }
}
