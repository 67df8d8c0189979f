import { z } from 'zod';

import { fail, type Failure } from '../../../shared/domain/failure.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Root } from '../catalog/files.ts';
import type { FileSystem } from '../ports/file-system.ts';
import type { Random } from '../ports/random.ts';
import { nestedRoots, relativeTo } from '../scan/roots.ts';
import {
  judgeRoot,
  lookAtRoot,
  rememberRoot,
  type RootIdentity,
  type RootSighting,
} from '../scan/volumes.ts';

/** Why what a folder shows is not believed. */
export interface FolderDoubt {
  readonly failure: Failure;
  /** The question for a person, where one can settle it. */
  readonly asks: 'vanished' | 'emptiedFolder' | 'otherDrive' | null;
}

/** A folder that takes part in a run. */
export interface OpenFolder {
  readonly root: Root;
  /** Folders below it that take part on their own. */
  readonly leaveOut: readonly string[];
  /** Null: the folder is there and may be scanned. Otherwise nothing is known of its files now. */
  readonly doubt: FolderDoubt | null;
  readonly seen: RootSighting | null;
}

const identitySchema = z.object({
  volume: z.string().nullable(),
  inode: z.number(),
  sample: z.array(z.string()),
});

/**
 * The folders of a run, as they are now. A folder that was never seen must be there; one that is known and
 * away (an unplugged drive) is reported, and its files keep what is known of them.
 * @throws `notFound` or `unreadable` for an unknown folder that cannot be looked at
 */
export async function openFolders(
  paths: readonly string[],
  ports: { catalog: Catalog; fileSystem: FileSystem; random: Random; platform: string },
): Promise<OpenFolder[]> {
  const { catalog, fileSystem, random, platform } = ports;
  const known = new Map(catalog.files.roots().map((root) => [root.path, root]));
  const folders: OpenFolder[] = [];
  for (const path of [...new Set(paths)]) {
    const before = known.get(path);
    const look = await lookAtRoot(path, fileSystem, platform);
    if (before === undefined && 'failure' in look) throw folderFailure(path, look.failure);
    const uid = Buffer.from(random.bytes(8)).toString('hex');
    const root = before ?? catalog.files.ensureRoot(path, nameOf(path), uid);
    const seen = 'seen' in look ? look.seen : null;
    const remembered = identityOf(root);
    const doubt = doubtOf(root, seen, remembered) ?? doubtOfEmpty(root, seen, catalog);
    // At once: should the first scan be cut off, what it found must not depend on what stands here then.
    if (doubt === null && remembered === null && seen !== null) remember(root, seen, catalog);
    folders.push({ root, leaveOut: nestedRoots(path, paths), seen, doubt });
  }
  return folders;
}

/** Whether the folder is still the one that the scan began with: a drive may go away in the middle. */
export async function lookAgain(
  folder: OpenFolder,
  ports: { fileSystem: FileSystem },
  platform: string,
): Promise<FolderDoubt | null> {
  const look = await lookAtRoot(folder.root.path, ports.fileSystem, platform);
  const seen = 'seen' in look ? look.seen : null;
  if (folder.seen === null) return doubtOf(folder.root, seen, null);
  return doubtOf(folder.root, seen, rememberRoot(folder.seen));
}

/** Remembers the folder as it was seen, once a scan has been through it. */
export function rememberFolder(folder: OpenFolder, catalog: Catalog): void {
  if (folder.seen !== null) remember(folder.root, folder.seen, catalog);
}

function remember(root: Root, seen: RootSighting, catalog: Catalog): void {
  const identity = JSON.stringify(rememberRoot(seen));
  if (identity !== root.identity) catalog.files.rememberIdentity(root.id, identity);
}

/**
 * A destination folder must not lie in a folder that is backed up, nor the other way round: the backup
 * would back up itself.
 * @throws `invalid`
 */
export function refuseOverlap(folders: readonly string[], destinations: readonly string[]): void {
  for (const destination of destinations) {
    for (const folder of folders) {
      if (relativeTo(folder, destination) !== null) {
        throw fail(
          'invalid',
          `The destination ${destination} lies in ${folder}, which is to be backed up.`,
          {
            hint: 'Choose a destination outside the folders, best on another drive.',
          },
        );
      }
      if (relativeTo(destination, folder) !== null) {
        throw fail('invalid', `The folder ${folder} lies in the destination ${destination}.`, {
          hint: 'Choose a destination outside the folders, best on another drive.',
        });
      }
    }
  }
}

/** An empty folder of which files are known although it was empty, too, when it was last looked at as a whole. */
function doubtOfEmpty(root: Root, seen: RootSighting | null, catalog: Catalog): FolderDoubt | null {
  if (seen?.names.length !== 0 || catalog.files.countPresent(root.id) === 0) return null;
  return doubtOf(root, seen, { volume: null, inode: 0, sample: [root.name] });
}

function doubtOf(
  root: Root,
  seen: RootSighting | null,
  known: RootIdentity | null,
): FolderDoubt | null {
  const verdict = judgeRoot(known, seen);
  const kept = 'Everything that was backed up from it stays backed up.';
  switch (verdict) {
    case 'ok':
      return null;
    case 'missing':
      return {
        asks: null,
        failure: {
          code: 'offline',
          message: `The folder ${root.path} is not there at the moment.`,
          hint: `Connect the drive that holds it. ${kept}`,
        },
      };
    case 'differentVolume':
      return {
        asks: 'otherDrive',
        failure: {
          code: 'offline',
          message: `Another folder stands where ${root.path} was.`,
          hint: `Connect the drive that holds it. ${kept} If you moved the photos, run again with --accept-changes.`,
        },
      };
    case 'emptied':
      return {
        asks: 'emptiedFolder',
        failure: {
          code: 'offline',
          message: `The folder ${root.path} is empty, although it held photos before.`,
          hint: `${kept} If you emptied it on purpose, run again with --accept-changes.`,
        },
      };
  }
}

/** What was remembered; a memory that cannot be read counts as none. */
function identityOf(root: Root): RootIdentity | null {
  if (root.identity === null) return null;
  const parsed = identitySchema.safeParse(JSON.parse(root.identity));
  return parsed.success ? parsed.data : null;
}

function folderFailure(path: string, failure: Failure): Error {
  if (failure.code === 'notFound') {
    return fail('notFound', `There is no folder ${path}.`, {
      hint: 'Check the path, or connect the drive that holds it.',
    });
  }
  return fail(failure.code, `The folder ${path} cannot be read: ${failure.message}`, {
    hint: 'Check that you may open it.',
  });
}

/** Last part of a path, for people and for restoring. */
function nameOf(path: string): string {
  return path.split(/[/\\]/u).findLast((part) => part !== '') ?? path;
}
