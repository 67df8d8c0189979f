import type { FileSystem } from '../../ports/file-system.ts';

/**
 * Syncs directories for many at once: whoever asks while a sync is under way shares the next one, which
 * begins after it and so covers what each of them has done before asking.
 */
export class DirectorySyncs {
  readonly #fileSystem: FileSystem;
  readonly #running = new Map<string, Promise<void>>();
  readonly #next = new Map<string, Promise<void>>();

  constructor(fileSystem: FileSystem) {
    this.#fileSystem = fileSystem;
  }

  sync(path: string): Promise<void> {
    const shared = this.#next.get(path);
    if (shared !== undefined) return shared;
    const next = this.#afterRunning(path);
    this.#next.set(path, next);
    return next;
  }

  async #afterRunning(path: string): Promise<void> {
    await this.#running.get(path)?.catch(() => undefined);
    // Given free before it begins: what is done from now on is not covered by it.
    this.#next.delete(path);
    const running = this.#fileSystem.syncDirectory(path);
    this.#running.set(path, running);
    try {
      await running;
    } finally {
      if (this.#running.get(path) === running) this.#running.delete(path);
    }
  }
}
