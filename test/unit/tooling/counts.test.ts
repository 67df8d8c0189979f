import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countsOf } from '../../../build/scripts/test/counts.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cloudroll-counts-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function vitestReport(
  passed: number,
  failed: number,
  skipped: string[],
  failures: string[] = [],
) {
  const report = join(folder, `${passed}-${failed}.json`);
  const assertionResults = [
    { fullName: 'a', status: 'passed' },
    ...skipped.map((fullName) => ({ fullName, status: 'skipped' })),
    ...failures.map((fullName) => ({ fullName, status: 'failed' })),
  ];
  const content = {
    numPassedTests: passed,
    numFailedTests: failed,
    testResults: [{ assertionResults }],
  };
  await writeFile(report, JSON.stringify(content));
  return { kind: 'vitest', report } as const;
}

test('a check counts as one', async () => {
  expect(await countsOf({ kind: 'exit' }, true, '')).toEqual({
    passed: 1,
    failed: 0,
    failures: [],
    skipped: [],
  });
  expect(await countsOf({ kind: 'exit' }, false, '')).toEqual({
    passed: 0,
    failed: 1,
    failures: [],
    skipped: [],
  });
});

test('a vitest report is counted, with the names of what was skipped and what failed', async () => {
  const counting = await vitestReport(3, 0, ['needs a server']);
  const expected = { passed: 3, failed: 0, failures: [], skipped: ['needs a server'] };
  expect(await countsOf(counting, true, '')).toEqual(expected);
  const broken = await vitestReport(3, 1, [], ['breaks']);
  expect(await countsOf(broken, false, '')).toMatchObject({ failed: 1, failures: ['breaks'] });
});

test('a command that failed is never counted as all passed', async () => {
  expect(await countsOf(await vitestReport(3, 0, []), false, '')).toMatchObject({ failed: 1 });
  expect(await countsOf(await vitestReport(3, 2, []), false, '')).toMatchObject({ failed: 2 });
  const report = join(folder, 'never-written.json');
  expect(await countsOf({ kind: 'vitest', report }, true, '')).toMatchObject({ failed: 1 });
});

test('a last line in JSON is counted; any other is a failure', async () => {
  const line = '{"passed":20000,"failed":0,"steps":7}';
  expect(await countsOf({ kind: 'lastLine' }, true, line)).toMatchObject({
    passed: 20000,
    failed: 0,
  });
  expect(await countsOf({ kind: 'lastLine' }, true, 'done')).toMatchObject({ failed: 1 });
});
