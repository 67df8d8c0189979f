import { refusesPermission } from './file-failure.ts';
import type { FileSystem } from '../../ports/file-system.ts';
import { makeDirectories } from '../../ports/make-directories.ts';
import { parentOf } from './file-path.ts';

/**
 * Folders whose own entries, up to the root, survive a power loss.
 *
 * A folder that exists is not therefore durable: an earlier process may have died between making and
 * syncing it. So each is synced up to the root once per session, whoever made it.
 */
export class DurableFolders {
  readonly #fileSystem: FileSystem;
  readonly #root: string;
  readonly #known = new Map<string, Promise<void>>();
  #rootSync: Promise<void> | undefined;

  constructor(fileSystem: FileSystem, root: string) {
    this.#fileSystem = fileSystem;
    this.#root = root;
  }

  /** Whether the folder has been made, or is being made, in this session. */
  knows(folder: string): boolean {
    return this.#known.has(folder);
  }

  /** Makes the folder (below an existing root) where it is missing, and its way from the root durable. */
  async make(folder: string): Promise<void> {
    await this.#once(folder, async () => {
      await makeDirectories(this.#fileSystem, folder, this.#root);
      await this.#syncAbove(folder);
    });
  }

  /** Makes an existing folder's way from the root durable. */
  async keep(folder: string): Promise<void> {
    await this.#once(folder, () => this.#syncAbove(folder));
  }

  /** Says that the folder turned out to be gone. */
  forget(folder: string): void {
    this.#known.delete(folder);
  }

  async #once(folder: string, work: () => Promise<void>): Promise<void> {
    let pending = this.#known.get(folder);
    if (pending === undefined) {
      pending = work();
      this.#known.set(folder, pending);
    }
    try {
      await pending;
    } catch (error) {
      this.#known.delete(folder);
      throw error;
    }
  }

  async #syncAbove(folder: string): Promise<void> {
    let current = folder;
    while (current.length > this.#root.length) {
      current = parentOf(current);
      await this.#fileSystem.syncDirectory(current);
    }
    this.#rootSync ??= this.#syncRoot();
    try {
      await this.#rootSync;
    } catch (error) {
      this.#rootSync = undefined;
      throw error;
    }
  }

  /** Another device may have made the root a moment ago, and died before it made it durable. */
  async #syncRoot(): Promise<void> {
    try {
      await this.#fileSystem.syncDirectory(parentOf(this.#root));
    } catch (error) {
      // The folder above may be closed to us; then it was not we who were to make the root.
      if (!refusesPermission(error)) throw error;
    }
  }
}
