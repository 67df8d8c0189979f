import { spawnSync } from 'node:child_process';

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
