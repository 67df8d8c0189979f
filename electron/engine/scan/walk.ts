import { fail, failureOf, type Failure } from '../../../shared/domain/failure.ts';
import { ignoreReason, type IgnoreReason } from '../../../shared/domain/ignore-rules.ts';
import { candidateByName, type Candidate } from '../../../shared/domain/media-types.ts';
import type { DirectoryEntry, FileStat, FileSystem, ListedEntry } from '../ports/file-system.ts';
import { below } from './roots.ts';

export interface WalkOptions {
  /**
   * Folders below this one that are walked on their own, relative to it (see `nestedRoots`): they are
   * left out here.
   */
  readonly leaveOut?: readonly string[];
  /** What a person wants left alone below the folder; asked with the path relative to it. */
  readonly leaveAlone?: LeaveAlone;
  /** Lists just these directories and goes into none of theirs; default: the folder and all below it. */
  readonly only?: readonly string[];
  /** Directories that are listed at once: on a cold disk this is what makes a walk fast. */
  readonly directoriesAtOnce?: number;
}

/** Whether a file or directory below a folder is to be left alone; a directory with all that is in it. */
export type LeaveAlone = (path: string, kind: 'file' | 'directory') => boolean;

export interface WalkPorts {
  readonly fileSystem: Pick<FileSystem, 'listDirectory'>;
}

/** A file that may be a photo, a video or a sidecar. */
export interface WalkedFile {
  readonly name: string;
  readonly stat: FileStat;
  readonly candidate: Exclude<Candidate, 'other'>;
}

/**
 * How many entries of a directory were passed over, by reason. `other`: files that are no photo, video or
 * sidecar by their name. `symlink`: never followed. `special`: pipes, sockets and devices.
 */
export type PassedOver = Readonly<Record<IgnoreReason | 'other' | 'symlink' | 'special', number>>;

/** Something passed over that a person should hear of. */
export interface WalkNotice {
  readonly name: string;
  readonly reason: 'library' | 'package' | 'offloaded';
}

/**
 * `directory`: everything in one directory, at once: what is not in `files` or in an `unreadable` event
 * of its own is not there. `unreadable`: a directory or file of which nothing is known now; whatever was
 * known of it and of all below it stays as it was. Paths are relative to the folder that is walked, `/`-separated,
 * empty for the folder itself.
 */
export type WalkEvent =
  | {
      readonly type: 'directory';
      readonly path: string;
      readonly files: readonly WalkedFile[];
      /** Names of the directories in it that the walk goes into. */
      readonly directories: readonly string[];
      readonly passedOver: PassedOver;
      readonly notices: readonly WalkNotice[];
    }
  | {
      readonly type: 'unreadable';
      readonly path: string;
      readonly kind: 'directory' | 'file';
      readonly failure: Failure;
    };

/**
 * Walks a folder: every directory is listed once, many at a time, and reported as soon as it is listed, in
 * no particular order. Nothing is followed, opened or changed.
 *
 * At most `directoriesAtOnce` directories are in memory, whatever the size of the tree; a consumer that
 * is slow holds the walk up. Rejects with `cancelled` when the signal aborts; what cannot be read is an
 * event and never ends the walk.
 */
export async function* walk(
  root: string,
  options: WalkOptions,
  ports: WalkPorts,
  signal: AbortSignal,
): AsyncGenerator<WalkEvent, void> {
  const atOnce = options.directoriesAtOnce ?? 64;
  const leaveOut = new Set(options.leaveOut ?? []);
  const leaveAlone: LeaveAlone = (path, kind) =>
    (kind === 'directory' && leaveOut.has(path)) || (options.leaveAlone?.(path, kind) ?? false);
  // Last in, first out: the deepest directories come first, which keeps the list of open ones short.
  const waiting = [...(options.only ?? [''])];
  const ready: (readonly WalkEvent[])[] = [];
  let listing = 0;
  let broken: { readonly error: unknown } | null = null;
  let wake = (): void => undefined;

  const start = (path: string): void => {
    listing += 1;
    visit(root, path, leaveAlone, ports.fileSystem)
      .then(
        (events) => ready.push(events),
        (error: unknown) => (broken = { error }),
      )
      .finally(() => {
        listing -= 1;
        wake();
      });
  };
  const abort = (): void => {
    wake();
  };
  signal.addEventListener('abort', abort);
  try {
    for (;;) {
      throwIfOver(signal, broken);
      while (listing + ready.length < atOnce) {
        const path = waiting.pop();
        if (path === undefined) break;
        start(path);
      }
      const events = ready.shift();
      if (events !== undefined) {
        for (const event of events) {
          if (event.type === 'directory' && options.only === undefined) {
            for (const name of event.directories) waiting.push(join(event.path, name));
          }
          yield event;
          throwIfOver(signal, broken);
        }
      } else if (listing > 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      } else {
        return;
      }
    }
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function throwIfOver(signal: AbortSignal, broken: { readonly error: unknown } | null): void {
  if (signal.aborted) throw fail('cancelled', 'The scan was cancelled.');
  if (broken !== null) throw broken.error;
}

async function visit(
  root: string,
  path: string,
  leaveAlone: LeaveAlone,
  fileSystem: WalkPorts['fileSystem'],
): Promise<readonly WalkEvent[]> {
  let entries: readonly ListedEntry[];
  try {
    entries = await fileSystem.listDirectory(below(root, path), isCandidate);
  } catch (error) {
    const failure = failureOf(error);
    if (failure.code === 'bug') throw error;
    return [{ type: 'unreadable', path, kind: 'directory', failure }];
  }
  return sortOut(path, entries, leaveAlone);
}

/** Only files that may matter cost a stat. */
function isCandidate(entry: DirectoryEntry): boolean {
  return (
    entry.kind === 'file' &&
    candidateByName(entry.name) !== 'other' &&
    ignoreReason(entry.name, 'file') === null
  );
}

function sortOut(
  path: string,
  entries: readonly ListedEntry[],
  leaveAlone: LeaveAlone,
): readonly WalkEvent[] {
  const files: WalkedFile[] = [];
  const directories: string[] = [];
  const notices: WalkNotice[] = [];
  const unreadable: WalkEvent[] = [];
  const passedOver = noneCounted();
  for (const entry of entries) {
    const { name, kind } = entry;
    if (kind === 'symlink' || kind === 'other') {
      passedOver[kind === 'symlink' ? 'symlink' : 'special'] += 1;
      continue;
    }
    const reason = ignoreReason(name, kind);
    if (reason !== null) {
      passedOver[reason] += 1;
      if (reason === 'library' || reason === 'package' || reason === 'offloaded') {
        notices.push({ name, reason });
      }
      continue;
    }
    if (leaveAlone(join(path, name), kind)) continue;
    if (kind === 'directory') {
      directories.push(name);
      continue;
    }
    const candidate = candidateByName(name);
    if (entry.failure !== undefined) {
      unreadable.push({
        type: 'unreadable',
        path: join(path, name),
        kind: 'file',
        failure: entry.failure,
      });
    } else if (candidate === 'other' || entry.stat === null) {
      passedOver.other += 1;
    } else {
      files.push({ name, stat: entry.stat, candidate });
    }
  }
  return [
    ...unreadable,
    {
      type: 'directory',
      path,
      files,
      directories,
      passedOver,
      notices,
    } satisfies WalkEvent,
  ];
}

function noneCounted(): Record<keyof PassedOver, number> {
  return {
    hidden: 0,
    junk: 0,
    partial: 0,
    package: 0,
    library: 0,
    offloaded: 0,
    other: 0,
    symlink: 0,
    special: 0,
  };
}

function join(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}
