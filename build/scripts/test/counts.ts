import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Counting } from './steps.ts';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** Full names of the tests that failed, where they have names. */
  readonly failures: readonly string[];
  /** Full names of the tests that did not run. */
  readonly skipped: readonly string[];
}

const vitestReport = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  testResults: z.array(
    z.object({
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

const lastLineReport = z.object({ passed: z.int(), failed: z.int() });

/** What a command that ended with this status ran; a command that failed counts one failure at least. */
export async function countsOf(
  counting: Counting,
  succeeded: boolean,
  lastLine: string,
): Promise<Counts> {
  const counts = await reported(counting, succeeded, lastLine);
  return succeeded || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

async function reported(counting: Counting, succeeded: boolean, lastLine: string): Promise<Counts> {
  switch (counting.kind) {
    case 'exit':
      return { passed: succeeded ? 1 : 0, failed: succeeded ? 0 : 1, failures: [], skipped: [] };
    case 'vitest':
      return vitestCounts(await readFile(counting.report, 'utf8').catch(() => ''));
    case 'lastLine': {
      const report = lastLineReport.safeParse(parseJson(lastLine));
      return { ...(report.data ?? { passed: 0, failed: 1 }), failures: [], skipped: [] };
    }
  }
}

function vitestCounts(text: string): Counts {
  const report = vitestReport.safeParse(parseJson(text)).data;
  if (report === undefined) return { passed: 0, failed: 1, failures: [], skipped: [] };
  const ran = ['passed', 'failed'];
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const named = (fits: (status: string) => boolean): string[] =>
    tests.filter(({ status }) => fits(status)).map(({ fullName }) => fullName);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    failures: named((status) => status === 'failed'),
    skipped: named((status) => !ran.includes(status)),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
