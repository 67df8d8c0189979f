import type { ScheduleResult, Suppressed } from './schedule.ts';

export interface Shrunk {
  readonly result: ScheduleResult;
  readonly suppressed: Suppressed;
}

/**
 * Leaves out faults and events, as many at once as possible, as long as the same promise breaks. Greedy,
 * from halves down to single decisions; stops when `enough` says so.
 */
export async function shrink(
  first: ScheduleResult,
  run: (suppressed: Suppressed) => Promise<ScheduleResult>,
  enough: () => boolean,
): Promise<Shrunk> {
  let best: Shrunk = { result: first, suppressed: { faults: new Set(), events: new Set() } };
  for (const kind of ['faults', 'events', 'faults'] as const) {
    let size = Math.max(1, best.result[kind].length >> 1);
    for (;;) {
      const ordinals = best.result[kind].map(({ ordinal }) => ordinal);
      let smaller = false;
      for (let start = 0; start < ordinals.length && !enough(); start += size) {
        const left = new Set([...best.suppressed[kind], ...ordinals.slice(start, start + size)]);
        const suppressed: Suppressed = { ...best.suppressed, [kind]: left };
        const result = await run(suppressed);
        if (result.failure?.invariant !== first.failure?.invariant) continue;
        best = { result, suppressed };
        smaller = true;
        break;
      }
      if (enough()) return best;
      if (smaller) continue;
      if (size === 1) break;
      size >>= 1;
    }
  }
  return best;
}
