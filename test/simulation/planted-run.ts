import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { z } from 'zod';

import { plantedBugs } from './planted.ts';
import type { PlantedBug } from './planted.ts';

/**
 * Plants each bug in turn and runs schedules until one of them breaks a promise, then the same schedules
 * without a bug, which must all pass: `npm run test:planted [-- NAME…]`. A bug that goes unnoticed is a
 * hole in the simulation, and the exit status says so. Bugs that show in the same kind of world share the
 * schedules without a bug: those of the one that took longest hold those of all.
 */
const most = 3000;
const atOnce = 2;
const only = process.argv.slice(2);
const chosen = plantedBugs.filter(({ name }) => only.length === 0 || only.includes(name));
const missed = new Set<string>();

interface World {
  /** Any bug of this kind of world. */
  readonly focus: string;
  readonly names: string[];
  schedules: number;
}

/** Kinds of world by what the bugs name as theirs. */
const worlds = new Map<unknown, World>();

async function plant({ name, focus }: PlantedBug): Promise<void> {
  const { failure, passed } = await hunt(['--planted', name], most);
  if (failure === null) {
    missed.add(name);
    process.stdout.write(`${name}: NOT CAUGHT in ${String(passed)} schedules\n`);
    return;
  }
  const schedules = passed + 1;
  process.stdout.write(`${name}: caught by “${failure}” after ${String(schedules)} schedules\n`);
  const world = worlds.get(focus) ?? { focus: name, names: [], schedules: 0 };
  world.names.push(name);
  world.schedules = Math.max(world.schedules, schedules);
  worlds.set(focus, world);
}

async function tryWithout({ focus, names, schedules }: World): Promise<void> {
  const { failure } = await hunt(['--focus', focus], schedules);
  const verdict = failure === null ? 'passed' : `BROKEN WITHOUT A BUG (“${failure}”)`;
  if (failure !== null) for (const name of names) missed.add(name);
  process.stdout.write(
    `${String(schedules)} schedules without a bug: ${verdict} (${names.join(', ')})\n`,
  );
}

const lastLine = z.object({
  passed: z.number(),
  failures: z.array(z.object({ invariant: z.string() })),
});

async function hunt(
  what: readonly string[],
  count: number,
): Promise<{ failure: string | null; passed: number }> {
  const runner = fileURLToPath(new URL('run.ts', import.meta.url));
  const range = ['--count', String(count), '--workers', '1', '--failures', '1', '--no-shrink'];
  const output = await outputOf([runner, ...range, ...what]);
  const summary: unknown = JSON.parse(output.trimEnd().split('\n').at(-1) ?? '');
  const { passed, failures } = lastLine.parse(summary);
  return { failure: failures[0]?.invariant ?? null, passed };
}

function outputOf(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => {
      resolve(Buffer.concat(chunks).toString('utf8'));
    });
  });
}

/** The work on all of them, a few at once. */
async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const worker = async (): Promise<void> => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

await each(chosen, plant);
const longestFirst = [...worlds.values()].sort((one, other) => other.schedules - one.schedules);
await each(longestFirst, tryWithout);
process.stdout.write(
  `${JSON.stringify({ passed: chosen.length - missed.size, failed: missed.size, missed: [...missed] })}\n`,
);
process.exitCode = missed.size > 0 ? 1 : 0;
