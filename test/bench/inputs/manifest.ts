import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const fileSchema = z.object({
  path: z.string(),
  bytes: z.int(),
  sha256: z.string(),
  md5: z.string(),
});
const manifestSchema = z.object({ files: z.array(fileSchema) });

/** A file that was made as input. */
export type InputFile = z.infer<typeof fileSchema>;

/** A folder of files, and what is in each. */
export interface InputFolder {
  readonly path: string;
  readonly files: readonly InputFile[];
  readonly bytes: number;
}

/** A file to make. */
export interface Planned {
  /** Relative to the folder. */
  readonly name: string;
  readonly content: Buffer;
  readonly modified: Date;
}

/**
 * Makes a folder of files, or takes the one that an earlier run left complete: its list, beside it, is
 * written last.
 */
export async function makeFolder(
  path: string,
  plan: () => AsyncGenerator<Planned>,
  signal: AbortSignal,
): Promise<InputFolder> {
  const list = `${path}.json`;
  if (existsSync(list)) {
    const { files } = manifestSchema.parse(JSON.parse(await readFile(list, 'utf8')));
    return folderOf(path, files);
  }
  await rm(path, { recursive: true, force: true });
  const files: InputFile[] = [];
  const made = new Set<string>();
  for await (const { name, content, modified } of plan()) {
    signal.throwIfAborted();
    const file = join(path, name);
    const directory = dirname(file);
    if (!made.has(directory)) await mkdir(directory, { recursive: true });
    made.add(directory);
    await writeFile(file, content);
    await utimes(file, modified, modified);
    const [sha256, md5] = [hash('sha256', content), hash('md5', content)];
    files.push({ path: file, bytes: content.length, sha256, md5 });
  }
  await writeFile(list, JSON.stringify({ files }));
  return folderOf(path, files);
}

function folderOf(path: string, files: readonly InputFile[]): InputFolder {
  return { path, files, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
}
