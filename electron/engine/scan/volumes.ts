import { failureOf, type Failure } from '../../../shared/domain/failure.ts';
import { ignoreReason } from '../../../shared/domain/ignore-rules.ts';
import type { FileSystem } from '../ports/file-system.ts';
import { volumeIdentity } from './volume-identity.ts';

/**
 * Whether the folder that is there now is the folder that was there before, without a mark of our own in
 * it: a person's folder is never written to. A folder is known by its volume, its inode and a sample of
 * the names in it; any one of these may change in honest ways, all at once they do not.
 */
export interface RootIdentity {
  /** Lasting identity of the volume, null where the system gives none (see `volumeIdentity`). */
  readonly volume: string | null;
  /** Inode of the folder; 0 where the file system has none. */
  readonly inode: number;
  /** Some of the names in it, ignored ones left out; empty for an empty folder. */
  readonly sample: readonly string[];
}

/** A folder as it is now. */
export interface RootSighting {
  readonly volume: string | null;
  readonly inode: number;
  /** All names in it, ignored ones left out. */
  readonly names: readonly string[];
}

/**
 * `ok`: scan it, what is not there is absent. `missing`: not there or not readable.
 * `differentVolume`: another folder stands in its place, for instance the empty place where a drive is
 * mounted, or another drive under the same letter. `emptied`: the same folder, but nothing is left in it.
 * Unless it is `ok` the files below are "unknown" and a person decides.
 */
export type RootVerdict = 'ok' | 'missing' | 'differentVolume' | 'emptied';

const sampleSize = 64;

/** What to remember of a folder that was scanned. */
export function rememberRoot(seen: RootSighting): RootIdentity {
  return {
    volume: seen.volume,
    inode: seen.inode,
    sample: seen.names.toSorted().slice(0, sampleSize),
  };
}

/**
 * Compares a folder with what is remembered of it; `known` is null at its first scan. Pure.
 * A folder that was empty has nothing to lose: it is `ok` whenever it is there.
 */
export function judgeRoot(known: RootIdentity | null, seen: RootSighting | null): RootVerdict {
  if (seen === null) return 'missing';
  if (known === null || known.sample.length === 0) return 'ok';
  // A drive's copy on another drive, or a network drive that counts inodes anew, holds the same names.
  if (mostlyContains(seen.names, known.sample)) return 'ok';
  if (known.volume !== null && seen.volume !== null && known.volume !== seen.volume) {
    return 'differentVolume';
  }
  if (known.inode !== 0 && seen.inode !== 0 && known.inode !== seen.inode) {
    return 'differentVolume';
  }
  return seen.names.length === 0 ? 'emptied' : 'ok';
}

function mostlyContains(names: readonly string[], sample: readonly string[]): boolean {
  const present = new Set(names);
  const kept = sample.filter((name) => present.has(name)).length;
  return kept * 2 >= sample.length;
}

/** `ask`: a person confirms before the files are taken for absent. */
export type VanishVerdict = 'ok' | 'ask';

/** Fewer files than this may go without a question, unless they were all there were. */
const fewFiles = 50;
/** More than one in this many is a lot. */
const largeShare = 5;
/** So many are a lot in a library of any size. */
const manyFiles = 1000;
/** From so many on, losing every one is worth a question. */
const smallLibrary = 10;

/**
 * The brake: whether so many files vanished from a folder at once that it looks like an accident. Pure.
 *
 * @param knownCount files known in the folder before the scan.
 * @param vanishedCount those of them that were not found and did not merely move.
 */
export function judgeVanished(knownCount: number, vanishedCount: number): VanishVerdict {
  if (vanishedCount >= knownCount) return knownCount >= smallLibrary ? 'ask' : 'ok';
  if (vanishedCount > manyFiles) return 'ask';
  return vanishedCount > fewFiles && vanishedCount * largeShare > knownCount ? 'ask' : 'ok';
}

/**
 * Looks at a folder for {@link judgeRoot}; a failure says why it cannot be looked at. One sighting never mixes
 * two folders: when a drive comes or goes meanwhile, names of the one would stand beside the inode of the other.
 */
export async function lookAtRoot(
  path: string,
  fileSystem: FileSystem,
  platform: string,
): Promise<{ readonly seen: RootSighting } | { readonly failure: Failure }> {
  try {
    const before = await fileSystem.stat(await fileSystem.realPath(path));
    const entries = await fileSystem.readDirectory(path);
    const volume = await volumeIdentity(path, before.device, fileSystem, platform);
    const after = await fileSystem.stat(await fileSystem.realPath(path));
    if (before.inode !== after.inode || before.device !== after.device) {
      return { failure: exchanged(path) };
    }
    const names = entries
      .filter(({ name, kind }) => ignoreReason(name, kind === 'directory' ? kind : 'file') === null)
      .map(({ name }) => name);
    return { seen: { volume, inode: before.inode, names } };
  } catch (error) {
    const failure = failureOf(error);
    if (failure.code === 'bug' || failure.code === 'cancelled') throw error;
    return { failure };
  }
}

function exchanged(path: string): Failure {
  return {
    code: 'offline',
    message: `Another folder took the place of ${path} while it was looked at.`,
    hint: 'A drive was connected or removed just then; the next run looks again.',
  };
}
