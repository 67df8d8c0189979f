import { CataloguePool } from '../support/simulation/catalogue-pool.ts';
import { sha256Of } from '../support/simulation/destination-view.ts';
import type { RunEngine, RunSummary } from '../support/simulation/engine-session.ts';
import {
  checkAllBackedUp,
  checkFigures,
  checkFilesKnown,
  checkNoDuplicates,
  checkRestorable,
  essenceOf,
} from '../support/simulation/final-invariants.ts';
import { InvariantViolation } from '../support/simulation/invariants.ts';
import { SeededRandom } from '../support/simulation/seeded-random.ts';
import { StuckError } from '../support/simulation/scheduler.ts';
import type { SimulatedDevice } from '../support/simulation/simulated-device.ts';
import { World } from '../support/simulation/world.ts';
import { restoreOrder } from '../support/simulation/world-events.ts';
import type { Focus } from '../support/simulation/world-options.ts';
import { drawWorldOptions } from '../support/simulation/world-options.ts';

/** Decisions of a schedule that are left out, by their ordinals. */
export interface Suppressed {
  readonly faults: ReadonlySet<number>;
  readonly events: ReadonlySet<number>;
}

const nothingSuppressed: Suppressed = { faults: new Set(), events: new Set() };

export interface ScheduleResult {
  readonly seed: number;
  /** Null where every promise was kept. */
  readonly failure: { readonly invariant: string; readonly message: string } | null;
  readonly traceHash: string;
  readonly trace: readonly string[];
  readonly steps: number;
  /** What went wrong and what happened, for the shrinker and for people. */
  readonly faults: readonly { readonly ordinal: number; readonly what: string }[];
  readonly events: readonly { readonly ordinal: number; readonly what: string }[];
}

export interface ScheduleOptions {
  readonly suppressed?: Suppressed;
  /** Databases to use again; saves time. */
  readonly catalogues?: CataloguePool;
  readonly focus?: Focus;
}

/** Runs one whole schedule: a disturbed time, then calm, then everything that must hold at the end. */
export async function runSchedule(
  seed: number,
  runEngine: RunEngine,
  options: ScheduleOptions = {},
): Promise<ScheduleResult> {
  const { suppressed = nothingSuppressed, catalogues = new CataloguePool(), focus } = options;
  const random = new SeededRandom(seed);
  const worldOptions = drawWorldOptions(random.fork('options'), focus);
  const world = new World(worldOptions, random, runEngine, suppressed, catalogues);
  let failure: ScheduleResult['failure'] = null;
  const onUnhandled = (reason: unknown): void => {
    const what = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
    world.breakOff(new InvariantViolation('unhandled-rejection', `Nobody waits for: ${what}`));
  };
  process.on('unhandledRejection', onUnhandled);
  try {
    await world.scheduler.run(story(world));
  } catch (error) {
    failure = failureFrom(error);
    world.trace.add(`✗ ${failure.invariant}: ${failure.message}`);
  } finally {
    world.dispose();
    process.off('unhandledRejection', onUnhandled);
  }
  return {
    seed,
    failure,
    traceHash: world.trace.hash,
    trace: world.trace.tail(400),
    steps: world.scheduler.steps,
    faults: world.faults.made,
    events: world.events.made,
  };
}

function failureFrom(error: unknown): { readonly invariant: string; readonly message: string } {
  if (error instanceof InvariantViolation) {
    return { invariant: error.invariant, message: error.message };
  }
  if (error instanceof StuckError) return { invariant: 'quiescence', message: error.message };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { invariant: 'simulation', message };
}

async function story(world: World): Promise<void> {
  await Promise.all(world.devices.map((device) => disturbedTime(world, device)));
  world.calmDown();
  restoreOrder(world);
  world.trace.add('* all is calm');
  world.time.advance(7_200_000);
  for (let round = 0; round < 2; round += 1) {
    for (const device of world.devices) await calmSync(world, device);
  }
  world.check();
  checkEnd(world);
  const after = world.random.fork('after');
  if (after.chance(0.6)) await checkQuietRun(world);
  if (after.chance(0.6)) await checkRebuild(world);
}

async function disturbedTime(world: World, device: SimulatedDevice): Promise<void> {
  for (let run = 0; run < world.options.runs; run += 1) {
    await pause(world, device);
    const { summary } = await world.sync(device);
    if (summary !== null) checkFigures(device.name, summary);
  }
}

/** A point where other devices and events may come first. */
function pause(world: World, device: SimulatedDevice): Promise<void> {
  return world.scheduler.step({
    process: world.director,
    label: `start ${device.name}`,
    faults: [],
    perform: () => undefined,
  });
}

interface CalmRun {
  readonly summary: RunSummary;
  readonly uploads: readonly string[];
}

/** A run that nothing disturbs: it must succeed and leave nothing to do. */
async function calmSync(world: World, device: SimulatedDevice): Promise<CalmRun> {
  const { summary, error, traffic } = await world.sync(device, true);
  if (summary === null) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    throw new InvariantViolation(
      'calm-run',
      `${device.name} failed though nothing is wrong: ${why}`,
    );
  }
  checkFigures(device.name, summary);
  for (const { stopped } of summary.destinations) {
    if (stopped === null) continue;
    throw new InvariantViolation(
      'calm-run',
      `${device.name} gave up a destination though nothing is wrong: ${stopped.message}`,
    );
  }
  const uploads = [...traffic.values()].flatMap((record) => [...record.uploads.keys()]);
  return { summary, uploads };
}

function checkEnd(world: World): void {
  for (const device of world.devices) {
    checkAllBackedUp(device, world.views);
    checkFilesKnown(device);
  }
  checkNoDuplicates(world.devices, world.views, world.actions.everyContent);
  checkRestorable(world.devices, world.views);
}

/** Once all is backed up, a run sends nothing and counts nothing as new or failed. */
async function checkQuietRun(world: World): Promise<void> {
  const device = world.random.fork('quiet').pick(world.devices);
  const { summary, uploads } = await calmSync(world, device);
  if (uploads.length > 0 || summary.uploaded > 0) {
    throw new InvariantViolation(
      'nothing-again',
      `${device.name} uploads ${uploads.join(', ')} again (${String(summary.uploaded)} counted).`,
    );
  }
  if (summary.failed > 0) {
    throw new InvariantViolation(
      'nothing-again',
      `${device.name} counts ${String(summary.failed)} failed.`,
    );
  }
}

/** A lost catalogue comes back from the folders and the destinations without one upload. */
async function checkRebuild(world: World): Promise<void> {
  const device = world.random.fork('rebuild').pick(world.devices);
  const before = essenceOf(device);
  device.loseCatalogue();
  world.trace.add(`* ${device.name} loses its catalogue for good`);
  const { uploads } = await calmSync(world, device);
  if (uploads.length > 0) {
    throw new InvariantViolation('rebuild', `${device.name} uploads ${uploads.join(', ')} again.`);
  }
  const after = essenceOf(device);
  if (after !== before) {
    throw new InvariantViolation('rebuild', `${device.name} had\n${before}\nand has now\n${after}`);
  }
  world.check();
  checkNoDuplicates(world.devices, world.views, world.actions.everyContent);
}

/** Identifies a schedule's outcome: equal for two runs of one seed. */
export function fingerprint(result: ScheduleResult): string {
  const text = JSON.stringify([result.traceHash, result.steps, result.failure?.invariant ?? null]);
  return sha256Of(new TextEncoder().encode(text));
}
