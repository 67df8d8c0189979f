import type { FileStat, FileSystem, ListedEntry } from '../../ports/file-system.ts';
import { throwIfCancelled } from '../cancellation.ts';
import type { ObjectInfo } from '../contract.ts';
import { codeOf } from './file-failure.ts';
import { isVolumeFolder, join } from './file-path.ts';
import { temporaryFolder } from './temporary-files.ts';

/**
 * Every file below `root` whose key starts with `prefix`, one folder at a time. Links and special files are
 * no objects. A folder that disappears meanwhile holds nothing; one that cannot be read ends the listing
 * with its failure, so that unreadable never looks like gone.
 */
export async function* listObjects(
  fileSystem: FileSystem,
  root: string,
  prefix: string,
  signal: AbortSignal,
): AsyncGenerator<ObjectInfo> {
  const start = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  const pending = [start];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    throwIfCancelled(signal);
    for (const entry of await entriesOf(fileSystem, root, folder)) {
      const key = `${folder}${entry.name.normalize('NFC')}`;
      if (entry.kind === 'directory') {
        if (isWanted(`${key}/`, prefix)) pending.push(`${key}/`);
      } else if (entry.kind === 'file' && key.startsWith(prefix)) {
        throwIfCancelled(signal);
        const stat = entry.stat ?? (await fileSystem.stat(join(root, `${folder}${entry.name}`)));
        if (stat.kind === 'file') yield infoOf(key, stat);
      }
    }
  }
}

/** A file as an object. It has no hash: what a file system keeps says nothing of the bytes. */
export function infoOf(key: string, stat: FileStat): ObjectInfo {
  const tag = `${String(stat.size)}-${String(Math.floor(stat.modifiedMs))}`;
  return { key, bytes: stat.size, modifiedMs: stat.modifiedMs, hashes: {}, tag };
}

function isWanted(folder: string, prefix: string): boolean {
  if (folder === temporaryFolder || isVolumeFolder(folder.slice(0, -1))) return false;
  return folder.startsWith(prefix) || prefix.startsWith(folder);
}

async function entriesOf(
  fileSystem: FileSystem,
  root: string,
  folder: string,
): Promise<readonly ListedEntry[]> {
  try {
    const path = join(root, folder.slice(0, -1));
    return await fileSystem.listDirectory(path, (entry) => entry.kind === 'file');
  } catch (error) {
    if (folder !== '' && codeOf(error) === 'notFound') return [];
    throw error;
  }
}
