import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { z } from 'zod';

import { plantedBugs } from './planted.ts';

/**
 * Plants each bug in turn and runs schedules until one of them breaks a promise, then the same schedules
 * without the bug, which must all pass: `npm run test:planted [-- NAME…]`. A bug that goes unnoticed is a
 * hole in the simulation, and the exit status says so.
 */
const most = 3000;
const atOnce = 2;
const only = process.argv.slice(2);
const waiting = plantedBugs.filter(({ name }) => only.length === 0 || only.includes(name));
const total = waiting.length;
const missed: string[] = [];

async function work(): Promise<void> {
  for (let bug = waiting.shift(); bug !== undefined; bug = waiting.shift()) {
    const { name } = bug;
    const verdict = await judge(name);
    if (!verdict.startsWith('caught')) missed.push(name);
    process.stdout.write(`${name}: ${verdict}\n`);
  }
}

async function judge(name: string): Promise<string> {
  const planted = await hunt(['--planted', name], most);
  if (planted.failure === null) return `NOT CAUGHT in ${String(planted.passed)} schedules`;
  const schedules = planted.passed + 1;
  const clean = await hunt(['--focus', name], schedules);
  if (clean.failure !== null) return `BROKEN WITHOUT IT too (“${clean.failure}”)`;
  return `caught by “${planted.failure}” after ${String(schedules)} schedules`;
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

await Promise.all(Array.from({ length: atOnce }, () => work()));
process.stdout.write(
  `${JSON.stringify({ passed: total - missed.length, failed: missed.length, missed })}\n`,
);
process.exitCode = missed.length > 0 ? 1 : 0;
