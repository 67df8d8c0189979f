import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** An empty directory, resolved, that goes away with the test. */
export async function temporaryDirectory(): Promise<string> {
  const made = await fs.mkdtemp(path.join(await fs.realpath(tmpdir()), 'cloudroll-scan-'));
  onTestFinished(() => fs.rm(made, { recursive: true, force: true }));
  return made;
}

/** Makes a tree: a string is a file's content, null an empty directory. */
export async function makeTree(
  root: string,
  tree: Readonly<Record<string, string | null>>,
): Promise<void> {
  for (const [name, content] of Object.entries(tree)) {
    const target = `${root}/${name}`;
    await fs.mkdir(content === null ? target : path.dirname(target), { recursive: true });
    if (content !== null) await fs.writeFile(target, content);
  }
}

/** A signal that never aborts. */
export const patient = new AbortController().signal;
