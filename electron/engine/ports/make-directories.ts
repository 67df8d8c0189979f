import { failureOf } from '../../../shared/domain/failure.ts';
import type { FileSystem } from './file-system.ts';

/**
 * Makes a directory and those above it that are missing, one by one and never `root` itself or anything above
 * it: where a drive was taken away a moment ago, nothing is made in its place on another one.
 * @param path absolute, below `root`
 * @param root empty: everything that is missing is made
 * @throws `notFound` where `root` is not there
 */
export async function makeDirectories(
  fileSystem: FileSystem,
  path: string,
  root: string,
): Promise<void> {
  try {
    await fileSystem.makeDirectory(path);
  } catch (error) {
    const parent = parentOf(path);
    const belowRoot = parent !== path && parent.length > root.replace(/[/\\]+$/u, '').length;
    if (failureOf(error).code !== 'notFound' || !belowRoot) throw error;
    await makeDirectories(fileSystem, parent, root);
    await fileSystem.makeDirectory(path);
  }
}

/** A backslash is part of a name but on Windows, where no absolute path begins with a slash. */
function parentOf(path: string): string {
  const separators = path.startsWith('/') ? ['/'] : ['/', '\\'];
  const cut = Math.max(...separators.map((separator) => path.lastIndexOf(separator)));
  if (cut > 0) return path.slice(0, cut);
  return path.startsWith('/') ? '/' : path;
}
