import { failureOf } from '../../../../shared/domain/failure.ts';
import { orCancelled } from '../cancellation.ts';
import type { DriveApi } from './drive-api.ts';
import { isFolder } from './drive-file.ts';
import type { FileIds } from './file-ids.ts';

/** Names from My Drive down; empty: My Drive itself. */
export type FolderPath = readonly string[];

/** Folders of one path, the oldest first: Drive allows several of one name. */
type Ids = readonly string[];

/** Google's name for My Drive. */
const myDrive = 'root';

/**
 * Folders by their paths. Two devices may make one folder at the same moment; then both look for files in both, and
 * put new ones into the older. Whatever is known is forgotten when it turns out to be wrong, see {@link forget}.
 */
export class DriveFolders {
  readonly #api: DriveApi;
  readonly #ids: FileIds;
  readonly #known = new Map<string, Ids>();
  readonly #underWay = new Map<string, Promise<Ids>>();
  /** Ids of folders whose creation may or may not have happened. */
  readonly #begun = new Map<string, string>();

  constructor(api: DriveApi, ids: FileIds) {
    this.#api = api;
    this.#ids = ids;
  }

  /** None where there is no such folder. */
  async find(path: FolderPath, signal: AbortSignal): Promise<Ids> {
    if (path.length === 0) return [myDrive];
    const known = this.#known.get(nameOf(path));
    if (known !== undefined) return known;
    return this.#together(`find ${nameOf(path)}`, signal, () => this.#lookUp(path, signal));
  }

  /** The folder, and those above it, are there afterwards; one is made by one upload while others wait. */
  async make(path: FolderPath, signal: AbortSignal): Promise<Ids> {
    const found = await this.find(path, signal);
    if (found.length > 0) return found;
    return this.#together(`make ${nameOf(path)}`, signal, () => this.#create(path, signal));
  }

  /** Somebody has moved or removed folders, or may have. */
  forget(): void {
    this.#known.clear();
  }

  async #lookUp(path: FolderPath, signal: AbortSignal): Promise<Ids> {
    const parents = await this.find(path.slice(0, -1), signal);
    try {
      return await this.#lookUpIn(parents, path, signal);
    } catch (error) {
      if (failureOf(error).code !== 'notFound') throw error;
      // A folder above is gone since it was found.
      this.forget();
      return this.#lookUpIn(await this.find(path.slice(0, -1), signal), path, signal);
    }
  }

  async #lookUpIn(parents: Ids, path: FolderPath, signal: AbortSignal): Promise<Ids> {
    const found = await this.#api.find(parents, path.at(-1) ?? '', signal);
    const ids = found.filter(isFolder).map(({ id }) => id);
    if (ids.length > 0) this.#known.set(nameOf(path), ids);
    return ids;
  }

  async #create(path: FolderPath, signal: AbortSignal): Promise<Ids> {
    const parents = await this.make(path.slice(0, -1), signal);
    const found = await this.#lookUp(path, signal);
    if (found.length > 0) return found;
    const name = nameOf(path);
    const id = this.#begun.get(name) ?? (await this.#ids.take(signal));
    this.#begun.set(name, id);
    try {
      await this.#api.createFolder(id, path.at(-1) ?? '', parents[0] ?? myDrive, signal);
    } catch (error) {
      const { code } = failureOf(error);
      if (code === 'notFound') this.forget();
      // What was begun before has happened after all.
      if (code !== 'conflict') throw error;
    }
    this.#begun.delete(name);
    // Another device may have been a moment earlier.
    const now = await this.#lookUp(path, signal);
    if (now.length > 0) return now;
    this.#known.set(name, [id]);
    return [id];
  }

  /** The same work for all who want it at once; one that was cancelled is begun again by the others. */
  async #together(what: string, signal: AbortSignal, work: () => Promise<Ids>): Promise<Ids> {
    for (;;) {
      const others = this.#underWay.get(what);
      const pending = others ?? work();
      if (others === undefined) {
        this.#underWay.set(what, pending);
        const done = (): void => {
          this.#underWay.delete(what);
        };
        pending.then(done, done);
      }
      try {
        return await orCancelled(pending, signal);
      } catch (error) {
        const theirs = others !== undefined && failureOf(error).code === 'cancelled';
        if (!theirs || signal.aborted) throw error;
      }
    }
  }
}

function nameOf(path: FolderPath): string {
  return path.join('/');
}
