import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import { fail } from '../../../shared/domain/failure.ts';
import { isPng, largestPasted, pastedName } from '../../../shared/domain/pasted-image.ts';

/** Images that may be pasted within one second. */
const mostNames = 1000;

/**
 * Makes a file of an image from the clipboard, named by the time, never over a file that is there.
 * @returns its full path
 * @throws `unsupported` for what is no PNG or too large; what the file system says. Nothing is left behind then.
 */
export async function keepPasted(folder: string, image: Uint8Array, at: Date): Promise<string> {
  if (!isPng(image)) throw fail('unsupported', 'What was pasted is no image.');
  if (image.length > largestPasted) throw fail('unsupported', 'The pasted image is too large.');
  await mkdir(folder, { recursive: true });
  const { path, file } = await openFree(folder, pastedName(at));
  try {
    await file.writeFile(image);
    await file.sync();
    await file.close();
    return path;
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(path, { force: true });
    throw error;
  }
}

async function openFree(folder: string, name: string): Promise<{ path: string; file: FileHandle }> {
  for (let number = 1; number <= mostNames; number += 1) {
    const numbered = number === 1 ? name : name.replace(/\.png$/u, ` (${String(number)}).png`);
    const path = join(folder, numbered);
    try {
      return { path, file: await open(path, 'wx', 0o644) };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
  throw fail('conflict', `There are too many files named ${name}.`);
}
