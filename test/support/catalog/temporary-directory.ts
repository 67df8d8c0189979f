import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { onTestFinished } from 'vitest';

/** An empty directory, resolved, that goes away with the test. */
export async function temporaryDirectory(): Promise<string> {
  const made = await fs.mkdtemp(path.join(await fs.realpath(tmpdir()), 'cloudroll-data-'));
  onTestFinished(() => fs.rm(made, { recursive: true, force: true }));
  return made;
}
