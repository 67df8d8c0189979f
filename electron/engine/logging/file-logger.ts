import { basename, dirname, join } from 'node:path';
import { pino } from 'pino';
import { createStream } from 'rotating-file-stream';

import { logFile } from './log-file.ts';
import type { LogFields, Logger } from './logger.ts';

/** How large the log may become, and how many old ones are kept. */
export interface LogSize {
  readonly largestFile: `${number}${'K' | 'M'}`;
  readonly oldFiles: number;
}

const usualSize: LogSize = { largestFile: '5M', oldFiles: 5 };
/** A full disk may keep the log from ending. */
const longestCloseMs = 1000;

export interface FileLogger extends Logger {
  /** Resolves when everything is written, or can no longer be. */
  close(): Promise<void>;
}

/**
 * A log in `logs/cloudroll.log` of the data directory: one JSON object a line (pino's format), rotated at
 * 5 MB with five old files kept. Strings pass `redact` first. A log that cannot be written is silently
 * given up: nobody's backup fails because of its log.
 */
export function createFileLogger(
  dataDirectory: string,
  redact: (text: string) => string,
  { largestFile, oldFiles }: LogSize = usualSize,
): FileLogger {
  const stream = createStream((index) => rotatedName(index), {
    path: dirname(join(dataDirectory, logFile)),
    size: largestFile,
    rotate: oldFiles,
    mode: 0o600,
  });
  let broken = false;
  stream.on('error', () => {
    broken = true;
  });
  const log = pino(
    { base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime },
    stream,
  );
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}): void => {
      if (!broken) log[level](redactFields(fields, redact), redact(message));
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    close: async () => {
      if (broken) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, longestCloseMs);
        stream.once('error', () => {
          resolve();
        });
        stream.end(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    },
  };
}

function rotatedName(index: number | Date | null): string {
  return typeof index === 'number' ? `cloudroll.${String(index)}.log` : basename(logFile);
}

function redactFields(
  fields: LogFields,
  redact: (text: string) => string,
): Record<string, string | number | boolean | null | undefined> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? redact(value) : value,
    ]),
  );
}
