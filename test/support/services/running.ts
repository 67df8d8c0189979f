import { readFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { servicesDirectory } from './cache-directory.ts';
import { gatewayAnswers, type S3Access } from './rados-gateway.ts';

const recordSchema = z.object({
  endpoint: z.url(),
  region: z.string(),
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  pid: z.int().positive(),
  /** Start time of that process, so that a pid used again is not taken for it. */
  started: z.string(),
});

/** A server that `npm run services:start` left running. */
export interface RunningService {
  readonly access: S3Access;
  readonly pid: number;
}

/** The server that was started by hand and still answers, if there is one. */
export async function runningService(): Promise<RunningService | null> {
  let text: string;
  try {
    text = await readFile(recordPath(), 'utf8');
  } catch {
    return null;
  }
  const parsed = recordSchema.safeParse(JSON.parse(text));
  if (!parsed.success) return null;
  const { pid, started, ...access } = parsed.data;
  if (processStart(pid) !== started || !(await gatewayAnswers(access.endpoint))) return null;
  return { access, pid };
}

/** Records a server for others to find. */
export async function recordService({ access, pid }: RunningService): Promise<void> {
  const path = recordPath();
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const record = { ...access, pid, started: processStart(pid) };
  await writeFile(`${path}.${String(pid)}`, `${JSON.stringify(record, null, 2)}\n`, {
    mode: 0o600,
  });
  await rename(`${path}.${String(pid)}`, path);
}

export async function forgetService(): Promise<void> {
  await rm(recordPath(), { force: true });
}

function recordPath(): string {
  return join(servicesDirectory(), 's3.json');
}

/** When a process started, in clock ticks since boot (proc(5), field 22 of stat); null where it is gone. */
function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'latin1');
    // The name in parentheses may hold anything; the fields after it start with the third.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
