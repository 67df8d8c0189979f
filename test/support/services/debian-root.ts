import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { installPackage } from './apt-get.ts';

const run = promisify(execFile);

/** A Debian root of its own, so that a server's packages change nothing of the host. */
export interface DebianRoot {
  readonly path: string;
  /** Debian release it is made from. */
  readonly suite: string;
  readonly packages: readonly string[];
}

/** Why no Debian root can be made on this machine; null where it can. */
export function debianRootObstacle(): string | null {
  if (process.platform !== 'linux') return 'it runs on Linux only';
  if (!existsSync('/usr/bin/apt-get'))
    return 'it is installed from Debian packages and apt-get is missing';
  if (process.getuid?.() !== 0) return 'it needs root';
  return null;
}

/**
 * Makes the root unless it is there: whole or not at all, also when two processes ask at once or one is
 * killed half-way. Takes about 20 seconds.
 */
export async function installDebianRoot(root: DebianRoot): Promise<void> {
  if (existsSync(root.path)) return;
  await mkdir(dirname(root.path), { recursive: true, mode: 0o700 });
  if (!existsSync('/usr/bin/mmdebstrap')) await installPackage('mmdebstrap');
  const partial = `${root.path}.partial`;
  await using lock = await takeLock(`${root.path}.lock`);
  if (existsSync(root.path)) return;
  await removeUnmounted(partial);
  // A mount namespace of its own: whatever mmdebstrap mounts is gone with it, even when it is killed.
  await lock.run('unshare', [
    ...['--mount', 'mmdebstrap', '--quiet', '--mode=root', '--variant=extract'],
    '--aptopt=Acquire::Check-Valid-Until "false"',
    `--include=${root.packages.join(',')}`,
    ...[root.suite, partial, await debianMirror()],
  ]);
  for (const directory of ['proc', 'dev', 'run', 'root']) {
    await mkdir(join(partial, directory), { recursive: true });
  }
  await rename(partial, root.path);
}

/**
 * Starts a bash script of this folder inside the root, in mount and process namespaces of its own: when
 * the returned process dies, everything in there dies and nothing stays mounted.
 */
export function spawnInRoot(
  root: DebianRoot,
  script: string,
  args: readonly string[],
  log: number,
  lifetime: 'pipe' | 'forever',
): ChildProcess {
  return spawn(
    'unshare',
    [
      ...['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child=SIGKILL'],
      ...['bash', besideThisFile('enter-root.sh'), root.path, besideThisFile(script), ...args],
    ],
    // Its own session: Ctrl-C in the terminal reaches the tests, which end the server in their time.
    { stdio: [lifetime === 'pipe' ? 'pipe' : 'ignore', log, log], detached: true },
  );
}

function besideThisFile(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** The mirror that the host's apt takes its own release from. */
async function debianMirror(): Promise<string> {
  const release = await readFile('/etc/os-release', 'utf8');
  const codename = /^VERSION_CODENAME=(.+)$/mu.exec(release)?.[1] ?? '';
  for (const refresh of [false, true]) {
    if (refresh) await run('apt-get', ['update']);
    const { stdout } = await run('apt-get', [
      ...['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages'],
      ...[`Codename: ${codename}`, 'Origin: Debian', 'Component: main'],
    ]);
    const mirror = stdout.split('\n').find((line) => line.startsWith('http'));
    if (mirror !== undefined) return mirror;
  }
  throw new Error(`apt names no mirror of Debian ${codename}`);
}

interface Lock extends AsyncDisposable {
  /** Runs a program that holds the lock too, so that it cannot outlast it. */
  run(program: string, args: readonly string[]): Promise<void>;
}

/** A lock that the kernel drops when its last holder dies. */
async function takeLock(path: string): Promise<Lock> {
  const file = await open(path, 'w', 0o600);
  const withFile = async (program: string, args: readonly string[]): Promise<void> => {
    await new Promise<void>((resolve, reject) => {
      const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe', file.fd] });
      let said = '';
      child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
      child.on('error', reject);
      child.on('close', (code) => {
        if (code === 0) resolve();
        else reject(new Error(`${program} ended with ${String(code)}: ${said.slice(-2000)}`));
      });
    });
  };
  await withFile('flock', ['3']);
  return { run: withFile, [Symbol.asyncDispose]: () => file.close() };
}

/** Removes a tree, but never one with something mounted in it: that something would be emptied too. */
async function removeUnmounted(path: string): Promise<void> {
  const mounts = await readFile('/proc/self/mountinfo', 'utf8');
  const inside = mounts.split('\n').find((line) => line.split(' ')[4]?.startsWith(`${path}/`));
  if (inside !== undefined) throw new Error(`something is mounted in ${path}: ${inside}`);
  await rm(path, { recursive: true, force: true });
}
