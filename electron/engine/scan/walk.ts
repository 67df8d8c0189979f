import { fail, failureOf, type Failure } from '../../../shared/domain/failure.ts';
import type { FileSystem } from '../ports/file-system.ts';
import {
  isCandidate,
  sortOut,
  unlessKnown,
  type DirectoryLooker,
  type LeaveAlone,
  type Look,
  type PassedOver,
  type UnchangedLook,
  type WalkedFile,
  type WalkNotice,
} from './look.ts';
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
  /**
   * The fingerprint of the files that are known to be in a directory, asked for right before it is looked
   * at; where they are still the same, the walk says just that.
   */
  readonly known?: (path: string) => string | null;
}

export interface WalkPorts {
  /** One that looks for itself is asked for that, where a person wants nothing left alone. */
  readonly fileSystem: Pick<FileSystem, 'listDirectory'> & Partial<DirectoryLooker>;
}

/**
 * `directory`: everything in one directory, at once: what is not in `files` or in an `unreadable` event
 * of its own is not there. `unreadable`: a directory or file of which nothing is known now; whatever was
 * known of it and of all below it stays as it was. `unchanged`: the files in a directory are those that were
 * known. Paths are relative to the folder that is walked, `/`-separated, empty for the folder itself.
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
      /** Of the files. */
      readonly fingerprint: string;
    }
  | {
      readonly type: 'unchanged';
      readonly path: string;
      /** How many there are. */
      readonly files: number;
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
  const visitor: Visitor = {
    root,
    leaveOut: new Set(options.leaveOut ?? []),
    leaveAlone: options.leaveAlone ?? null,
    known: options.known ?? (() => null),
    fileSystem: ports.fileSystem,
  };
  // Last in, first out: the deepest directories come first, which keeps the list of open ones short.
  const waiting = [...(options.only ?? [''])];
  const ready: (readonly WalkEvent[])[] = [];
  let listing = 0;
  let broken: { readonly error: unknown } | null = null;
  let wake = (): void => undefined;

  const start = (path: string): void => {
    listing += 1;
    visit(path, visitor)
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
          if (event.type !== 'unreadable' && options.only === undefined) {
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

interface Visitor extends WalkPorts {
  readonly root: string;
  readonly leaveOut: ReadonlySet<string>;
  readonly leaveAlone: LeaveAlone | null;
  readonly known: (path: string) => string | null;
}

async function visit(path: string, visitor: Visitor): Promise<readonly WalkEvent[]> {
  let look: Look | UnchangedLook;
  try {
    look = await lookAt(path, visitor);
  } catch (error) {
    const failure = failureOf(error);
    if (failure.code === 'bug') throw error;
    return [{ type: 'unreadable', path, kind: 'directory', failure }];
  }
  const { files, passedOver, notices, fingerprint } = look;
  const directories = look.directories.filter((name) => !visitor.leaveOut.has(join(path, name)));
  const unreadable = look.unreadable.map(({ name, failure }): WalkEvent => ({
    ...{ type: 'unreadable', path: join(path, name), kind: 'file', failure },
  }));
  const seen = { path, directories, passedOver, notices };
  return [
    ...unreadable,
    typeof files === 'number'
      ? { ...seen, type: 'unchanged', files }
      : { ...seen, type: 'directory', files, fingerprint },
  ];
}

async function lookAt(
  path: string,
  { root, leaveAlone, known, fileSystem }: Visitor,
): Promise<Look | UnchangedLook> {
  const whole = below(root, path);
  const fingerprint = known(path);
  if (leaveAlone === null && fileSystem.look !== undefined) {
    return fileSystem.look(whole, fingerprint);
  }
  const entries = await fileSystem.listDirectory(whole, isCandidate);
  const look = sortOut(
    entries,
    leaveAlone === null ? undefined : (name, kind) => leaveAlone(join(path, name), kind),
  );
  return unlessKnown(look, fingerprint);
}

function join(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}
