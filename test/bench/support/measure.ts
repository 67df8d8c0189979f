import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';

/** A program to run and measure. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** What it reads on standard input. */
  readonly input?: string;
  /** Throws its output away instead of reading it, for programs that write a line for each file. */
  readonly discardOutput?: boolean;
  /** Ends the measurement, and the program, with the first line of output that this is true of. */
  readonly until?: (line: string) => boolean;
}

/** What a program cost, with everything that it started. */
export interface Measured {
  /** From its start to its end, or to the line that was waited for. */
  readonly seconds: number;
  /** User and system time, to the end; null where GNU time is missing. */
  readonly cpuSeconds: number | null;
  /** Resident memory of its largest process at its peak; null where GNU time is missing. */
  readonly peakMegabytes: number | null;
  /** The last lines of its output. */
  readonly lines: readonly string[];
}

/** GNU time: what the kernel accounts to a process and to those that it waited for. */
export const timeProgram = '/usr/bin/time';

const keptLines = 100;
const longestRunMs = 20 * 60_000;

/**
 * Runs a program to its end in a process group of its own, which ends with the signal.
 * @throws where it cannot be started, fails, or ends before the line that was waited for
 */
export async function measure(command: Command, signal: AbortSignal): Promise<Measured> {
  signal.throwIfAborted();
  const scratch = await mkdtemp(join(tmpdir(), 'cloudroll-bench-time-'));
  try {
    const account = join(scratch, 'time');
    const started = performance.now();
    const child = start(command, account);
    const stop = killGroupOn(AbortSignal.any([signal, AbortSignal.timeout(longestRunMs)]), child);
    const { lines, reachedAt } = await follow(child, command).finally(stop);
    const seconds = ((reachedAt ?? performance.now()) - started) / 1000;
    signal.throwIfAborted();
    return { seconds, ...(await readAccount(account)), lines };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function start(command: Command, account: string): ChildProcess {
  const { program, args, environment, discardOutput } = command;
  const timed = existsSync(timeProgram);
  const words = timed ? ['-o', account, '-f', '%U %S %M', program, ...args] : args;
  const child = spawn(timed ? timeProgram : program, words, {
    detached: true,
    env: { ...process.env, LANG: 'C.UTF-8', ...environment },
    stdio: ['pipe', discardOutput === true ? 'ignore' : 'pipe', 'pipe'],
  });
  // A program that does not read its input is no failure.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(command.input ?? '');
  return child;
}

/** Reads what the program says until it ends. */
async function follow(
  child: ChildProcess,
  { program, until }: Command,
): Promise<{ lines: readonly string[]; reachedAt: number | null }> {
  const lines: string[] = [];
  let said = '';
  const point: { reachedAt: number | null } = { reachedAt: null };
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2000);
  });
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
      if (point.reachedAt !== null || until?.(line) !== true) return;
      point.reachedAt = performance.now();
      signalGroup(child, 'SIGINT');
    });
  }
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (until === undefined && status !== 0) {
    throw new Error(`${program} ended with ${String(status)}: ${said}${lines.join('\n')}`);
  }
  if (until !== undefined && point.reachedAt === null) {
    throw new Error(`${program} ended before it came to the point: ${said}`);
  }
  return { lines, reachedAt: point.reachedAt };
}

async function readAccount(
  file: string,
): Promise<{ cpuSeconds: number | null; peakMegabytes: number | null }> {
  const text = await readFile(file, 'utf8').catch(() => '');
  // Lines before the last say how the program ended.
  const [user, system, kibibytes] = (text.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  if (user === undefined || system === undefined || kibibytes === undefined) {
    return { cpuSeconds: null, peakMegabytes: null };
  }
  return { cpuSeconds: user + system, peakMegabytes: (kibibytes * 1024) / 1e6 };
}

/** Ends the group when the signal aborts; returns what takes that back. */
export function killGroupOn(signal: AbortSignal, child: ChildProcess): () => void {
  const kill = (): void => {
    signalGroup(child, 'SIGKILL');
  };
  if (signal.aborted) kill();
  else signal.addEventListener('abort', kill, { once: true });
  return () => {
    signal.removeEventListener('abort', kill);
  };
}

/** Signals a program that leads a group of its own, and all that it started. */
export function signalGroup(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch {
    // It ended meanwhile.
  }
}
