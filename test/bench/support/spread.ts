import type { Command } from './measure.ts';

/** A program over many files, its share of them for each of so many processes. */
export function perProcess(
  processes: number,
  command: readonly string[],
  files: readonly string[],
  environment: Command['environment'] = {},
): Command {
  return spread(processes, Math.ceil(files.length / processes), command, files, environment);
}

/** A program that takes one file, started for each of them, so many at once. */
export function perFile(
  processes: number,
  command: readonly string[],
  files: readonly string[],
): Command {
  return spread(processes, 1, command, files, {});
}

function spread(
  processes: number,
  filesEach: number,
  command: readonly string[],
  files: readonly string[],
  environment: Command['environment'] = {},
): Command {
  return {
    program: 'xargs',
    args: ['-0', '-P', String(processes), '-n', String(filesEach), ...command],
    input: files.map((file) => `${file}\0`).join(''),
    environment,
  };
}
