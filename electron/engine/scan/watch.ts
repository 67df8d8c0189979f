import type { Failure } from '../../../shared/domain/failure.ts';
import { ignoreReason } from '../../../shared/domain/ignore-rules.ts';
import { candidateByName } from '../../../shared/domain/media-types.ts';
import { orCancelled } from '../destinations/cancellation.ts';
import type { Clock } from '../ports/clock.ts';
import { Wakeup } from '../flow/wakeup.ts';
import { nestedRoots } from './roots.ts';
import { WatchedTree, type WatchedTreePorts } from './watched-tree.ts';

export interface WatchPorts extends WatchedTreePorts {
  readonly clock: Clock;
}

export interface WatchListener {
  /** All directories are watched: a scan that starts now misses nothing. */
  ready(): void;
  /**
   * A directory should be listed again, that one alone: what is new below it has hints of its own. `root` is one
   * of the folders given, `directory` is relative to it, empty for the folder itself.
   */
  hint(root: string, directory: string): void;
  /** The system gives no watch for some directories; they are looked at regularly instead. Comes once a folder. */
  polling(root: string, failure: Failure): void;
}

export interface WatchOptions {
  /** Milliseconds without a change from the last one to the hints for all. */
  readonly hintAfterMs?: number;
  /** Longest time that changes which do not cease hold a hint back, milliseconds. */
  readonly hintAtLatestMs?: number;
  /** Milliseconds between looks at what cannot be watched, and at whether the folders are still there. */
  readonly pollEveryMs?: number;
}

/**
 * Watches folders until the signal aborts, then resolves. A change to a file, a new, renamed or deleted
 * file or directory gives a hint for the directory it is in.
 *
 * Hints may be late, double or missing (a queue of the system ran over, a network drive tells nothing,
 * a polled directory shows no change inside a file): the truth is a scan from time to time.
 *
 * @param roots absolute, resolved paths; a folder inside another is watched as a folder of its own.
 */
export async function watchFolders(
  roots: readonly string[],
  ports: WatchPorts,
  listener: WatchListener,
  signal: AbortSignal,
  options: WatchOptions = {},
): Promise<void> {
  const folders = roots.map(
    (root) => new WatchedFolder(root, nestedRoots(root, roots), ports, listener),
  );
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  try {
    for (const folder of folders) await orCancelled(folder.start(), signal);
    listener.ready();
    const afterMs = options.hintAfterMs ?? 250;
    await Promise.all(
      folders.flatMap((folder) => [
        folder.giveHints(afterMs, options.hintAtLatestMs ?? 4 * afterMs, either),
        folder.poll(options.pollEveryMs ?? 30_000, either),
      ]),
    );
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    ended.abort();
    for (const folder of folders) folder.close();
  }
}

/** Names of entries that came or went in a directory; null where any may have. */
type Touched = Set<string> | null;

class WatchedFolder {
  readonly #root: string;
  readonly #tree: WatchedTree;
  readonly #clock: Clock;
  readonly #listener: WatchListener;
  readonly #changes = new Wakeup();
  #pending = new Map<string, Touched>();
  #hintedVersion = 0;
  #changedAt = 0;
  #saidPolling = false;

  constructor(
    root: string,
    leaveOut: readonly string[],
    ports: WatchPorts,
    listener: WatchListener,
  ) {
    this.#root = root;
    this.#clock = ports.clock;
    this.#listener = listener;
    this.#tree = new WatchedTree(root, leaveOut, ports, {
      changed: (directory, name, appearedOrGone) => {
        if (name !== null && isOfNoInterest(name, appearedOrGone)) return;
        this.#note(directory, name, appearedOrGone);
      },
      polling: (failure) => {
        if (!this.#saidPolling) listener.polling(root, failure);
        this.#saidPolling = true;
      },
    });
  }

  start(): Promise<void> {
    return this.#tree.start();
  }

  close(): void {
    this.#tree.close();
  }

  async giveHints(afterMs: number, atLatestMs: number, signal: AbortSignal): Promise<never> {
    for (;;) {
      await this.#changes.after(this.#hintedVersion, signal);
      await this.#untilQuiet(afterMs, atLatestMs, signal);
      this.#hintedVersion = this.#changes.version;
      const changed = this.#pending;
      this.#pending = new Map();
      const directories = new Set(changed.keys());
      for (const [directory, names] of changed) {
        for (const appeared of await this.#follow(directory, names)) directories.add(appeared);
      }
      for (const directory of directories) this.#listener.hint(this.#root, directory);
    }
  }

  async poll(everyMs: number, signal: AbortSignal): Promise<never> {
    for (;;) {
      await this.#clock.sleep(everyMs, signal);
      for (const directory of await this.#tree.checkRoot(false)) this.#note(directory, '', false);
      await this.#tree.poll();
    }
  }

  /** Watches new directories before any hint is given, and returns them. */
  async #follow(directory: string, names: Touched): Promise<readonly string[]> {
    if (names?.size === 0) return [];
    // A directory tells its own end under its own name; for the folder itself nobody else does.
    const mayBeGone = directory === '' && names?.has(nameOf(this.#root)) === true;
    const appeared = mayBeGone ? await this.#tree.checkRoot(true) : [];
    return [...appeared, ...(await this.#tree.reconcile(directory, names))];
  }

  #note(directory: string, name: string | null, appearedOrGone: boolean): void {
    const touched = this.#pending.get(directory);
    if (name === null) this.#pending.set(directory, null);
    else if (touched === undefined) this.#pending.set(directory, new Set());
    if (name !== null && appearedOrGone) this.#pending.get(directory)?.add(name);
    this.#changedAt = this.#clock.monotonic();
    this.#changes.notify();
  }

  /** Until nothing has changed for so long, or something has waited for the longest time. */
  async #untilQuiet(afterMs: number, atLatestMs: number, signal: AbortSignal): Promise<void> {
    const latest = this.#clock.monotonic() + atLatestMs;
    for (;;) {
      const leftMs = Math.min(this.#changedAt + afterMs, latest) - this.#clock.monotonic();
      if (leftMs <= 0) return;
      await this.#clock.sleep(leftMs, signal);
    }
  }
}

/** What is ignored anyway, and changes inside files that are no photos. */
function isOfNoInterest(name: string, appearedOrGone: boolean): boolean {
  if (ignoreReason(name, 'file') !== null && ignoreReason(name, 'directory') !== null) return true;
  return !appearedOrGone && candidateByName(name) === 'other';
}

function nameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
