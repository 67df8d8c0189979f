/** `npm test [-- STEP…]`: runs the steps, says what each one did and took, and closes with the sum. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provideS3 } from '../../../test/support/services/global-setup.ts';
import { buildWhatChanged } from '../build/build.ts';
import { targetNames } from '../build/targets.ts';
import { runStep, type StepResult } from './run-step.ts';
import { allSteps, type Step } from './steps.ts';

/** The first Ctrl-C ends the steps and the services in good order, a second one everything at once. */
const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (interrupt.signal.aborted) process.exit(1);
    interrupt.abort();
  });
}

/** Each waits for much and keeps more than one core busy now and then: together they leave none idle. */
const STEPS_AT_ONCE = 2;

const reports = await mkdtemp(join(tmpdir(), 'cloudroll-test-'));
try {
  process.exitCode = await main(process.argv.slice(2));
} finally {
  await rm(reports, { recursive: true });
}

async function main(names: readonly string[]): Promise<number> {
  const steps = allSteps(reports);
  const unknown = names.find((name) => !steps.some((step) => step.name === name));
  if (unknown !== undefined) {
    console.error(
      `There is no step "${unknown}"; the steps are ${steps.map((s) => s.name).join(', ')}.`,
    );
    return 2;
  }
  const chosen = steps.filter(({ name }) => names.length === 0 || names.includes(name));
  const started = performance.now();
  // Before the steps: two builds at once would write the same files.
  if (chosen.some(({ build }) => build)) await buildWhatChanged(targetNames, false);
  const results = await runSteps(chosen);
  report(chosen, results, (performance.now() - started) / 1000);
  return results.length < chosen.length || results.some(({ failed }) => failed > 0) ? 1 : 0;
}

/** Some at once, the next as soon as one has ended; one S3 server for all that need one. */
async function runSteps(steps: readonly Step[]): Promise<StepResult[]> {
  const services = steps.some((step) => step.services) ? provideS3() : null;
  // Told by the steps that wait for it.
  services?.catch(() => undefined);
  const results: StepResult[] = [];
  const waiting = steps.values();
  const work = async (): Promise<void> => {
    for (const step of waiting) {
      if (interrupt.signal.aborted) return;
      results.push(await runWithServices(step, services));
    }
  };
  await Promise.all(Array.from({ length: STEPS_AT_ONCE }, work));
  await services?.then(
    ({ stop }) => stop(),
    () => undefined,
  );
  return results;
}

async function runWithServices(step: Step, services: Promise<unknown> | null): Promise<StepResult> {
  try {
    if (step.services) await services;
    return await runStep(step, interrupt.signal);
  } catch (error) {
    console.error(error);
    return { name: step.name, seconds: 0, passed: 0, failed: 1, failures: [], skipped: [] };
  }
}

function report(steps: readonly Step[], results: readonly StepResult[], seconds: number): void {
  const byName = new Map(results.map((result) => [result.name, result]));
  console.log(
    `\n${'step'.padEnd(12)}${'passed'.padStart(9)}${'failed'.padStart(9)}${'skipped'.padStart(9)}${'seconds'.padStart(9)}`,
  );
  for (const { name } of steps) {
    const result = byName.get(name);
    const cells =
      result === undefined
        ? ['interrupted']
        : [result.passed, result.failed, result.skipped.length, result.seconds.toFixed(1)];
    console.log(name.padEnd(12) + cells.map((cell) => String(cell).padStart(9)).join(''));
  }
  console.log(`${'together'.padEnd(12)}${seconds.toFixed(1).padStart(36)}\n`);
  for (const { name, skipped } of results) {
    for (const test of skipped) console.log(`skipped in ${name}: ${test}`);
  }
  for (const { name, failures } of results) {
    for (const test of failures) console.log(`failed in ${name}: ${test}`);
  }
  const sum = (value: (result: StepResult) => number): number =>
    results.reduce((total, result) => total + value(result), 0);
  const interrupted = steps.length - results.length;
  const skipped = sum((result) => result.skipped.length);
  console.log(
    `${sum(({ passed }) => passed)} passed, ${sum(({ failed }) => failed) + interrupted} failed` +
      (skipped > 0 ? `, ${skipped} skipped` : ''),
  );
}
