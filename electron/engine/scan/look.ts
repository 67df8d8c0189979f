import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';

import type { Failure } from '../../../shared/domain/failure.ts';
import { ignoreReason, type IgnoreReason } from '../../../shared/domain/ignore-rules.ts';
import { candidateByName, type Candidate } from '../../../shared/domain/media-types.ts';
import { sidecarOwners } from '../../../shared/domain/sidecars.ts';
import type { DirectoryEntry, FileStat, ListedEntry } from '../ports/file-system.ts';

/** Whether a file or directory below a folder is to be left alone; a directory with all that is in it. */
export type LeaveAlone = (path: string, kind: 'file' | 'directory') => boolean;

/** A file that may be a photo, a video or a sidecar. */
export interface WalkedFile {
  readonly name: string;
  readonly stat: FileStat;
  readonly candidate: Exclude<Candidate, 'other'>;
  /** For a sidecar: the name of the file that it describes, in the same directory. */
  readonly describes: string | null;
}

/**
 * How many entries of a directory were passed over, by reason. `other`: files that are no photo, video or
 * sidecar by their name, and JSON that describes no photo. `symlink`: never followed. `special`: pipes,
 * sockets and devices.
 */
export type PassedOver = Readonly<Record<IgnoreReason | 'other' | 'symlink' | 'special', number>>;

/** Something passed over that a person should hear of. */
export interface WalkNotice {
  readonly name: string;
  readonly reason: 'library' | 'package' | 'offloaded';
}

/** A file of which nothing is known now. */
export interface UnreadableFile {
  readonly name: string;
  readonly failure: Failure;
}

/** What a scan makes of the entries of a directory. */
export interface Surroundings {
  /** Names of the directories in it that a walk goes into. */
  readonly directories: readonly string[];
  readonly passedOver: PassedOver;
  readonly notices: readonly WalkNotice[];
  readonly unreadable: readonly UnreadableFile[];
  /** See {@link fingerprintOf}. */
  readonly fingerprint: string;
}

export interface Look extends Surroundings {
  readonly files: readonly WalkedFile[];
}

/** A look at a directory that shows the very files that the asker knows. */
export interface UnchangedLook extends Surroundings {
  readonly files: number;
}

/** Looks at directories for a walk: lists one, stats what matters and sorts it out, where that is cheapest. */
export interface DirectoryLooker {
  /**
   * @param known the fingerprint of the files that the asker knows to be there
   * @throws as `FileSystem.listDirectory`
   */
  look(path: string, known: string | null): Promise<Look | UnchangedLook>;
}

/** Only files that may matter cost a stat. */
export function isCandidate(entry: DirectoryEntry): boolean {
  return (
    entry.kind === 'file' &&
    candidateByName(entry.name) !== 'other' &&
    ignoreReason(entry.name, 'file') === null
  );
}

/** Sorts the entries of a directory out, by their names and kinds and the stats of {@link isCandidate}. */
export function sortOut(
  entries: readonly ListedEntry[],
  leaveAlone: (name: string, kind: 'file' | 'directory') => boolean = () => false,
): Look {
  const found: WalkedFile[] = [];
  const directories: string[] = [];
  const notices: WalkNotice[] = [];
  const unreadable: UnreadableFile[] = [];
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
    if (leaveAlone(name, kind)) continue;
    if (kind === 'directory') {
      directories.push(name);
      continue;
    }
    const candidate = candidateByName(name);
    if (entry.failure !== undefined) unreadable.push({ name, failure: entry.failure });
    else if (candidate === 'other' || entry.stat === null) passedOver.other += 1;
    else found.push({ name, stat: entry.stat, candidate, describes: null });
  }
  const files = withOwners(found);
  passedOver.other += found.length - files.length;
  return {
    files,
    directories,
    passedOver,
    notices,
    unreadable,
    fingerprint: fingerprintOf(files),
  };
}

/** The same look without the files, where they are those that the asker knows. */
export function unlessKnown(look: Look, known: string | null): Look | UnchangedLook {
  return look.fingerprint === known ? { ...look, files: look.files.length } : look;
}

/**
 * Stands for the names of files, what they are taken for and what one stat says of each: two looks with the
 * same fingerprint mean the same. Of a stat only what tells a change; the number of the volume does not.
 */
function fingerprintOf(files: readonly WalkedFile[]): string {
  const words: string[] = [];
  const numbers = new Float64Array(files.length * 4);
  let at = 0;
  for (const { name, stat, candidate, describes } of files) {
    // No name is empty or holds a slash, so that nothing else can read like this.
    if (candidate !== 'media') words.push('', candidate, describes ?? '');
    words.push(name);
    numbers[at] = stat.size;
    numbers[at + 1] = stat.modifiedMs;
    numbers[at + 2] = stat.bornMs ?? Number.NaN;
    numbers[at + 3] = stat.inode;
    at += 4;
  }
  const text = Buffer.from(`${words.join('/')}/`);
  return hash('sha256', Buffer.concat([text, new Uint8Array(numbers.buffer)]), 'base64url');
}

/** A JSON that belongs to no photo is just another file. */
function withOwners(found: readonly WalkedFile[]): readonly WalkedFile[] {
  if (!found.some(({ candidate }) => candidate === 'sidecar')) return found;
  const owners = sidecarOwners(found.map(({ name }) => name));
  return found
    .map((file) => ({ ...file, describes: owners.get(file.name) ?? null }))
    .filter(
      ({ name, candidate, describes }) =>
        candidate !== 'sidecar' || describes !== null || !/\.json$/iu.test(name),
    );
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
