import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the parts of the app lie: `build/dist/main/main.js` runs, the others are beside it. */
export interface AppPaths {
  readonly preload: string;
  readonly engine: string;
  readonly thumbnails: string;
  readonly window: string;
  readonly icons: string;
}

/** @param main address of the running main module */
export function appPaths(main: string): AppPaths {
  const build = fileURLToPath(new URL('../..', main));
  const utility = join(build, 'dist', 'engine', 'electron', 'hosts', 'utility');
  return {
    preload: join(build, 'dist', 'preload', 'preload.cjs'),
    engine: join(utility, 'main.js'),
    thumbnails: join(utility, 'thumbnail-main.js'),
    window: join(build, 'dist', 'renderer'),
    icons: join(build, 'icons'),
  };
}
