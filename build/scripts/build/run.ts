/** `npm run build [-- TARGET…] [--force]`: builds what is out of date and says what it did. */
import { parseArgs } from 'node:util';

import { buildWhatChanged } from './build.ts';
import { targetNames } from './targets.ts';

const { values, positionals } = parseArgs({
  options: { force: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const unknown = positionals.find((name) => !targetNames.some((target) => target === name));
if (unknown === undefined) {
  const wanted = targetNames.filter(
    (name) => positionals.length === 0 || positionals.includes(name),
  );
  for (const { name, seconds } of await buildWhatChanged(wanted, values.force)) {
    console.log(
      seconds === null ? `${name}: up to date` : `${name}: built in ${seconds.toFixed(1)} s`,
    );
  }
} else {
  console.error(`There is no target "${unknown}"; the targets are ${targetNames.join(', ')}.`);
  process.exitCode = 2;
}
