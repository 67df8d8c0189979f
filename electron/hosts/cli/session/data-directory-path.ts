import { posix, win32 } from 'node:path';

/** What decides where a program keeps its data. */
export interface Surroundings {
  readonly platform: string;
  /** The person's home directory. */
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
}

/**
 * The data directory: the one that was named, else the platform's own place (XDG Base Directory
 * Specification; Application Support on macOS; the roaming folder on Windows).
 */
export function dataDirectoryPath(named: string | undefined, around: Surroundings): string {
  const { platform, home, environment, workingDirectory } = around;
  if (platform === 'win32') {
    if (named !== undefined) return win32.resolve(workingDirectory, named);
    const roaming = environment['APPDATA'] ?? win32.join(home, 'AppData', 'Roaming');
    return win32.join(roaming, 'Cloudroll');
  }
  if (named !== undefined) return posix.resolve(workingDirectory, named);
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'Cloudroll');
  const xdg = environment['XDG_DATA_HOME'];
  // The specification has relative paths ignored.
  const base =
    xdg !== undefined && posix.isAbsolute(xdg) ? xdg : posix.join(home, '.local', 'share');
  return posix.join(base, 'cloudroll');
}
