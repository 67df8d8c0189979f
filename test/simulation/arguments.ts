import { parseArgs } from 'node:util';

export interface SimulationArguments {
  readonly seed: number;
  readonly count: number;
  readonly planted: string | null;
  /** A planted bug whose kind of world is used, without the bug. */
  readonly focus: string | null;
  /** Print more of what happened. */
  readonly trace: boolean;
  /** Look for a smaller schedule with the same failure. */
  readonly shrink: boolean;
  readonly workers: number;
  /** Failures after which a worker stops. */
  readonly failures: number;
}

const usage =
  'npm run simulate -- [--seed S] [--count N] [--planted NAME | --focus NAME] [--trace] [--no-shrink] [--workers N] [--failures N]';

/** Reads the command line; throws a RangeError that shows the usage. */
export function parseArguments(argv: readonly string[]): SimulationArguments {
  const { values } = parseArgs({
    args: [...argv],
    allowNegative: true,
    options: {
      seed: { type: 'string', default: '1' },
      count: { type: 'string', default: '1000' },
      planted: { type: 'string' },
      focus: { type: 'string' },
      trace: { type: 'boolean', default: false },
      shrink: { type: 'boolean', default: true },
      workers: { type: 'string', default: '2' },
      failures: { type: 'string', default: '3' },
    },
  });
  return {
    seed: wholeNumber(values.seed),
    count: wholeNumber(values.count),
    planted: values.planted ?? null,
    focus: values.focus ?? null,
    trace: values.trace,
    shrink: values.shrink,
    workers: wholeNumber(values.workers),
    failures: wholeNumber(values.failures),
  };
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(usage);
  return value;
}
