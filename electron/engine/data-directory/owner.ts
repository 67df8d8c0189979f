import { readFile, rm, writeFile } from 'node:fs/promises';

import { z } from 'zod';

const ownerSchema = z.object({
  pid: z.int().min(1),
  sinceMs: z.number(),
  /** The process met damage in the catalogue. */
  damaged: z.boolean().default(false),
});

/** The process that works in a data directory; only for people, the lock is what counts. */
export type Owner = z.infer<typeof ownerSchema>;

/** Who wrote the note; null where there is none that can be read. */
export async function readOwner(path: string): Promise<Owner | null> {
  try {
    const parsed = ownerSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Leaves the note: it stays behind when this process ends without closing the data directory. */
export async function writeOwner(path: string, owner: Owner): Promise<void> {
  await writeFile(path, `${JSON.stringify(owner)}\n`, { mode: 0o600 });
}

export async function removeOwner(path: string): Promise<void> {
  await rm(path, { force: true });
}
