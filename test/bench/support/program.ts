import { z } from 'zod';

import type { Bench } from './bench.ts';
import { measure, type Measured } from './measure.ts';

const reportSchema = z.looseObject({ seconds: z.number() });

/**
 * Runs one of the `.bench.ts` programs, which measure a part of the engine in a process of its own, and
 * gives the time that it measured itself: without the start of Node, which is a row of its own.
 */
export async function runProgram(
  name: 'hash' | 'scan' | 'thumbnails',
  args: readonly string[],
  bench: Bench,
): Promise<Measured & { readonly report: Readonly<Record<string, unknown>> }> {
  const measured = await runScript(`${name}.bench.ts`, args, bench);
  const report = reportSchema.parse(JSON.parse(measured.lines.at(-1) ?? ''));
  return { ...measured, seconds: report.seconds, report };
}

/** Runs a script of this folder in a process of its own. */
export function runScript(
  file: string,
  args: readonly string[],
  { folder, signal }: Bench,
): Promise<Measured> {
  const script = `${import.meta.dirname}/../${file}`;
  // What it leaves behind when it is ended goes with the run.
  const environment = { TMPDIR: folder };
  return measure({ program: process.execPath, args: [script, ...args], environment }, signal);
}
