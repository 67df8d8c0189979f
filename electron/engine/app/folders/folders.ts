import type { WatchedFolder } from '../../../../shared/contract/app/folders.ts';
import type { AppHandlers } from '../../../../shared/contract/app/methods.ts';
import { parseDestinationUrl } from '../../../../shared/domain/destination-url.ts';
import { fail, failureOf } from '../../../../shared/domain/failure.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { refuseDataOverlap } from '../../data-directory/overlap.ts';
import type { FileSystem } from '../../ports/file-system.ts';
import type { Random } from '../../ports/random.ts';
import { fromTypedPath } from '../../scan/raw-path.ts';
import { destinationFolders } from '../../scan/resolve-paths.ts';
import { relativeTo } from '../../scan/roots.ts';
import { refuseOverlap } from '../../sync/open-folders.ts';
import { leaveAloneBy } from './folder-rules.ts';
import { newId } from '../new-id.ts';
import type { SettingsStore } from '../settings/settings-store.ts';
import type { StoredFolder } from '../settings/stored-settings.ts';

export interface FoldersPorts {
  readonly store: SettingsStore;
  readonly catalog: Catalog;
  readonly fileSystem: FileSystem;
  readonly random: Random;
  readonly dataDirectory: string;
  /** How a folder stands now. */
  readonly describe: (id: string) => WatchedFolder | null;
  /** The folders, or their rules, have changed. */
  readonly onChange: (folder: StoredFolder, change: 'added' | 'updated' | 'removed') => void;
}

/** The folders that are kept backed up. */
export class Folders {
  readonly #ports: FoldersPorts;

  constructor(ports: FoldersPorts) {
    this.#ports = ports;
  }

  get handlers(): Pick<AppHandlers, 'folders.add' | 'folders.update' | 'folders.remove'> {
    return {
      'folders.add': async ({ path }) => this.#described((await this.add(path)).id),
      'folders.update': ({ id, exclude }) => Promise.resolve(this.#update(id, exclude)),
      'folders.remove': ({ id }) => {
        this.#remove(id);
        return Promise.resolve({});
      },
    };
  }

  /**
   * Watches a folder from now on; one that is watched already is simply returned.
   * @throws `invalid` for one inside another or inside a destination, `notFound`, `unreadable`
   */
  async add(given: string): Promise<StoredFolder> {
    const { store, catalog, random, onChange } = this.#ports;
    const path = await this.#resolve(given);
    const { folders } = store.get();
    const known = folders.find((folder) => folder.path === path);
    if (known !== undefined) return known;
    await this.#refuse(path);
    const folder: StoredFolder = { id: newId(random), path, exclude: [] };
    // Known to the catalogue from now on, so that a drive which is away is no mistake of the person.
    catalog.files.ensureRoot(path, nameOf(path), newId(random));
    store.change({ folders: [...store.get().folders, folder] });
    onChange(folder, 'added');
    return folder;
  }

  #update(id: string, exclude: readonly string[]): WatchedFolder {
    const { store, onChange } = this.#ports;
    const folder: StoredFolder = { ...this.#stored(id), exclude: [...exclude] };
    // Rules that cannot be understood fail here, before they are kept.
    leaveAloneBy(exclude)?.('x', 'file');
    store.change({ folders: store.get().folders.map((one) => (one.id === id ? folder : one)) });
    onChange(folder, 'updated');
    return this.#described(id);
  }

  #remove(id: string): void {
    const { store, onChange } = this.#ports;
    const folder = this.#stored(id);
    store.change({ folders: store.get().folders.filter((one) => one.id !== id) });
    onChange(folder, 'removed');
  }

  async #resolve(given: string): Promise<string> {
    const { fileSystem } = this.#ports;
    const typed = fromTypedPath(given);
    try {
      const path = await fileSystem.realPath(typed);
      if ((await fileSystem.stat(path)).kind === 'directory') {
        await fileSystem.readDirectory(path);
        return path;
      }
    } catch (error) {
      const { code, message } = failureOf(error);
      if (code === 'bug') throw error;
      if (code === 'notFound') {
        throw fail('notFound', `There is no folder ${given}.`, {
          hint: 'Choose another one, or connect the drive that holds it.',
        });
      }
      throw fail(code, `The folder ${given} cannot be read: ${message}`, {
        hint: 'Check that you may open it.',
      });
    }
    throw fail('invalid', `${given} is not a folder.`, { hint: 'Choose the folder it lies in.' });
  }

  async #refuse(path: string): Promise<void> {
    const { store, fileSystem, dataDirectory } = this.#ports;
    const { folders, destinations } = store.get();
    for (const other of folders) {
      if (relativeTo(other.path, path) !== null) {
        throw fail('invalid', `${path} lies in ${other.path}, which is backed up already.`, {
          hint: 'There is nothing to add.',
        });
      }
      if (relativeTo(path, other.path) !== null) {
        throw fail('invalid', `${other.path}, which is backed up already, lies in ${path}.`, {
          hint: `Remove ${other.path} from the folders first; nothing is uploaded twice.`,
        });
      }
    }
    const urls = destinations.map(({ url }) => parseDestinationUrl(url));
    refuseOverlap([path], await destinationFolders(urls, fileSystem));
    await refuseDataOverlap(dataDirectory, [path]);
  }

  #stored(id: string): StoredFolder {
    const folder = this.#ports.store.get().folders.find((one) => one.id === id);
    if (folder !== undefined) return folder;
    throw fail('notFound', 'This folder is not watched any more.');
  }

  #described(id: string): WatchedFolder {
    const folder = this.#ports.describe(id);
    if (folder !== null) return folder;
    throw fail('bug', 'A folder that was just kept is not there.');
  }
}

/** Last part of a path, for people. */
function nameOf(path: string): string {
  return path.split(/[/\\]/u).findLast((part) => part !== '') ?? path;
}
