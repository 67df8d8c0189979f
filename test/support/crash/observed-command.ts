import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { binPath } from '../cli/run-cli.ts';
import { observationVariable, type Observation, type Step, type Strike } from './strike.ts';

const compileCache = fileURLToPath(
  new URL('../../../node_modules/.cache/cloudroll-crash', import.meta.url),
);
const observer = new URL('observer.ts', import.meta.url).href;

export interface ObservedRun {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whether the strike was reached. */
  readonly struck: boolean;
  readonly steps: readonly Step[];
  readonly output: string;
  readonly errors: string;
  readonly milliseconds: number;
}

/** Runs the real command in a process of its own that notes its steps. */
export async function runObserved(
  args: readonly string[],
  options: {
    readonly log: string;
    readonly watched: readonly string[];
    readonly strike?: Strike;
    readonly environment: Readonly<Record<string, string>>;
  },
): Promise<ObservedRun> {
  const { log, watched, strike = null, environment } = options;
  const observation: Observation = { log, watched, strike };
  const started = performance.now();
  const child = spawn(process.execPath, [binPath, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limitMs,
    killSignal: 'SIGKILL',
    env: {
      ...process.env,
      ...environment,
      NODE_OPTIONS: `--import=${observer}`,
      // Worker threads compile anew what the launcher's own cache keeps for the main thread only.
      NODE_COMPILE_CACHE: compileCache,
      [observationVariable]: JSON.stringify(observation),
    },
  });
  const [output, errors] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  const noted = stepsOf(log);
  return {
    status: child.exitCode,
    signal: child.signalCode,
    struck: noted.some(({ name }) => name === 'struck'),
    steps: noted.filter(({ name }) => name !== 'struck'),
    output,
    errors,
    milliseconds: performance.now() - started,
  };
}

/** Every step of a run, as places to strike it. */
export function strikesAt(steps: readonly Step[]): Strike[] {
  const seen = new Map<string, number>();
  return steps.map(({ name }) => {
    const occurrence = (seen.get(name) ?? 0) + 1;
    seen.set(name, occurrence);
    return { step: name, occurrence, signal: 'SIGKILL' };
  });
}

/** The last JSON object of `--json`. */
export function summaryOf({ output }: ObservedRun): Readonly<Record<string, unknown>> {
  const last: unknown = JSON.parse(output.trimEnd().split('\n').at(-1) ?? '');
  if (typeof last !== 'object' || last === null) throw new Error('the summary is no object');
  return { ...last };
}

const limitMs = 60_000;

function stepsOf(log: string): Step[] {
  if (!existsSync(log)) return [];
  const lines = readFileSync(log, 'utf8').split('\n');
  // Written by the observer of the process that has just ended.
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Step);
}
