import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The command that people type. */
export const binPath = fileURLToPath(new URL('../../../build/bin/cloudroll.mjs', import.meta.url));

/** A line of `--json`. */
export type JsonLine = Readonly<Record<string, unknown>>;

export interface CliResult {
  /** Null where a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Lines of standard output, each of which must be JSON. */
  readonly json: () => JsonLine[];
  /** The last of them. */
  readonly last: () => JsonLine;
}

export interface CliOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** A shell command that runs before, in a mount namespace of its own; needs root. */
  readonly mounting?: string;
  /** A program with arguments that runs the command. */
  readonly within?: readonly string[];
  /** User to run as; needs root. */
  readonly uid?: number;
  /** Is given each piece of standard output. */
  readonly onOutput?: (child: ChildProcessWithoutNullStreams, stdout: string) => void;
}

/** Variables that change what the command says or does must not come from who runs the tests. */
const neutral = { LANG: 'en_US.UTF-8', LC_ALL: '', LC_MESSAGES: '', NO_COLOR: '', TERM: 'xterm' };

/** Runs the real command and waits for its end. */
export async function runCli(
  args: readonly string[],
  options: CliOptions = {},
): Promise<CliResult> {
  const { environment, cwd, mounting, within = [], uid, onOutput } = options;
  const command =
    mounting === undefined
      ? [...within, process.execPath, binPath, ...args]
      : [
          ...['unshare', '--mount', '--propagation', 'private', 'sh', '-c'],
          ...[`${mounting} && exec "$@"`, 'sh', process.execPath, binPath, ...args],
        ];
  const [program = '', ...rest] = command;
  const child = spawn(program, rest, {
    cwd,
    env: { ...process.env, ...neutral, ...environment },
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  child.stdin.end();
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    onOutput?.(child, stdout);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const json = (): JsonLine[] =>
    stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as JsonLine);
  return {
    status,
    stdout,
    stderr,
    json,
    last: () => {
      const line = json().at(-1);
      if (line === undefined) throw new Error(`no output; standard error: ${stderr}`);
      return line;
    },
  };
}
