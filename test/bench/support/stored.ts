import { hash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

import type { InputFolder } from '../inputs/manifest.ts';

const atOnce = 4;

/**
 * Checks that a folder holds the bytes of every file of the input, each once, and nothing else but what
 * the engine keeps for itself.
 * @throws otherwise: a copy that is not complete has no time
 */
export async function requireStored(
  folder: string,
  input: InputFolder,
  signal: AbortSignal,
): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !isOwn(relative(folder, path).split(sep).join('/')));
  const found: string[] = [];
  const queue = paths.values();
  const worker = async (): Promise<void> => {
    for (const path of queue) {
      signal.throwIfAborted();
      found.push(hash('sha256', await readFile(path)));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  requireSame(
    found,
    input.files.map(({ sha256 }) => sha256),
  );
}

/** Whether a key or relative path belongs to the engine's own records. */
export function isOwn(key: string): boolean {
  return key.split('/').includes('.cloudroll');
}

/** @throws unless both hold the same hashes, each as often */
export function requireSame(found: readonly string[], expected: readonly string[]): void {
  const [one, other] = [found.toSorted(), expected.toSorted()];
  const same = one.length === other.length && one.every((hashed, at) => hashed === other[at]);
  if (!same) {
    throw new Error(
      `the target holds ${String(found.length)} objects, not the ${String(expected.length)} that were to be copied, or their bytes differ`,
    );
  }
}
