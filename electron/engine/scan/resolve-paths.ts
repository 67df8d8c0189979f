import { dirname, join } from 'node:path';

import type { DestinationUrl } from '../../../shared/domain/destination-url.ts';
import { failureOf } from '../../../shared/domain/failure.ts';
import type { FileSystem } from '../ports/file-system.ts';
import { relativeTo } from './roots.ts';

/** The path with every link of the part that exists resolved. */
export async function resolveAsFarAsThere(path: string, fileSystem: FileSystem): Promise<string> {
  try {
    return await fileSystem.realPath(path);
  } catch (error) {
    const parent = dirname(path);
    if (failureOf(error).code !== 'notFound' || parent === path) return path;
    return join(await resolveAsFarAsThere(parent, fileSystem), path.slice(parent.length));
  }
}

/** Paths of the destinations that are folders of this computer. */
export async function destinationFolders(
  urls: readonly DestinationUrl[],
  fileSystem: FileSystem,
): Promise<string[]> {
  const local = urls.filter(({ scheme }) => scheme === 'file');
  return Promise.all(local.map(({ path }) => resolveAsFarAsThere(path, fileSystem)));
}

/** Folders of which one lies in another. */
export function nestedFolders(paths: readonly string[]): { inner: string; outer: string }[] {
  return paths.flatMap((inner) =>
    paths
      .filter((outer) => outer !== inner && relativeTo(outer, inner) !== null)
      .map((outer) => ({ inner, outer })),
  );
}
