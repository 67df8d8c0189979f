import { spawn } from 'node:child_process';

export interface Desktop {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Whether this session has a screen that a window can be shown on. */
export function hasScreen({ platform, environment }: Desktop): boolean {
  if (platform === 'win32' || platform === 'darwin') {
    // Signed in from elsewhere, a window would open where nobody sees it.
    return (environment['SSH_CONNECTION'] ?? '') === '';
  }
  return (environment['DISPLAY'] ?? environment['WAYLAND_DISPLAY'] ?? '') !== '';
}

/** Opens an address in the person's browser. False where there is none or it cannot be started. */
export async function openBrowser(address: string, desktop: Desktop): Promise<boolean> {
  if (!hasScreen(desktop)) return false;
  const [program, ...args] = openerOf(desktop.platform, address);
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  child.unref();
  return new Promise((resolve) => {
    child.once('error', () => {
      resolve(false);
    });
    child.once('spawn', () => {
      resolve(true);
    });
  });
}

function openerOf(platform: NodeJS.Platform, address: string): [string, ...string[]] {
  if (platform === 'darwin') return ['open', address];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', address];
  return ['xdg-open', address];
}
