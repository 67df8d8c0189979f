import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const electron = dirname(require.resolve('electron/package.json'));

/** The folder with Electron's binary; null where it was not downloaded. */
export function electronFolder(): string | null {
  const folder = join(electron, 'dist');
  return existsSync(join(folder, 'version')) ? folder : null;
}

/** Downloads the binary where it is not there. @returns its folder; null where it cannot be had */
export function fetchElectron(): string | null {
  const there = electronFolder();
  if (there !== null) return there;
  spawnSync(process.execPath, [join(electron, 'install.js')], { stdio: 'ignore' });
  return electronFolder();
}
