import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { z } from 'zod';

import type { Peer } from './peers.ts';
import type { Row } from './row.ts';
import type { Sizes } from './sizes.ts';

/** Rows that could not be measured, and why. */
export interface NotMeasured {
  readonly group: string;
  readonly reason: string;
}

/** All that a run found. */
export interface Results {
  /** What makes it again. */
  readonly command: string;
  /** Whether everything was measured, on the full sizes. */
  readonly full: boolean;
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly memoryGigabytes: number;
    readonly system: string;
    readonly node: string;
  };
  readonly peers: readonly Peer[];
  readonly sizes: Sizes;
  readonly seconds: number;
  readonly rows: readonly Row[];
  readonly notMeasured: readonly NotMeasured[];
}

/** This machine, without its name. */
export function describeMachine(): Results['machine'] {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGigabytes: Math.round(totalmem() / 1024 ** 3),
    system: `${process.platform} ${process.arch}`,
    node: process.versions.node,
  };
}

const earlierSchema = z.object({
  sizes: z.record(z.string(), z.number()),
  rows: z.array(z.object({ id: z.string(), ours: z.number(), ratio: z.number().nullable() })),
});

/** What an earlier run of the same sizes found, by the row's id: its ratio, or its figure without a peer. */
export async function readEarlier(
  file: string,
  sizes: Sizes,
): Promise<ReadonlyMap<string, { readonly ours: number; readonly ratio: number | null }>> {
  if (!existsSync(file)) return new Map();
  const earlier = earlierSchema.safeParse(JSON.parse(await readFile(file, 'utf8')));
  const same =
    earlier.success &&
    Object.entries(sizes).every(([name, size]) => earlier.data.sizes[name] === size);
  return new Map(same ? earlier.data.rows.map((row) => [row.id, row]) : []);
}

/** Writes a file in the format that the repository keeps. */
export async function writeFormatted(file: string, text: string): Promise<void> {
  const configuration = await resolveConfig(import.meta.filename);
  const formatted = await format(text, { ...configuration, filepath: file });
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, formatted);
}
