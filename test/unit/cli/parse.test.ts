import { describe, expect, test } from 'vitest';

import { nearest } from '../../../electron/hosts/cli/arguments/nearest.ts';
import { parseCommandLine } from '../../../electron/hosts/cli/arguments/parse.ts';
import { commandNames } from '../../../electron/hosts/cli/arguments/table.ts';
import { UsageError } from '../../../electron/hosts/cli/arguments/usage-error.ts';
import { readPercent, readRate } from '../../../electron/hosts/cli/arguments/values.ts';

function problemOf(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof UsageError) return error.problem.problem;
    throw error;
  }
}

test('options may stand anywhere, with a space or an equals sign', () => {
  const expected = {
    kind: 'run',
    command: 'sync',
    operands: ['a', 'b'],
    options: { to: ['file:///x', 's3://b'], json: true, watch: false, data: 'd', limit: 500_000 },
  };
  for (const line of [
    'sync a b --to file:///x --to s3://b --data d --json --limit 500K',
    '--json sync --limit=500K a --data=d --to=file:///x b --to=s3://b',
  ]) {
    expect(parseCommandLine(line.split(' '))).toMatchObject(expected);
  }
});

test('what follows -- is never an option', () => {
  const parsed = parseCommandLine(['sync', '--to', 'file:///x', '--', '--watch', '-a']);
  expect(parsed).toMatchObject({ operands: ['--watch', '-a'], options: { watch: false } });
});

test('--read-data takes a value only after an equals sign', () => {
  expect(parseCommandLine(['verify', '--read-data', 's3://b'])).toMatchObject({
    operands: ['s3://b'],
    options: { readData: 100 },
  });
  expect(parseCommandLine(['verify', '--read-data=2.5%'])).toMatchObject({
    options: { readData: 2.5 },
  });
  expect(parseCommandLine(['verify'])).toMatchObject({ options: { readData: null } });
});

test('help and version are found in every place', () => {
  expect(parseCommandLine(['--help'])).toMatchObject({ kind: 'help', command: null });
  expect(parseCommandLine(['-h', 'sync'])).toMatchObject({ kind: 'help', command: 'sync' });
  expect(parseCommandLine(['help', 'list'])).toMatchObject({ kind: 'help', command: 'list' });
  expect(parseCommandLine(['-V'])).toMatchObject({ kind: 'version' });
  for (const command of commandNames) {
    expect(parseCommandLine([command, '--help'])).toMatchObject({ kind: 'help', command });
  }
});

test.each([
  ['', 'noCommand'],
  ['frob', 'unknownCommand'],
  ['status --frob', 'unknownOption'],
  ['status --to x', 'unknownOption'],
  ['sync a', 'missingOption'],
  ['sync --to x', 'missingOperand'],
  ['sync a --to', 'missingValue'],
  ['sync a --to --json', 'missingValue'],
  ['sync a --to=', 'missingValue'],
  ['status --json=yes', 'unwantedValue'],
  ['status a', 'unwantedOperand'],
  ['check a b', 'unwantedOperand'],
  ['status --data a --data b', 'twice'],
  ['sync a --to x --watch --dry-run', 'conflict'],
  ['sync a --to x --transfers 0', 'badNumber'],
  ['sync a --to x --transfers 65', 'badNumber'],
  ['sync a --to x --limit 0', 'badRate'],
  ['status --lang fr', 'badLanguage'],
])('%j is wrong: %s', (line, problem) => {
  const args = line.split(' ').filter((part) => part !== '');
  expect(problemOf(() => parseCommandLine(args))).toBe(problem);
});

describe('values', () => {
  test('rates', () => {
    expect(['1', '500k', '2.5M', '1G', '3MB', '1M/s'].map(readRate)).toEqual([
      ...[1, 500_000, 2_500_000, 1_000_000_000, 3_000_000, 1_000_000],
    ]);
    for (const wrong of ['', '-1', '0', '1T', 'M', '1e9', '0.5', '1 M']) {
      expect(problemOf(() => readRate(wrong))).toBe('badRate');
    }
  });

  test('percentages', () => {
    expect(readPercent('100')).toBe(100);
    expect(readPercent('0.1%')).toBe(0.1);
    for (const wrong of ['0', '101', '-5', 'all', '']) {
      expect(problemOf(() => readPercent(wrong))).toBe('badPercent');
    }
  });
});

test('the nearest word is offered, and none when nothing is near', () => {
  const near = (given: string) => nearest(given, commandNames);
  expect([near('snyc'), near('Restor'), near('lst'), near('frobnicate')]).toEqual([
    ...['sync', 'restore', 'list', null],
  ]);
});
