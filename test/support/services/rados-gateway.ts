import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { servicesDirectory } from './cache-directory.ts';
import {
  debianRootObstacle,
  installDebianRoot,
  spawnInRoot,
  type DebianRoot,
} from './debian-root.ts';

/** How to reach an S3 server. */
export interface S3Access {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface RunningGateway {
  readonly access: S3Access;
  /** Ending this process ends the whole server. */
  readonly pid: number;
  stop(): Promise<void>;
}

/** A busy machine may need several times the usual 10 seconds. */
const START_LIMIT_MS = 90_000;
const ATTEMPTS = 3;

/** Why the gateway cannot run on this machine; null where it can. */
export const gatewayObstacle = debianRootObstacle;

/**
 * Starts a fresh, empty S3 server (Ceph's RADOS gateway) on free loopback ports, installing it first
 * where it is missing; resolves when it answers, after about 10 seconds. Any number may run at once.
 *
 * @param lifetime `pipe`: it ends with this process at the latest; `forever`: it runs until stopped.
 */
export async function startGateway(lifetime: 'pipe' | 'forever'): Promise<RunningGateway> {
  const root: DebianRoot = {
    path: join(servicesDirectory(), 'rados-gateway'),
    suite: 'trixie',
    packages: [
      ...['ceph-mon', 'ceph-osd', 'radosgw', 'ceph-common'],
      ...['libc-bin', 'bash', 'coreutils', 'base-files'],
    ],
  };
  await installDebianRoot(root);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnFreePorts(root, lifetime);
    } catch (error) {
      // Another program may have taken a port in the meantime, or the machine is busy.
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

/** Whether an S3 server answers there. */
export async function gatewayAnswers(endpoint: string): Promise<boolean> {
  try {
    const response = await fetch(endpoint, { signal: AbortSignal.timeout(2000) });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
}

async function startOnFreePorts(
  root: DebianRoot,
  lifetime: 'pipe' | 'forever',
): Promise<RunningGateway> {
  const [port, monitorPort] = await freePorts();
  const access: S3Access = {
    endpoint: `http://127.0.0.1:${String(port)}`,
    region: 'us-east-1',
    accessKeyId: 'AKIACLOUDROLLTEST',
    secretAccessKey: 'loopback-only-secret',
  };
  const logPath = join(servicesDirectory(), `rados-gateway-${String(port)}.log`);
  await mkdir(servicesDirectory(), { recursive: true, mode: 0o700 });
  await using log = await open(logPath, 'w', 0o600);
  const child = spawnInRoot(
    root,
    'rados-gateway.sh',
    [String(port), String(monitorPort), access.accessKeyId, access.secretAccessKey, lifetime],
    log.fd,
    lifetime,
  );
  if (child.pid === undefined) {
    const failure: unknown[] = await once(child, 'error');
    throw new Error('the S3 server could not be started', { cause: failure[0] });
  }
  try {
    await answering(child, access.endpoint);
  } catch (cause) {
    await end(child);
    const said = (await readFile(logPath, 'utf8')).slice(-3000);
    throw new Error(`the S3 server did not start; it said:\n${said}`, { cause });
  }
  if (lifetime === 'forever') child.unref();
  const stop = async (): Promise<void> => {
    await end(child);
    await rm(logPath, { force: true });
  };
  return { access, pid: child.pid, stop };
}

async function answering(child: ChildProcess, endpoint: string): Promise<void> {
  const deadline = performance.now() + START_LIMIT_MS;
  while (!(await gatewayAnswers(endpoint))) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('it ended');
    if (performance.now() > deadline) throw new Error('it does not answer');
    await sleep(100);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Two ports nobody listens on, held together so that they differ. */
async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()] as const;
  const ports: number[] = [];
  for (const server of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port to be had');
    ports.push(address.port);
  }
  for (const server of servers) {
    server.close();
    await once(server, 'close');
  }
  const [first = 0, second = 0] = ports;
  return [first, second];
}
