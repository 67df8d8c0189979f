import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** An `ssh-agent` of OpenSSH. */
export interface SshAgent {
  /** What `SSH_AUTH_SOCK` is set to. */
  readonly socket: string;
  add(keyPath: string): Promise<void>;
  /** A new key, which no server knows. */
  addStranger(): Promise<void>;
  lock(): Promise<void>;
  unlock(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts an agent without keys. */
export async function startSshAgent(): Promise<SshAgent> {
  const directory = await mkdtemp(join(tmpdir(), 'cloudroll-agent-'));
  const socket = join(directory, 'socket');
  // Without `-D` it would outlive the tests; its input closes with them.
  const guarded = ['-c', 'ssh-agent -D -a "$0" >/dev/null & cat >/dev/null; kill $!', socket];
  const child = spawn('sh', guarded, { stdio: ['pipe', 'ignore', 'ignore'] });
  const deadline = performance.now() + 30_000;
  while (!existsSync(socket)) {
    if (performance.now() > deadline) throw new Error('ssh-agent does not start');
    await sleep(20);
  }
  const askPass = join(directory, 'password');
  await writeFile(askPass, '#!/bin/sh\necho between\n', { mode: 0o700 });
  const env = {
    ...process.env,
    SSH_AUTH_SOCK: socket,
    SSH_ASKPASS: askPass,
    SSH_ASKPASS_REQUIRE: 'force',
  };
  const tell = async (...args: readonly string[]): Promise<void> => {
    await run('ssh-add', args, { env });
  };
  let strangers = 0;
  return {
    socket,
    add: (keyPath) => tell('-q', keyPath),
    addStranger: async () => {
      const path = join(directory, `stranger-${String((strangers += 1))}`);
      await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path]);
      await tell('-q', path);
    },
    lock: () => tell('-x'),
    unlock: () => tell('-X'),
    stop: async () => {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}
