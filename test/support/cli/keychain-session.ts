import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const programs = ['dbus-run-session', 'gnome-keyring-daemon'];

/** Why no Secret Service can be had here; null where one can. */
export function whyNoSecretService(): string | null {
  if (process.platform !== 'linux') return 'the Secret Service is of Linux';
  const missing = programs.filter((name) => spawnSync(name, ['--version']).error !== undefined);
  return missing.length === 0 ? null : `there is no ${missing.join(', ')}`;
}

const unlock = 'printf password | gnome-keyring-daemon --unlock --components=secrets >/dev/null';

/**
 * Runs a command in a session of its own with a real Secret Service (GNOME Keyring), which keeps what it is
 * given below `HOME`: the next session finds it there again.
 */
export const withinSecretService: readonly string[] = [
  ...['dbus-run-session', '--', 'sh', '-c', `${unlock} && exec "$@"`, 'sh'],
];

/** A session with a real Secret Service, for several programs one after another or at once. */
export interface KeychainSession extends AsyncDisposable {
  /** What makes a program part of it. */
  readonly environment: Readonly<Record<string, string>>;
}

/** @param home where the keyring is kept */
export async function startKeychainSession(home: string): Promise<KeychainSession> {
  const around = { HOME: home, XDG_RUNTIME_DIR: home, XDG_DATA_HOME: `${home}/.local/share` };
  const tell = 'printf "%s\\n" "$DBUS_SESSION_BUS_ADDRESS" && exec cat';
  const args = ['--', 'sh', '-c', `${unlock} && ${tell}`];
  const session = spawn('dbus-run-session', args, {
    env: { ...process.env, ...around },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(session, 'exit');
  const line = once(createInterface(session.stdout), 'line') as Promise<[string]>;
  const failed = ended.then(() => {
    throw new Error('There is no Secret Service.');
  });
  failed.catch(() => undefined);
  const [address] = await Promise.race([line, failed]);
  return {
    environment: { ...around, DBUS_SESSION_BUS_ADDRESS: address },
    [Symbol.asyncDispose]: async () => {
      session.stdin.end();
      await ended;
    },
  };
}
