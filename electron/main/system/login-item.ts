import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';

import type { App } from 'electron';

import { appId } from '../app-id.ts';

export interface LoginItemOptions {
  readonly app: Pick<App, 'setLoginItemSettings'>;
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** The program that is started. */
  readonly program: string;
}

/** Has the computer start the app at login, without a window, or not. */
export async function applyLoginItem(wanted: boolean, options: LoginItemOptions): Promise<void> {
  if (options.platform !== 'linux') {
    options.app.setLoginItemSettings({ openAtLogin: wanted, args: ['--hidden'] });
    return;
  }
  const file = autostartFile(options);
  if (!wanted) {
    await rm(file, { force: true });
    return;
  }
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, autostartEntry(options.environment['APPIMAGE'] ?? options.program));
}

/** Where a desktop looks for programs to start (Desktop Application Autostart Specification). */
export function autostartFile({
  environment,
  home,
}: Pick<LoginItemOptions, 'environment' | 'home'>): string {
  const named = environment['XDG_CONFIG_HOME'];
  const base = named !== undefined && isAbsolute(named) ? named : join(home, '.config');
  return join(base, 'autostart', `${appId}.desktop`);
}

/** The entry (Desktop Entry Specification); a path may hold anything, so it is quoted and escaped. */
export function autostartEntry(program: string): string {
  // Quoting first, then the escapes of a value; a percent sign starts a field code.
  const quoted = program.replaceAll(/["`$\\]/gu, String.raw`\$&`).replaceAll('%', '%%');
  const value = quoted.replaceAll('\\', '\\\\').replaceAll('\n', String.raw`\n`);
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Cloudroll',
    `Exec="${value}" --hidden`,
    `Icon=cloudroll`,
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}
