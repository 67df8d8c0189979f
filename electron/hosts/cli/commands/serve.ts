import { CommandError } from '../command-error.ts';

/** `cloudroll serve`: says that this version has no window. */
export function serveCommand(): Promise<number> {
  return Promise.reject(new CommandError('unsupported', 2, (texts) => texts.serveMissing()));
}
