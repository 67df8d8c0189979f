import { join } from 'node:path';

/** How many tests a command ran, read from what it leaves behind. */
export type Counting =
  /** The command is one check. */
  | { readonly kind: 'exit' }
  /** vitest's JSON report in this file. */
  | { readonly kind: 'vitest'; readonly report: string }
  /** A JSON object with `passed` and `failed` as the last line of output. */
  | { readonly kind: 'lastLine' };

export interface Command {
  /** A script and its arguments, for Node. */
  readonly args: readonly string[];
  readonly counting: Counting;
}

export interface Step {
  readonly name: string;
  /** Whether its tests need the S3 server. */
  readonly services: boolean;
  /** Whether its tests start what was built. */
  readonly build: boolean;
  readonly commands: readonly Command[];
}

/** Schedules that the simulation tries in every run; more by `npm run simulate -- --count N`. */
const SIMULATED_SCHEDULES = 20_000;

/**
 * Every step, those that take long first: they start in this order, two at a time, and so both lanes end at about
 * the same moment.
 */
export function allSteps(reports: string): readonly Step[] {
  const check = (...args: string[]): Command => ({ args, counting: { kind: 'exit' } });
  const vitest = (project: string): Command => {
    const report = join(reports, `${project}.json`);
    return {
      args: [
        ...['node_modules/vitest/vitest.mjs', 'run', '--project', project],
        ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
      ],
      counting: { kind: 'vitest', report },
    };
  };
  const simulation: Command = {
    args: ['test/simulation/run.ts', '--count', String(SIMULATED_SCHEDULES)],
    counting: { kind: 'lastLine' },
  };
  const planted: Command = {
    args: ['test/simulation/planted-run.ts'],
    counting: { kind: 'lastLine' },
  };
  const plain = { services: false, build: false };
  return [
    { name: 'simulation', ...plain, commands: [simulation, planted] },
    { name: 'app', services: false, build: true, commands: [vitest('app')] },
    { name: 'e2e', services: true, build: true, commands: [vitest('e2e')] },
    { name: 'contract', services: true, build: false, commands: [vitest('contract')] },
    { name: 'crash', services: true, build: false, commands: [vitest('crash')] },
    {
      name: 'lint',
      ...plain,
      commands: [
        check('node_modules/eslint/bin/eslint.js', '.'),
        check('node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'),
        check('node_modules/knip/bin/knip.js'),
      ],
    },
    { name: 'unit', ...plain, commands: [vitest('unit')] },
    {
      name: 'types',
      ...plain,
      commands: [
        check('node_modules/typescript/bin/tsc', '--noEmit'),
        ...['renderer', 'electron/preload', 'electron/hosts/web/browser'].map((project) =>
          check('node_modules/typescript/bin/tsc', '--noEmit', '-p', project),
        ),
      ],
    },
  ];
}
