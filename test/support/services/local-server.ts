import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installPackage } from './apt-get.ts';

/** A server that is there, or why its tests are skipped. */
export type Service<T> = T | { readonly skipReason: string };

/** A program that runs on a port of this machine until it is stopped, or the tests end. */
export interface LocalServer {
  readonly port: number;
  /** Its own, gone when it stops. */
  readonly directory: string;
  stop(): Promise<void>;
}

/**
 * Starts a server. Where it cannot be had: under `CI=true` an error, elsewhere the reason, which is printed.
 */
export async function provide<T>(name: string, start: () => Promise<T>): Promise<Service<T>> {
  try {
    return await start();
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const skipReason = `no ${name}: ${reason}`;
    console.warn(`skipped: tests against ${name}: ${skipReason}`);
    return { skipReason };
  }
}

/** The program of a Debian package, which is installed where that is missing and changes nothing else. */
export async function debianProgram(path: string, debianPackage: string): Promise<string> {
  if (existsSync(path)) return path;
  const command = `apt-get install --no-install-recommends ${debianPackage}`;
  const obstacle = installObstacle();
  if (obstacle !== null)
    throw new Error(`${path} is missing and ${obstacle}; to have it: ${command}`);
  await installPackage(debianPackage);
  return path;
}

function installObstacle(): string | null {
  if (!existsSync('/usr/bin/apt-get')) return 'comes from a Debian package';
  if (process.getuid?.() !== 0) return 'installing it needs root';
  // Its package would have it started for good.
  return existsSync('/run/systemd/system') ? 'this machine starts what is installed' : null;
}

export interface ServerPlan {
  readonly name: string;
  /** Writes what the program needs into its directory and says how to start it. */
  readonly prepare: (
    directory: string,
    port: number,
  ) => Promise<{ readonly program: string; readonly args: readonly string[] }>;
}

/** Starts a program on a free port and waits until it takes connections. */
export async function startLocalServer({ name, prepare }: ServerPlan): Promise<LocalServer> {
  const directory = await mkdtemp(join(tmpdir(), 'cloudroll-server-'));
  const port = await freePort();
  const logPath = join(directory, 'output');
  const { program, args } = await prepare(directory, port);
  await using log = await open(logPath, 'w', 0o600);
  const child = spawn(program, args, { stdio: ['ignore', log.fd, log.fd] });
  const guard = endWithUs(child);
  const stop = async (): Promise<void> => {
    guard.kill('SIGKILL');
    await end(child);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await listening(child, port);
  } catch (cause) {
    const said = (await readFile(logPath, 'utf8')).slice(-2000);
    await stop();
    throw new Error(`${name} did not start; it said:\n${said}`, { cause });
  }
  return { port, directory, stop };
}

/** Ends the server when this process ends, however that happens: the guard then finds its input closed. */
function endWithUs(server: ChildProcess): ChildProcess {
  const script = 'cat >/dev/null; kill "$0"';
  const guard = spawn('sh', ['-c', script, String(server.pid ?? 0)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // Ctrl-C in the terminal ends the tests, and it only with them.
    detached: true,
  });
  guard.unref();
  return guard;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const killing = setTimeout(() => child.kill('SIGKILL'), 3000);
  await ended;
  clearTimeout(killing);
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await takesConnections(port))) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('it ended');
    if (performance.now() > deadline) throw new Error('it does not listen');
    await sleep(50);
  }
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => {
      resolve(false);
    });
  });
}

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const port = await tryPort(0);
  if (port === null) throw new Error('no port to be had');
  return port;
}

/**
 * The same for a server that is ended and started again where it was: no system hands such a port out by
 * itself, so nobody else has it meanwhile.
 */
export async function portToReturnTo(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = await tryPort(randomInt(20_000, 30_000));
    if (port !== null) return port;
  }
  throw new Error('no port to be had');
}

/** @returns null where somebody listens on it */
async function tryPort(wanted: number): Promise<number | null> {
  const server = createServer();
  try {
    server.listen(wanted, '127.0.0.1');
    await once(server, 'listening');
  } catch {
    return null;
  }
  const address = server.address();
  server.close();
  await once(server, 'close');
  return address === null || typeof address === 'string' ? null : address.port;
}
