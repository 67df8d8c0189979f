import type { FileSystem } from '../../ports/file-system.ts';
import { makeDirectories } from '../../ports/make-directories.ts';
import type { Random } from '../../ports/random.ts';
import { codeOf } from './file-failure.ts';
import { join } from './file-path.ts';

/** Where unfinished files stand, below the root; never listed. */
export const temporaryFolder = '.cloudroll/tmp/';

/**
 * Unfinished files of this session, in a folder of its own below `.cloudroll/tmp/`, on the same volume as
 * what they become.
 *
 * What an interrupted session left is removed by the next one of the same owner, of which only one runs at
 * a time. Another device's folder is removed only when its entries have not changed for a week by the
 * volume's own clock; should that device still be alive, its upload fails before it is published and is
 * done again, so a wrong clock costs time and never bytes.
 */
export class TemporaryFiles {
  readonly #fileSystem: FileSystem;
  readonly #random: Random;
  readonly #root: string;
  readonly #session: string;
  #ready: Promise<void> | undefined;

  constructor(fileSystem: FileSystem, random: Random, root: string, owner: string | undefined) {
    this.#fileSystem = fileSystem;
    this.#random = random;
    this.#root = root;
    this.#session = join(root, `${temporaryFolder}${owner ?? hexadecimal(random.bytes(8))}`);
  }

  /** A path for a new file, in a folder that exists. */
  async path(): Promise<string> {
    this.#ready ??= this.#prepare();
    try {
      await this.#ready;
    } catch (error) {
      this.#ready = undefined;
      throw error;
    }
    return join(this.#session, `${hexadecimal(this.#random.bytes(16))}.part`);
  }

  /** Says that the folder turned out to be gone, so that the next {@link path} makes it again. */
  forget(): void {
    this.#ready = undefined;
  }

  /** Removes an unfinished file, if it is there. */
  async discard(path: string): Promise<void> {
    // Nothing depends on it: what stays is invisible, and cleaned up by a later session.
    await this.#fileSystem.remove(path).catch(() => undefined);
  }

  /** Removes the session's folder and those above it that are empty. */
  async close(): Promise<void> {
    if (this.#ready === undefined) return;
    this.#ready = undefined;
    const folders = [
      this.#session,
      join(this.#root, '.cloudroll/tmp'),
      join(this.#root, '.cloudroll'),
    ];
    for (const folder of folders) {
      try {
        await this.#fileSystem.removeDirectory(folder);
      } catch {
        return;
      }
    }
  }

  async #prepare(): Promise<void> {
    await makeDirectories(this.#fileSystem, this.#session, this.#root);
    await this.#clean(this.#session);
    await this.#cleanAbandoned();
  }

  async #cleanAbandoned(): Promise<void> {
    const all = join(this.#root, '.cloudroll/tmp');
    try {
      const now = (await this.#fileSystem.stat(this.#session)).modifiedMs;
      const sessions = await this.#fileSystem.listDirectory(
        all,
        (entry) => entry.kind === 'directory',
      );
      for (const { name, stat } of sessions) {
        const folder = join(all, name);
        if (stat === null || folder === this.#session) continue;
        if (stat.kind !== 'directory' || now - stat.modifiedMs < abandonedMs) continue;
        await this.#clean(folder);
        await this.#fileSystem.removeDirectory(folder);
      }
    } catch {
      // Tidying may wait for another day; the upload at hand may not.
    }
  }

  async #clean(folder: string): Promise<void> {
    try {
      for (const entry of await this.#fileSystem.readDirectory(folder)) {
        if (entry.kind === 'file') await this.#fileSystem.remove(join(folder, entry.name));
      }
    } catch (error) {
      if (codeOf(error) === 'cancelled') throw error;
    }
  }
}

const abandonedMs = 7 * 24 * 60 * 60 * 1000;

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
