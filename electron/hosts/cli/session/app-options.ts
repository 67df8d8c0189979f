import { hostname } from 'node:os';
import path from 'node:path';

import type { AppOptions } from '../../../engine/app/options.ts';
import type { Context } from '../context.ts';
import { version } from '../version.ts';

/** The app as a command runs it. */
export function appOptions(context: Context): AppOptions {
  const { dataDirectory, environment, home, options, platform } = context;
  return {
    dataDirectory,
    environment,
    home,
    platform,
    deviceName: options.deviceName ?? hostname(),
    uploadsFolder: path.join(home, 'Pictures', 'Cloudroll'),
    version: version(),
  };
}
