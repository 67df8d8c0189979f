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
  const parent = parentOf(path);
  const belowRoot = parent !== path && parent.length > root.replace(/[/\\]+$/u, '').length;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await fileSystem.makeDirectory(path);
      return;
    } catch (error) {
      const parentMissing = failureOf(error).code === 'notFound' && belowRoot;
      if (!parentMissing || attempt === mostAttempts) throw error;
    }
    // Again too: another device removes its folders when it is done, and those above as long as they are empty.
    await makeDirectories(fileSystem, parent, root);
  }
}

/** Others finish one after the other; a folder that is gone each time is no coincidence any more. */
const mostAttempts = 100;

/** A backslash is part of a name but on Windows, where no absolute path begins with a slash. */
function parentOf(path: string): string {
  const separators = path.startsWith('/') ? ['/'] : ['/', '\\'];
  const cut = Math.max(...separators.map((separator) => path.lastIndexOf(separator)));
  if (cut > 0) return path.slice(0, cut);
  return path.startsWith('/') ? '/' : path;
}
