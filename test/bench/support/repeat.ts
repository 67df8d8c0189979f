import { type Measured, measure } from './measure.ts';

/** One side of a comparison: prepares afresh, runs, checks and clears away. */
export type Contestant<Name extends string> = readonly [Name, () => Promise<Measured>];

/**
 * Measures all sides in turn, so many times, and gives for each the run with the median time. In turn,
 * because a machine that slows down meanwhile then slows all of them.
 */
export async function inTurn<Name extends string>(
  rounds: number,
  contestants: readonly Contestant<Name>[],
  signal: AbortSignal,
): Promise<ReadonlyMap<Name, Measured>> {
  const runs = new Map<Name, Measured[]>(contestants.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of contestants) {
      await settleDisk(signal);
      runs.get(name)?.push(await run());
    }
  }
  const medians = new Map<Name, Measured>();
  for (const [name, all] of runs) {
    const sorted = all.toSorted((a, b) => a.seconds - b.seconds);
    const median = sorted[Math.floor((sorted.length - 1) / 2)];
    if (median !== undefined) medians.set(name, median);
  }
  return medians;
}

/** Lets the disk finish what was written before, so that nobody pays for somebody else's writing. */
async function settleDisk(signal: AbortSignal): Promise<void> {
  await measure({ program: 'sync', args: [] }, signal);
}
