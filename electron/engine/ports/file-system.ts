import type { Failure } from '../../../shared/domain/failure.ts';

export type EntryKind = 'file' | 'directory' | 'symlink' | 'other';

/** What one `lstat` says; links are never followed. */
export interface FileStat {
  readonly kind: EntryKind;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970, with the fraction the file system gives. */
  readonly modifiedMs: number;
  /** Milliseconds since 1970; null where the file system does not keep it (a 0 is none). */
  readonly bornMs: number | null;
  /** Identity of the file on its volume; 0 where the file system has none. */
  readonly inode: number;
  /** Identity of the volume while it is mounted. */
  readonly device: number;
  /** True for a cloud placeholder whose bytes are not on this computer: reading it would download it. */
  readonly placeholder: boolean;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: EntryKind;
}

/**
 * A directory entry with its stat, which is null where it was not wanted or could not be read; in the
 * latter case `failure` says why.
 */
export interface ListedEntry extends DirectoryEntry {
  readonly stat: FileStat | null;
  readonly failure?: Failure;
}

/**
 * The file system behind a port, so that a simulation can lose unsynced writes, fail any call and
 * interleave changes. Errors are `CloudrollError`s: `notFound` (ENOENT, ENOTDIR), `conflict` (EEXIST),
 * `unreadable` (EACCES, EPERM, EIO, ELOOP …), `diskFull` (ENOSPC, EDQUOT), `readOnly` (EROFS), `invalid` (ENAMETOOLONG, EILSEQ).
 *
 * A path is a string; bytes of a name that are not UTF-8 are carried reversibly (see `scan/raw-path.ts`).
 */
export interface FileSystem {
  /** `lstat`. */
  stat(path: string): Promise<FileStat>;
  /** Names in a directory, in no particular order. */
  readDirectory(path: string): Promise<readonly DirectoryEntry[]>;
  /**
   * Names in a directory with a stat for each entry that `wanted` accepts, in one batch. An entry that
   * is gone by the time of its stat is left out.
   */
  listDirectory(
    path: string,
    wanted: (entry: DirectoryEntry) => boolean,
  ): Promise<readonly ListedEntry[]>;
  /** Whole content of a small file. `maxBytes` guards against surprises: larger is `invalid`. */
  readFile(path: string, maxBytes: number): Promise<Uint8Array>;
  /** Bytes from `start` (inclusive) to `end` (exclusive; default: the end of the file), in chunks. */
  read(path: string, signal: AbortSignal, start?: number, end?: number): AsyncIterable<Uint8Array>;
  /** Reads from `start` until `target` is full or the file ends, and gives how many bytes came. */
  readInto(path: string, target: Uint8Array, start: number, signal: AbortSignal): Promise<number>;
  /** Creates a file that must not exist yet; the caller closes what it gets. */
  create(path: string): Promise<WritableFile>;
  /** Copies the bytes into a file that must not exist yet, by the kernel where it can; not synced. */
  copy(from: string, to: string, signal: AbortSignal): Promise<void>;
  /** Makes a file's bytes durable (fsync). */
  sync(path: string): Promise<void>;
  /** Makes a directory's entries durable; a no-op where the platform has no such call. */
  syncDirectory(path: string): Promise<void>;
  /**
   * Publishes `from` under the name `to`, which must not exist (`conflict`), atomically; `from` is gone
   * afterwards. Hard link and unlink, or an exclusive rename; never a rename that replaces.
   *
   * After a crash in the middle either both names hold the file (publishing again succeeds), or, where
   * the file system has no hard links, `to` may be empty and `from` whole: the caller, who knows how
   * many bytes belong there, removes that empty file and publishes again.
   */
  publish(from: string, to: string): Promise<void>;
  /** Replaces `to` atomically by `from`. Only for the app's own files. */
  replace(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Removes a directory if it is empty; otherwise `conflict`. */
  removeDirectory(path: string): Promise<void>;
  /** Makes a directory in one that exists (`notFound` otherwise); one that is there already is fine. */
  makeDirectory(path: string): Promise<void>;
  setModified(path: string, modifiedMs: number): Promise<void>;
  /** The path with every link resolved. */
  realPath(path: string): Promise<string>;
  /** How full the volume is that holds `path`. */
  space(path: string): Promise<VolumeSpace>;
}

/** Space of a volume, bytes; what is kept for the system alone is in neither. */
export interface VolumeSpace {
  readonly used: number;
  /** For this user. */
  readonly free: number;
}

/** A file being written, from its start to its end. */
export interface WritableFile {
  write(bytes: Uint8Array): Promise<void>;
  /** Makes the bytes durable (fsync). */
  sync(): Promise<void>;
  close(): Promise<void>;
}
