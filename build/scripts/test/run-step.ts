import { spawn, type ChildProcess } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { countsOf, type Counts } from './counts.ts';
import type { Command, Step } from './steps.ts';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

/** A step that takes longer hangs, on a slow machine too. */
const STEP_LIMIT_MS = 40 * 60_000;

export interface StepResult extends Counts {
  readonly name: string;
  readonly seconds: number;
}

/** Runs the commands of a step, all of them, and prints what they say under the step's name. */
export async function runStep(step: Step, signal: AbortSignal): Promise<StepResult> {
  const started = performance.now();
  const all: Counts[] = [];
  for (const command of step.commands) all.push(await runCommand(step.name, command, signal));
  return {
    name: step.name,
    seconds: (performance.now() - started) / 1000,
    failures: all.flatMap(({ failures }) => failures),
    passed: all.reduce((sum, { passed }) => sum + passed, 0),
    failed: all.reduce((sum, { failed }) => sum + failed, 0),
    skipped: all.flatMap(({ skipped }) => skipped),
  };
}

async function runCommand(name: string, command: Command, signal: AbortSignal): Promise<Counts> {
  const child = spawn(process.execPath, command.args, {
    cwd: REPOSITORY,
    env: { ...process.env, PATH: pathWithOwnNode(), ...colours() },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: AbortSignal.any([signal, AbortSignal.timeout(STEP_LIMIT_MS)]),
  });
  const ended = statusOf(child);
  let lastLine = '';
  const print = async (stream: NodeJS.ReadableStream | null): Promise<void> => {
    if (stream === null) return;
    for await (const line of createInterface({ input: stream })) {
      if (line.trim() !== '') lastLine = line;
      console.log(`${name.padEnd(10)} │ ${line}`);
    }
  };
  const [status] = await Promise.all([ended, print(child.stdout), print(child.stderr)]);
  return countsOf(command.counting, status === 0, lastLine);
}

/** The exit status; null where a signal, a limit or the system ended it. */
function statusOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(error.message);
      resolve(null);
    });
    child.on('close', (code) => {
      resolve(code);
    });
  });
}

/** Output goes through a pipe: whether the end of it is a terminal is known here only. */
function colours(): NodeJS.ProcessEnv {
  return process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1', FORCE_COLOR: undefined };
}

/** What the steps start by name (`node`, `npx`) is to be the project's own too. */
function pathWithOwnNode(): string {
  const own = join(REPOSITORY, 'node_modules', '.bin');
  return [own, process.env['PATH'] ?? ''].join(delimiter);
}
