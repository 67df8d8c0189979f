import { fork } from 'node:child_process';

import { parseArguments } from './arguments.ts';
import type { SimulationArguments } from './arguments.ts';
import { runSeeds } from './worker.ts';
import type { WorkerReport } from './worker.ts';

/**
 * Runs seeded schedules of the whole engine: `npm run simulate -- --seed S --count N`. The last line of
 * standard output is JSON; the exit status is 1 where a promise was broken.
 */
const options = parseArguments(process.argv.slice(2));
const started = performance.now();
const elapsed = performance.now.bind(performance);
const reports =
  options.count === 1 || options.workers < 2
    ? [await runSeeds(options, 0, 1)]
    : await Promise.all(
        Array.from({ length: options.workers }, (_, worker) => forkWorker(options, worker)),
      );
const failures = reports.flatMap((report) => report.failures).sort((a, b) => a.seed - b.seed);
for (const { text } of failures) process.stdout.write(text);
const sum = (value: (report: WorkerReport) => number): number =>
  reports.reduce((total, report) => total + value(report), 0);
const summary = {
  passed: sum((report) => report.passed),
  failed: failures.length,
  failures: failures.map(({ seed, invariant }) => ({ seed, invariant })),
  steps: sum((report) => report.steps),
  seconds: Math.round((elapsed() - started) / 100) / 10,
};
process.stdout.write(`${JSON.stringify(summary)}\n`);
process.exitCode = failures.length > 0 ? 1 : 0;

function forkWorker(argumentsOfRun: SimulationArguments, worker: number): Promise<WorkerReport> {
  const { seed, count, planted, focus, trace, shrink, workers, failures: most } = argumentsOfRun;
  const range = ['--seed', seed, '--count', count, '--failures', most];
  const args = [worker, workers, ...range].map(String);
  if (planted !== null) args.push('--planted', planted);
  if (focus !== null) args.push('--focus', focus);
  if (trace) args.push('--trace');
  if (!shrink) args.push('--no-shrink');
  const child = fork(new URL('worker.ts', import.meta.url), args);
  return new Promise((resolve, reject) => {
    child.on('message', (message) => {
      resolve(reportFrom(message));
    });
    child.on('error', reject);
    child.on('close', (code) => {
      reject(new Error(`A simulation worker ended with status ${String(code)}.`));
    });
  });
}

function reportFrom(message: unknown): WorkerReport {
  if (typeof message === 'object' && message !== null && 'passed' in message) {
    return message as WorkerReport;
  }
  throw new TypeError('A simulation worker sent something else than its report.');
}
