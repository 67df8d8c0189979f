import { resolve } from 'node:path';

import { failureOf } from '../../../../shared/domain/failure.ts';
import { ignoreReason } from '../../../../shared/domain/ignore-rules.ts';
import type { FileSystem } from '../../../engine/ports/file-system.ts';
import { fromTypedPath } from '../../../engine/scan/raw-path.ts';
import { resolveAsFarAsThere } from '../../../engine/scan/resolve-paths.ts';
import { relativeTo } from '../../../engine/scan/roots.ts';
import { CommandError } from '../command-error.ts';

/** A folder that a person gave, with every link resolved. */
export interface GivenFolder {
  readonly path: string;
  /** Whether nothing stands at that path now. */
  readonly missing: boolean;
}

/** The folders that were given, each once, whatever the spelling. A file in place of a folder is wrong usage. */
export async function resolveFolders(
  given: readonly string[],
  workingDirectory: string,
  fileSystem: FileSystem,
): Promise<GivenFolder[]> {
  const folders = new Map<string, GivenFolder>();
  for (const text of given) {
    const typed = fromTypedPath(resolve(workingDirectory, text));
    const folder = await resolveFolder(typed, fileSystem);
    folders.set(folder.path, folder);
  }
  return [...folders.values()];
}

/**
 * The data directory changes all the time, and its pictures would be taken for photos: neither may lie in the
 * other. Below something that a scan passes over (a hidden folder, the system's own) it does no harm.
 */
export function refuseDataOverlap(
  data: string,
  folders: readonly string[],
  destinations: readonly string[],
): void {
  const exposed = folders.filter((folder) => !isPassedOver(folder, data));
  const place = [...exposed, ...destinations].find((one) => relativeTo(one, data) !== null);
  if (place !== undefined) {
    throw new CommandError('invalid', 2, (texts) => texts.dataInside(data, place));
  }
  const inside = [...folders, ...destinations].find((one) => relativeTo(data, one) !== null);
  if (inside !== undefined) {
    throw new CommandError('invalid', 2, (texts) => texts.insideData(inside, data));
  }
}

/** Whether a scan of the folder does not come by `path`. */
function isPassedOver(folder: string, path: string): boolean {
  const parts = relativeTo(folder, path)?.split('/') ?? [];
  return parts.some((part) => part !== '' && ignoreReason(part, 'directory') !== null);
}

async function resolveFolder(typed: string, fileSystem: FileSystem): Promise<GivenFolder> {
  let path: string;
  try {
    path = await fileSystem.realPath(typed);
    const { kind } = await fileSystem.stat(path);
    if (kind === 'directory') return { path, missing: false };
  } catch (error) {
    // What cannot be looked at for another reason is left to the engine, which knows how to tell it.
    const missing = failureOf(error).code === 'notFound';
    return { path: await resolveAsFarAsThere(typed, fileSystem), missing };
  }
  throw new CommandError('invalid', 2, (texts) => texts.notAFolder(path));
}
