import { z } from 'zod';

import { count } from '../support/bench.ts';
import { runScript } from '../support/program.ts';
import { present, rowOf } from '../support/row.ts';
import type { Group } from './group.ts';

const reportSchema = z.object({
  measures: z.array(
    z.object({
      name: z.string(),
      value: z.number(),
      unit: z.string(),
      goal: z.number().optional(),
    }),
  ),
});

/** Shown although they have no goal; the program prints more. */
const shown = ['photos recorded and proven at two destinations', 'database', 'open', 'peak memory'];

/** What the catalogue of a very large library answers, and how fast; see `catalog.bench.ts`. */
export const catalogueGroup: Group = {
  name: 'catalogue',
  measure: async (bench) => {
    const { sizes } = bench;
    const args = ['--json', '--count', String(sizes.assets)];
    const { lines } = await runScript('catalog.bench.ts', args, bench);
    const { measures } = reportSchema.parse(JSON.parse(lines.at(-1) ?? ''));
    const rows = measures.filter(({ name, goal }) => goal !== undefined || shown.includes(name));
    return present(
      rows.map(({ name, value, unit, goal }) =>
        rowOf({
          id: `catalogue-${name.replaceAll(/[^a-z]+/gu, '-')}`,
          what: `Catalogue of ${count(sizes.assets, 'photos')}: ${name}`,
          unit,
          ours: value,
          ...(goal === undefined
            ? {}
            : {
                goal: {
                  of: 'value',
                  direction: unit === '/s' ? 'atLeast' : 'atMost',
                  limit: goal,
                },
              }),
        }),
      ),
    );
  },
};
