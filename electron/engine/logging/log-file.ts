import { join } from 'node:path';

/** The log, below the data directory. */
export const logFile = join('logs', 'cloudroll.log');
