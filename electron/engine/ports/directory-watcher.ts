import type { Failure } from '../../../shared/domain/failure.ts';

export interface DirectoryWatcherEvents {
  /**
   * Something happened in the directory. `path` is the entry, relative to what is watched, or null where
   * the system does not say. `appearedOrGone` is false only where the entry's content or attributes
   * changed.
   */
  changed(path: string | null, appearedOrGone: boolean): void;
  /** The watch ended by itself; nothing more comes. */
  failed(failure: Failure): void;
}

export interface DirectoryWatch {
  close(): void;
}

/** Hints of the operating system that something changed; they may come late, twice or never. */
export interface DirectoryWatcher {
  /** Whether {@link watch} covers everything below a directory, with one handle. */
  readonly recursive: boolean;
  /**
   * Watches a directory: what happens once this has resolved gives a hint; hints may come before.
   * Rejects with a `CloudrollError`: `notFound`, `unreadable`, or `busy` where the system allows no
   * further watch.
   */
  watch(path: string, events: DirectoryWatcherEvents): Promise<DirectoryWatch>;
}
