import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { servicesDirectory } from './cache-directory.ts';

const run = promisify(execFile);

/**
 * Installs a Debian package. Tests of several steps may ask at once: one installs, the others wait, as they do
 * for whoever else is installing.
 */
export async function installPackage(name: string): Promise<void> {
  await mkdir(servicesDirectory(), { recursive: true, mode: 0o700 });
  const lock = join(servicesDirectory(), 'apt.lock');
  const aptGet = (...args: string[]): Promise<unknown> =>
    run('flock', ['--close', lock, 'apt-get', '-o', 'DPkg::Lock::Timeout=300', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  await aptGet('update');
  await aptGet('install', '--yes', '--no-install-recommends', name);
}
