import { z } from 'zod';

import { measure, type Measured } from './measure.ts';

const reportSchema = z.looseObject({ seconds: z.number() });

/**
 * Runs one of the `.bench.ts` programs, which measure a part of the engine in a process of its own, and
 * gives the time that it measured itself: without the start of Node, which is a row of its own.
 */
export async function runProgram(
  name: 'hash' | 'scan' | 'thumbnails',
  args: readonly string[],
  signal: AbortSignal,
): Promise<Measured & { readonly report: Readonly<Record<string, unknown>> }> {
  const measured = await runScript(`${name}.bench.ts`, args, signal);
  const report = reportSchema.parse(JSON.parse(measured.lines.at(-1) ?? ''));
  return { ...measured, seconds: report.seconds, report };
}

/** Runs a script of this folder in a process of its own. */
export function runScript(
  file: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<Measured> {
  const script = `${import.meta.dirname}/../${file}`;
  return measure({ program: process.execPath, args: [script, ...args] }, signal);
}
