import { spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { fail } from '../../../shared/domain/failure.ts';

interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

/**
 * Shows a file in the computer's file manager, selected where the system can. Nothing goes through a shell.
 *
 * Sources: `open(1)` of macOS; Explorer's `/select`; the interface org.freedesktop.FileManager1, with
 * `xdg-open` of the folder for file managers that lack it.
 */
export function systemReveal(
  platform: string,
): (file: string, signal: AbortSignal) => Promise<void> {
  return async (file, signal) => {
    for (const command of commandsFor(platform, file)) {
      if (await runs(command, signal)) return;
    }
    throw fail('unsupported', 'The file manager could not be opened on this computer.', {
      hint: `Open the folder yourself: ${path.dirname(file)}`,
    });
  };
}

function commandsFor(platform: string, file: string): Command[] {
  if (platform === 'darwin') return [{ program: 'open', args: ['-R', file] }];
  if (platform === 'win32') return [{ program: 'explorer.exe', args: [`/select,${file}`] }];
  const address = pathToFileURL(file).href;
  return [
    {
      program: 'gdbus',
      args: [
        ...['call', '--session', '--dest', 'org.freedesktop.FileManager1'],
        ...['--object-path', '/org/freedesktop/FileManager1'],
        ...['--method', 'org.freedesktop.FileManager1.ShowItems', JSON.stringify([address]), ''],
      ],
    },
    { program: 'xdg-open', args: [path.dirname(file)] },
  ];
}

/** Explorer ends with 1 also when it did what it was asked for. */
function runs({ program, args }: Command, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore', signal });
    child.once('error', () => {
      resolve(false);
    });
    child.once('exit', (status) => {
      resolve(status === 0 || program === 'explorer.exe');
    });
  });
}
