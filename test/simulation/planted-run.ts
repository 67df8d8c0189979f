import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { z } from 'zod';

import { makeCataloguePool, runEngine } from './engine-under-test.ts';
import { plantedBugs } from './planted.ts';
import type { PlantedBug } from './planted.ts';
import { forbidRealTime } from './real-time-guard.ts';
import { runSchedule } from './schedule.ts';

/**
 * Plants each bug in turn and runs schedules until one of them breaks a promise, then that very schedule
 * without the bug, which must pass: `npm run test:planted [-- NAME…]`. A bug that goes unnoticed is a hole in
 * the simulation, and the exit status says so.
 */
const most = 3000;
const atOnce = 2;
const only = process.argv.slice(2);
const chosen = plantedBugs.filter(({ name }) => only.length === 0 || only.includes(name));
const missed = new Set<string>();

/** A schedule that caught bugs of one kind of world. */
interface Catch {
  readonly seed: number;
  readonly focus: PlantedBug['focus'];
  readonly names: string[];
}

const catches: Catch[] = [];

async function plant({ name, focus, seed = 1 }: PlantedBug): Promise<void> {
  const { failure, passed } = await hunt(name, seed);
  if (failure === undefined) {
    missed.add(name);
    process.stdout.write(`${name}: NOT CAUGHT in ${String(passed)} schedules\n`);
    return;
  }
  process.stdout.write(
    `${name}: caught by “${failure.invariant}” with seed ${String(failure.seed)} (${String(passed + 1)} schedules)\n`,
  );
  const same = catches.find((other) => other.focus === focus && other.seed === failure.seed);
  if (same === undefined) catches.push({ seed: failure.seed, focus, names: [name] });
  else same.names.push(name);
}

/** The schedules that caught a bug, on the engine as it is: it was the bug that broke the promise. */
async function tryWithout(): Promise<void> {
  const catalogues = makeCataloguePool();
  forbidRealTime();
  for (const { seed, focus = {}, names } of catches) {
    const { failure } = await runSchedule(seed, runEngine, { catalogues, focus });
    if (failure === null) continue;
    for (const name of names) missed.add(name);
    process.stdout.write(
      `Seed ${String(seed)} is BROKEN WITHOUT A BUG by “${failure.invariant}” (${names.join(', ')})\n` +
        `  See it again: npm run simulate -- --seed ${String(seed)} --count 1 --focus ${names[0] ?? ''}\n`,
    );
  }
  process.stdout.write(`${String(catches.length)} schedules that caught bugs: tried without\n`);
}

const lastLine = z.object({
  passed: z.number(),
  failures: z.array(z.object({ seed: z.number(), invariant: z.string() })),
});

async function hunt(
  name: string,
  seed: number,
): Promise<{ failure: { seed: number; invariant: string } | undefined; passed: number }> {
  const runner = fileURLToPath(new URL('run.ts', import.meta.url));
  const range = ['--seed', String(seed), '--count', String(most)];
  const how = ['--workers', '1', '--failures', '1', '--no-shrink'];
  const output = await outputOf([runner, ...range, ...how, '--planted', name]);
  const summary: unknown = JSON.parse(output.trimEnd().split('\n').at(-1) ?? '');
  const { passed, failures } = lastLine.parse(summary);
  return { failure: failures[0], passed };
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

/** The hunts, a few at once. */
async function plantAll(): Promise<void> {
  const waiting = chosen.values();
  const worker = async (): Promise<void> => {
    for (const bug of waiting) await plant(bug);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

await plantAll();
await tryWithout();
process.stdout.write(
  `${JSON.stringify({ passed: chosen.length - missed.size, failed: missed.size, missed: [...missed] })}\n`,
);
process.exitCode = missed.size > 0 ? 1 : 0;
