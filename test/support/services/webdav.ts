import { createHash } from 'node:crypto';
import { chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { debianProgram, startLocalServer, type LocalServer } from './local-server.ts';

/** A WebDAV server, and the folder of this machine whose files it shows. */
export interface DavServer extends LocalServer {
  readonly root: string;
}

export const davUser = 'roll';
export const davPassword = 'loopback-only:p@ß';
/** As the product is given them. */
export const davSecrets = { CLOUDROLL_USERNAME: davUser, CLOUDROLL_PASSWORD: davPassword };

/** Apache httpd with mod_dav: by the book, honours `If-None-Match`. */
export async function startApacheDav(): Promise<DavServer> {
  const program = await debianProgram('/usr/sbin/apache2', 'apache2-bin');
  let root = '';
  const server = await startLocalServer({
    name: 'Apache',
    prepare: async (directory, port) => {
      root = join(directory, 'files');
      const locks = join(directory, 'locks');
      const user = await webUser();
      for (const made of [root, locks]) {
        await mkdir(made);
        if (user !== null) await chown(made, user.uid, user.gid);
      }
      const hash = createHash('sha1').update(davPassword).digest('base64');
      const users = join(directory, 'users');
      await writeFile(users, `${davUser}:{SHA}${hash}\n`);
      if (user !== null) await chownAbove(directory);
      const config = join(directory, 'httpd.conf');
      await writeFile(config, apacheConfig({ directory, root, locks, users, port, user }));
      return { program, args: ['-D', 'FOREGROUND', '-f', config] };
    },
  });
  return { ...server, root };
}

/** rclone as a server: takes `If-None-Match` without heeding it, and shows what is cut off. */
export async function startRcloneDav(): Promise<DavServer> {
  const program = await debianProgram('/usr/bin/rclone', 'rclone');
  let root = '';
  const server = await startLocalServer({
    name: 'rclone',
    prepare: async (directory, port) => {
      root = join(directory, 'files');
      await mkdir(root);
      const address = `127.0.0.1:${String(port)}`;
      const signIn = ['--user', davUser, '--pass', davPassword];
      const more = ['--config', '/dev/null', '--dir-cache-time', '1s'];
      return { program, args: ['serve', 'webdav', root, '--addr', address, ...signIn, ...more] };
    },
  });
  return { ...server, root };
}

/** Whom the server runs as, where this process may choose. */
async function webUser(): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) return null;
  const [, uid, gid] =
    /^www-data:[^:]*:(\d+):(\d+):/mu.exec(await readFile('/etc/passwd', 'utf8')) ?? [];
  return uid === undefined ? null : { uid: Number(uid), gid: Number(gid) };
}

/** The server's user has to get through to its files. */
async function chownAbove(directory: string): Promise<void> {
  const { chmod } = await import('node:fs/promises');
  await chmod(directory, 0o755);
}

function apacheConfig(place: {
  readonly directory: string;
  readonly root: string;
  readonly locks: string;
  readonly users: string;
  readonly port: number;
  readonly user: object | null;
}): string {
  const { directory, root, locks, users, port, user } = place;
  const modules = [
    ...['mpm_event', 'authn_core', 'authn_file', 'authz_core', 'authz_user', 'auth_basic'],
    ...['dav', 'dav_fs'],
  ];
  return `
ServerRoot ${directory}
ServerName localhost
Listen 127.0.0.1:${String(port)}
PidFile ${directory}/pid
DefaultRuntimeDir ${directory}
Mutex file:${locks} default
${modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
${user === null ? '' : 'User www-data\nGroup www-data'}
ErrorLog ${directory}/errors
DocumentRoot ${root}
DavLockDB ${locks}/db
AllowEncodedSlashes NoDecode
<Directory ${root}>
  Dav On
  AuthType Basic
  AuthName files
  AuthUserFile ${users}
  Require valid-user
</Directory>
`;
}
