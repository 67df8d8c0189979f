import { enableCompileCache } from 'node:module';

import type { Focus } from '../support/simulation/world-options.ts';
import { parseArguments } from './arguments.ts';
import type { SimulationArguments } from './arguments.ts';
import { plant, plantedBug } from './plant.ts';
import { forbidRealTime } from './real-time-guard.ts';
import { renderFailure } from './render-failure.ts';
import type { ScheduleResult, Suppressed } from './schedule.ts';

/**
 * Runs every `workers`-th seed of a range and reports to the parent process. The engine is loaded only
 * after a planted bug, if any, has been registered.
 */
export interface WorkerReport {
  readonly passed: number;
  readonly failures: readonly {
    readonly seed: number;
    readonly invariant: string;
    readonly text: string;
  }[];
  readonly steps: number;
}

const shrinkMs = 20_000;
/** Lines of a stack that tell where a bug is; none are taken before there is one, because that takes time. */
const stackLines = 12;

export async function runSeeds(
  options: SimulationArguments,
  worker: number,
  workers: number,
): Promise<WorkerReport> {
  const focus = focusOf(options);
  // Many short runs, one for each planted bug, load the same engine.
  enableCompileCache();
  const { runSchedule } = await import('./schedule.ts');
  const { makeCataloguePool, runEngine } = await import('./engine-under-test.ts');
  const catalogues = makeCataloguePool();
  const clock = forbidRealTime();
  const failures: WorkerReport['failures'][number][] = [];
  let passed = 0;
  let steps = 0;
  Error.stackTraceLimit = 0;
  for (let index = worker; index < options.count; index += workers) {
    const seed = options.seed + index;
    const result = await runSchedule(seed, runEngine, { catalogues, focus });
    steps += result.steps;
    if (options.trace && options.count === 1) process.stdout.write(`${result.trace.join('\n')}\n`);
    if (result.failure === null) {
      passed += 1;
      continue;
    }
    Error.stackTraceLimit = stackLines;
    const run = (suppressed: Suppressed): Promise<ScheduleResult> =>
      runSchedule(seed, runEngine, { suppressed, catalogues, focus });
    const deadline = clock.now() + (options.shrink ? shrinkMs : 0);
    const again = await run({ faults: new Set(), events: new Set() });
    const told = again.failure === null ? result : again;
    const text = await renderFailure(told, run, () => clock.now() > deadline, options);
    Error.stackTraceLimit = 0;
    failures.push({ seed, invariant: result.failure.invariant, text });
    if (failures.length >= (options.planted === null ? options.failures : 1)) break;
  }
  return { passed, failures, steps };
}

/** Plants the bug, if any; gives the kind of world to run. */
function focusOf({ planted, focus }: SimulationArguments): Focus {
  if (planted !== null) return plant(planted);
  return focus === null ? {} : (plantedBug(focus).focus ?? {});
}

if (process.send !== undefined) {
  const [worker = '0', workers = '1', ...rest] = process.argv.slice(2);
  const report = await runSeeds(parseArguments(rest), Number(worker), Number(workers));
  process.send(report, () => {
    process.disconnect();
  });
}
