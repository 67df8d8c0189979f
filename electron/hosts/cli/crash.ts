import { appendFileSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { logFile } from '../../engine/logging/log-file.ts';

/**
 * Writes an error of our own into the log of the data directory, at once, since the process is about to end.
 * @returns the log; null where there is no data directory or it cannot be written
 */
export function recordCrash(
  error: unknown,
  dataDirectory: string,
  redact: (text: string) => string,
): string | null {
  const log = join(dataDirectory, logFile);
  if (!existsSync(dirname(log))) return null;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const entry = { level: 60, time: new Date().toISOString(), pid: process.pid, msg: 'crash' };
  try {
    appendFileSync(log, `${JSON.stringify({ ...entry, stack: redact(stack) })}\n`, { mode: 0o600 });
    return log;
  } catch {
    return null;
  }
}
