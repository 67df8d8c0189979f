import { parseArgs } from 'node:util';

/** What a run of the benchmarks was asked for. */
export interface BenchOptions {
  /** Groups of rows to measure; empty: all. */
  readonly only: readonly string[];
  /** Share of the full sizes, above 0 and at most 1. */
  readonly scale: number;
  /** Whether the inputs stay for the next run. */
  readonly keep: boolean;
  /** File for the JSON; the table goes beside it. Null: the documentation, after a full run only. */
  readonly output: string | null;
}

export const usage = `usage: npm run bench -- [--only GROUP]… [--scale 0.1] [--keep] [--output FILE.json]`;

/**
 * Reads the command line.
 * @throws an Error that says what is wrong with it
 */
export function parseOptions(args: readonly string[], groups: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      scale: { type: 'string', default: '1' },
      keep: { type: 'boolean', default: false },
      output: { type: 'string' },
    },
  });
  const scale = Number(values.scale);
  if (!(scale > 0 && scale <= 1)) throw new Error('--scale is a number above 0 and at most 1');
  const unknown = values.only.find((name) => !groups.includes(name));
  if (unknown !== undefined) {
    throw new Error(`there is no group ${unknown}; the groups are ${groups.join(', ')}`);
  }
  return { only: values.only, scale, keep: values.keep, output: values.output ?? null };
}
