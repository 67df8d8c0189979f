import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { debianProgram, startLocalServer, type LocalServer } from './local-server.ts';

const run = promisify(execFile);

/** An OpenSSH server with an account of its own, which the machine does not know. */
export interface AccountServer extends LocalServer {
  readonly user: string;
  readonly password: string;
  /** Folder on this machine for destinations. */
  readonly root: string;
  /** Passwords that the server did not accept so far, whichever way it asked for them. */
  failures(): Promise<number>;
}

/** Beyond every account that a distribution makes. */
const userId = 63_211;

/**
 * Real OpenSSH that lets a throw-away account in by password. The account stands in copies of `passwd` and
 * `shadow` that only the server's own mount namespace has in place of the machine's.
 *
 * @param asks `password`: RFC 4252's method, checked by OpenSSH itself. `questions`: keyboard-interactive only,
 *   with PAM asking
 */
export async function startAccountSshd(asks: 'password' | 'questions'): Promise<AccountServer> {
  if (process.platform !== 'linux') throw new Error('it runs on Linux only');
  if (process.getuid?.() !== 0) throw new Error('checking passwords needs root');
  const program = await debianProgram('/usr/sbin/sshd', 'openssh-server');
  const user = 'roll';
  const password = 'only on loopback';
  const server = await startLocalServer({
    name: 'OpenSSH with passwords',
    prepare: async (directory, port) => {
      await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
      await chmod(directory, 0o755);
      const files = join(directory, 'files');
      await mkdir(files);
      await chown(files, userId, userId);
      await writeAccounts(directory, { user, password, home: files });
      const key = join(directory, 'host_ed25519');
      await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
      const config = join(directory, 'sshd_config');
      await writeFile(config, sshdConfig(directory, port, asks));
      const mounts = [
        ['passwd', '/etc/passwd'],
        ['shadow', '/etc/shadow'],
        ['pam', '/etc/pam.d/sshd'],
      ].map(([own = '', shared = '']) => `mount --bind "$1/${own}" ${shared}`);
      const script = [...mounts, `exec ${program} -D -e -f "$1/sshd_config"`].join(' && ');
      const inOwnNamespace = ['--mount', '--propagation', 'private', 'sh', '-c', script];
      return { program: 'unshare', args: [...inOwnNamespace, 'sh', directory] };
    },
  });
  return {
    ...server,
    user,
    password,
    root: join(server.directory, 'files'),
    failures: async () => {
      const said = await readFile(join(server.directory, 'output'), 'utf8');
      return (said.match(/^Failed (?:password|keyboard-interactive\/pam) for/gmu) ?? []).length;
    },
  };
}

async function writeAccounts(
  directory: string,
  { user, password, home }: { user: string; password: string; home: string },
): Promise<void> {
  const { stdout: hash } = await run('perl', [
    ...['-e', 'print crypt($ARGV[0], q($6$roll$))', password],
  ]);
  if (!hash.startsWith('$6$')) throw new Error('this system knows no SHA-512 passwords');
  const id = String(userId);
  const passwd = `${user}:x:${id}:${id}::${home}:/bin/sh\n`;
  const shadow = `${user}:${hash}:20000:0:99999:7:::\n`;
  await writeFile(join(directory, 'passwd'), (await readFile('/etc/passwd', 'utf8')) + passwd);
  const known = await readFile('/etc/shadow', 'utf8');
  await writeFile(join(directory, 'shadow'), known + shadow, { mode: 0o600 });
  const pam = ['auth required pam_unix.so', 'account required pam_unix.so'];
  const rest = ['session required pam_permit.so', 'password required pam_deny.so', ''];
  await writeFile(join(directory, 'pam'), [...pam, ...rest].join('\n'));
}

function sshdConfig(directory: string, port: number, asks: 'password' | 'questions'): string {
  const questions = asks === 'questions' ? 'yes' : 'no';
  return `
Port ${String(port)}
ListenAddress 127.0.0.1
PidFile ${directory}/pid
HostKey ${directory}/host_ed25519
AuthorizedKeysFile none
PasswordAuthentication ${asks === 'password' ? 'yes' : 'no'}
KbdInteractiveAuthentication ${questions}
UsePAM ${questions}
LogLevel VERBOSE
Subsystem sftp internal-sftp
`;
}
