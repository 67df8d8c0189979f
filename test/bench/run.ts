/** `npm run bench`: how fast and how large everything is, beside programs of others, in one run. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

import { Inputs } from './inputs/inputs.ts';
import { groups } from './rows/groups.ts';
import type { Bench } from './support/bench.ts';
import { parseOptions, usage, type BenchOptions } from './support/options.ts';
import { Peers } from './support/peers.ts';
import {
  describeMachine,
  readEarlier,
  writeFormatted,
  type NotMeasured,
  type Results,
} from './support/results.ts';
import type { Row } from './support/row.ts';
import { sizesFor } from './support/sizes.ts';
import { documentOf, type Earlier } from './support/table.ts';

const documents = fileURLToPath(new URL('../../build/docs/', import.meta.url));

try {
  const options = parseOptions(
    process.argv.slice(2),
    groups.map(({ name }) => name),
  );
  process.exitCode = await run(options);
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  process.exitCode = 2;
}

async function run(options: BenchOptions): Promise<number> {
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => {
      interrupted.abort(new Error(`ended by ${name}`));
    });
  }
  const { signal } = interrupted;
  const sizes = sizesFor(options.scale);
  const folder = await mkdtemp(join(tmpdir(), 'cloudroll-bench-'));
  const kept = join(tmpdir(), `cloudroll-bench-inputs-${userInfo().username}`);
  const inputsFolder = options.keep ? kept : join(folder, 'inputs');
  try {
    await mkdir(inputsFolder, { recursive: true, mode: 0o700 });
    const inputs = new Inputs(inputsFolder, sizes, signal);
    const bench: Bench = { sizes, inputs, peers: new Peers(), folder, signal };
    const results = await measureAll(bench, options);
    if (signal.aborted) {
      console.error('bench: interrupted, nothing is written');
      return 130;
    }
    await tell(results, options);
    if (options.keep) console.error(`bench: the inputs stay in ${inputsFolder}`);
    return results.notMeasured.length === 0 ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureAll(bench: Bench, options: BenchOptions): Promise<Results> {
  const started = performance.now();
  const rows: Row[] = [];
  const notMeasured: NotMeasured[] = [];
  for (const { name, measure } of groups) {
    if (options.only.length > 0 && !options.only.includes(name)) continue;
    console.error(`bench: ${name} …`);
    try {
      rows.push(...(await measure(bench)));
    } catch (error) {
      if (bench.signal.aborted) break;
      const reason = error instanceof Error ? error.message : String(error);
      console.error(`bench: ${name}: ${reason}`);
      notMeasured.push({ group: name, reason });
    }
  }
  return {
    command: commandFor(options),
    full: options.only.length === 0 && options.scale === 1,
    machine: describeMachine(),
    peers: bench.peers.all,
    sizes: bench.sizes,
    seconds: (performance.now() - started) / 1000,
    rows,
    notMeasured,
  };
}

/** What measures the same again; where its results went is nobody's business. */
function commandFor({ only, scale }: BenchOptions): string {
  const words = only.map((name) => `--only ${name}`);
  if (scale !== 1) words.push(`--scale ${String(scale)}`);
  return ['npm run bench', ...(words.length > 0 ? ['--', ...words] : [])].join(' ');
}

/** Prints the table and writes it: into the documentation only what was measured in full. */
async function tell(results: Results, { output }: BenchOptions): Promise<void> {
  const json = output ?? join(documents, 'bench.json');
  const earlier: Earlier = await readEarlier(json, results.sizes);
  const document = documentOf(results, earlier);
  console.log(document);
  if (output === null && !results.full) return;
  const table = output === null ? join(documents, 'benchmarks.md') : `${output}.md`;
  await writeFormatted(json, JSON.stringify(results));
  await writeFormatted(table, document);
}
