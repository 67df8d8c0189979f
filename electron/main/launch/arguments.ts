import { isAbsolute, resolve } from 'node:path';

import { z } from 'zod';

import { appScheme } from '../../../shared/contract/desktop/addresses.ts';

/** What a start of the app asks for, also of an app that is running already. */
export const launchRequestSchema = z.strictObject({
  /** Started by the computer at login: no window. */
  hidden: z.boolean(),
  /** Show the upload window. */
  upload: z.boolean(),
  /** Files and folders to upload, absolute. */
  paths: z.array(z.string().min(1).max(32_768)).max(100_000),
  /** A link that was followed. */
  link: z.string().max(2000).nullable(),
});
export type LaunchRequest = z.infer<typeof launchRequestSchema>;

export interface Launch extends LaunchRequest {
  /** As named with `--data`; null for the platform's own. */
  readonly dataDirectory: string | null;
}

/**
 * Reads the arguments of the app: `[--data DIR] [--hidden] [upload] [FILE…] [LINK]`. A file that is named
 * ("Open with", "Send to") is an upload. Electron's and Chromium's own switches are passed over.
 *
 * @param args without the program
 * @param workingDirectory relative paths start there
 */
export function parseLaunch(args: readonly string[], workingDirectory: string): Launch {
  const launch = { hidden: false, upload: false, link: null as string | null };
  const paths: string[] = [];
  let dataDirectory: string | null = null;
  for (let at = 0; at < args.length; at += 1) {
    const argument = args[at] ?? '';
    if (argument === '--data') {
      at += 1;
      dataDirectory = args[at] ?? null;
    } else if (argument.startsWith('--data=')) dataDirectory = argument.slice('--data='.length);
    else if (argument === '--hidden') launch.hidden = true;
    else if (argument === 'upload' && !launch.upload) launch.upload = true;
    else if (argument.startsWith(`${appScheme}:`)) launch.link = argument;
    else if (argument !== '' && !argument.startsWith('-')) paths.push(argument);
  }
  const absolute = paths.map((path) => (isAbsolute(path) ? path : resolve(workingDirectory, path)));
  return {
    ...launch,
    upload: launch.upload || absolute.length > 0,
    paths: absolute,
    dataDirectory: dataDirectory === null ? null : resolve(workingDirectory, dataDirectory),
  };
}
