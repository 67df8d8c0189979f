import { failureOf, type Failure } from '../../../shared/domain/failure.ts';
import { ignoreReason } from '../../../shared/domain/ignore-rules.ts';
import type { DirectoryWatch, DirectoryWatcher } from '../ports/directory-watcher.ts';
import type { DirectoryEntry, FileSystem } from '../ports/file-system.ts';
import { below } from './roots.ts';

export interface WatchedTreePorts {
  readonly fileSystem: Pick<FileSystem, 'readDirectory' | 'stat'>;
  readonly watcher: DirectoryWatcher;
}

export interface WatchedTreeEvents {
  /** Something happened in a directory, to the entry `name` of it or (null) to any. */
  changed(directory: string, name: string | null, appearedOrGone: boolean): void;
  /** A directory cannot be watched and is looked at regularly instead. */
  polling(failure: Failure): void;
}

interface Watch {
  /** Null while it is being opened, and where the directory is polled. */
  handle: DirectoryWatch | null;
  /** Whether the directory cannot be watched. */
  polled: boolean;
  /** When a polled directory was modified, as of the last look. */
  modifiedMs: number | null;
}

const directoriesAtOnce = 16;

/**
 * The watches on one folder: one for each directory in it, or one for all where the system can. Nothing is
 * held for a file. Paths are relative to the folder.
 */
export class WatchedTree {
  readonly root: string;
  readonly #leaveOut: ReadonlySet<string>;
  readonly #ports: WatchedTreePorts;
  readonly #events: WatchedTreeEvents;
  readonly #watches = new Map<string, Watch>();
  #identity: string | null = null;
  #closed = false;

  constructor(
    root: string,
    leaveOut: readonly string[],
    ports: WatchedTreePorts,
    events: WatchedTreeEvents,
  ) {
    this.root = root;
    this.#leaveOut = new Set(leaveOut);
    this.#ports = ports;
    this.#events = events;
  }

  /** Watches the folder and all below it, if it is there. */
  async start(): Promise<void> {
    this.#identity = await this.#identityNow();
    if (this.#identity !== null) await this.#add('', false);
  }

  close(): void {
    this.#closed = true;
    this.#remove('');
  }

  /**
   * Finds out whether the folder came, went, or is another one than before: a drive was mounted or
   * unmounted, a folder put in its place. `renew` watches it anew even if it looks the same, because a
   * new folder may have got the old one's inode. Returns the directories to look at.
   */
  async checkRoot(renew: boolean): Promise<readonly string[]> {
    const identity = await this.#identityNow();
    if (identity === this.#identity && !renew) return [];
    this.#identity = identity;
    this.#remove('');
    return identity === null ? [''] : this.#add('', true);
  }

  /**
   * Follows directories that came, went or were replaced among these entries of a directory, or (null)
   * any. Returns those that came, and all below them: everything in them is new.
   */
  async reconcile(
    directory: string,
    names: ReadonlySet<string> | null,
  ): Promise<readonly string[]> {
    const present = await this.#subdirectories(directory);
    if (present === null) return [];
    const suspects =
      names === null
        ? this.#childrenOf(directory).filter((path) => !present.includes(path))
        : [...names].map((name) => join(directory, name));
    for (const path of suspects) if (this.#watches.has(path)) this.#remove(path);
    const appeared: string[] = [];
    for (const path of present) {
      if (names?.has(lastPart(path)) ?? !this.#watches.has(path)) {
        appeared.push(...(await this.#add(path, true)));
      }
    }
    return appeared;
  }

  /** Looks at the directories without a watch of their own. */
  async poll(): Promise<void> {
    for (const [path, watch] of [...this.#watches]) {
      if (!watch.polled) continue;
      const modifiedMs = await this.#modifiedMs(path);
      if (modifiedMs !== watch.modifiedMs) this.#events.changed(path, null, true);
      watch.modifiedMs = modifiedMs;
    }
  }

  /** Returns the directories that were added. */
  async #add(path: string, listAll: boolean): Promise<readonly string[]> {
    const added: string[] = [];
    let level: readonly string[] = [path];
    while (level.length > 0 && !this.#closed) {
      added.push(...level);
      const next: string[] = [];
      for (let start = 0; start < level.length; start += directoriesAtOnce) {
        const batch = level.slice(start, start + directoriesAtOnce);
        const found = await Promise.all(batch.map((each) => this.#addOne(each, listAll)));
        next.push(...found.flat());
      }
      level = next;
    }
    return added;
  }

  /** Watches first and lists afterwards, so that nothing can come unseen in between. */
  async #addOne(path: string, listAll: boolean): Promise<readonly string[]> {
    const covered = this.#ports.watcher.recursive && path !== '';
    if (!covered && !this.#watches.has(path) && !this.#closed) await this.#watch(path);
    if (this.#ports.watcher.recursive && !listAll) return [];
    return (await this.#subdirectories(path)) ?? [];
  }

  async #watch(path: string): Promise<void> {
    const watch: Watch = { handle: null, polled: false, modifiedMs: null };
    const isCurrent = (): boolean => this.#watches.get(path) === watch;
    this.#watches.set(path, watch);
    try {
      const handle = await this.#ports.watcher.watch(below(this.root, path), {
        changed: (entry, appearedOrGone) => {
          const { directory, name } = split(entry);
          if (!isCurrent() || this.#isLeftOut(directory)) return;
          this.#events.changed(join(path, directory), name, appearedOrGone);
        },
        failed: () => {
          if (!isCurrent()) return;
          watch.handle = null;
          watch.polled = true;
          this.#events.changed(path, null, true);
        },
      });
      if (isCurrent()) watch.handle = handle;
      else handle.close();
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code === 'bug') throw error;
      if (!isCurrent()) return;
      if (failure.code === 'notFound') {
        this.#watches.delete(path);
        return;
      }
      watch.polled = true;
      watch.modifiedMs = await this.#modifiedMs(path);
      this.#events.polling(failure);
    }
  }

  #remove(path: string): void {
    for (const [each, watch] of [...this.#watches]) {
      if (path !== '' && each !== path && !each.startsWith(`${path}/`)) continue;
      this.#watches.delete(each);
      watch.handle?.close();
    }
  }

  #childrenOf(directory: string): readonly string[] {
    return [...this.#watches.keys()].filter(
      (path) => path !== '' && split(path).directory === directory,
    );
  }

  /** Whether a watch of a whole tree speaks of a directory that is not looked into. */
  #isLeftOut(directory: string): boolean {
    if (directory === '') return false;
    const parts = directory.split('/');
    return parts.some(
      (part, index) =>
        ignoreReason(part, 'directory') !== null ||
        this.#leaveOut.has(parts.slice(0, index + 1).join('/')),
    );
  }

  /** Null where the directory cannot be listed, which says nothing of what is in it. */
  async #subdirectories(path: string): Promise<readonly string[] | null> {
    let entries: readonly DirectoryEntry[];
    try {
      entries = await this.#ports.fileSystem.readDirectory(below(this.root, path));
    } catch (error) {
      if (failureOf(error).code === 'bug') throw error;
      return null;
    }
    return entries
      .filter(({ name, kind }) => kind === 'directory' && ignoreReason(name, kind) === null)
      .map(({ name }) => join(path, name))
      .filter((child) => !this.#leaveOut.has(child));
  }

  async #identityNow(): Promise<string | null> {
    try {
      const stat = await this.#ports.fileSystem.stat(this.root);
      return stat.kind === 'directory' ? `${String(stat.device)}:${String(stat.inode)}` : null;
    } catch (error) {
      if (failureOf(error).code === 'bug') throw error;
      return null;
    }
  }

  async #modifiedMs(path: string): Promise<number | null> {
    try {
      return (await this.#ports.fileSystem.stat(below(this.root, path))).modifiedMs;
    } catch (error) {
      if (failureOf(error).code === 'bug') throw error;
      return null;
    }
  }
}

function join(directory: string, name: string): string {
  if (name === '') return directory;
  return directory === '' ? name : `${directory}/${name}`;
}

function split(path: string | null): { readonly directory: string; readonly name: string | null } {
  if (path === null) return { directory: '', name: null };
  const slash = path.lastIndexOf('/');
  return { directory: slash < 0 ? '' : path.slice(0, slash), name: path.slice(slash + 1) };
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
