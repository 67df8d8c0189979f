import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { debianProgram, startLocalServer, type LocalServer } from './local-server.ts';

const run = promisify(execFile);

/** An OpenSSH server that lets this process's own user in by key. */
export interface SshServer extends LocalServer {
  /** Folder on this machine for destinations. */
  readonly root: string;
  readonly user: string;
  /** A private key that is let in, and the same one under a password. */
  readonly keyPath: string;
  readonly encryptedKeyPath: string;
  readonly keyPassword: string;
  /** `SHA256:…` of its ed25519 key. */
  readonly fingerprint: string;
  /** A server on the same port afterwards, with other keys, as after it was set up anew or replaced. */
  replaceHostKey(): Promise<void>;
}

/** Real OpenSSH, with SFTP inside its own process. */
export async function startSshd(): Promise<SshServer> {
  const program = await debianProgram('/usr/sbin/sshd', 'openssh-server');
  const { username: user } = userInfo();
  const keyPassword = 'loopback only';
  const keyIn = (directory: string): string => join(directory, 'key');
  const hostKeyIn = (directory: string): string => join(directory, 'host_ed25519');
  const server = await startLocalServer({
    name: 'OpenSSH',
    prepare: async (directory, port) => {
      // Where it changes its root to before a sign-in, when it is run as root.
      if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
      await mkdir(join(directory, 'files'));
      await makeKey('ed25519', hostKeyIn(directory), '');
      await makeKey('rsa', join(directory, 'host_rsa'), '');
      await makeKey('ed25519', keyIn(directory), '');
      await makeKey('ed25519', `${keyIn(directory)}-encrypted`, keyPassword);
      const keys = ['', '-encrypted'].map((end) =>
        readFile(`${keyIn(directory)}${end}.pub`, 'utf8'),
      );
      const authorized = join(directory, 'authorized_keys');
      await writeFile(authorized, (await Promise.all(keys)).join(''), { mode: 0o600 });
      await chmod(directory, 0o755);
      const config = join(directory, 'sshd_config');
      await writeFile(config, sshdConfig(directory, port));
      return { program, args: ['-D', '-e', '-f', config] };
    },
  });
  const { directory } = server;
  const { stdout } = await run('ssh-keygen', ['-lf', `${hostKeyIn(directory)}.pub`]);
  return {
    ...server,
    user,
    keyPassword,
    root: join(directory, 'files'),
    keyPath: keyIn(directory),
    encryptedKeyPath: `${keyIn(directory)}-encrypted`,
    fingerprint: stdout.split(' ')[1] ?? '',
    replaceHostKey: async () => {
      await makeKey('ed25519', hostKeyIn(directory), '');
      await makeKey('rsa', join(directory, 'host_rsa'), '');
      const pid = Number(await readFile(join(directory, 'pid'), 'utf8'));
      process.kill(pid, 'SIGHUP');
      const [, made = ''] = (await readFile(`${hostKeyIn(directory)}.pub`, 'utf8')).split(' ');
      const ask = ['-t', 'ed25519', '-p', String(server.port), '127.0.0.1'];
      const shown = (): Promise<string> =>
        run('ssh-keyscan', ask).then(
          ({ stdout: keys }) => keys,
          () => '',
        );
      while (!(await shown()).includes(made)) await sleep(50);
    },
  };
}

async function makeKey(type: string, path: string, password: string): Promise<void> {
  await rm(path, { force: true });
  await rm(`${path}.pub`, { force: true });
  await run('ssh-keygen', ['-q', '-t', type, '-N', password, '-f', path]);
}

function sshdConfig(directory: string, port: number): string {
  return `
Port ${String(port)}
ListenAddress 127.0.0.1
PidFile ${directory}/pid
HostKey ${directory}/host_ed25519
HostKey ${directory}/host_rsa
AuthorizedKeysFile ${directory}/authorized_keys
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
MaxStartups 100
Subsystem sftp internal-sftp
`;
}
