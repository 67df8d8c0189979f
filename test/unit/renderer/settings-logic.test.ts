import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';
import { z } from 'zod';

import { ruleProblem } from '../../../renderer/settings/exclude-rules.ts';
import { LIBRARIES } from '../../../renderer/settings/licences.ts';
import { withCurrent } from '../../../renderer/settings/steps.ts';
import { inOneHour, nextMorning } from '../../../renderer/sync/pause-times.ts';

describe('an exception of a folder', () => {
  test.each([
    ['  ', [], 'ruleEmpty'],
    [' *.gif ', ['*.gif'], 'ruleKnown'],
    ['x'.repeat(501), [], 'ruleLong'],
    ['new', Array.from({ length: 200 }, (_, index) => String(index)), 'ruleMany'],
    ['Screenshots', ['*.gif'], null],
  ])('%s', (rule, rules, problem) => {
    expect(ruleProblem(rule, rules)).toBe(problem);
  });
});

test('a value that is none of the steps is offered at its place', () => {
  expect(withCurrent([1, 5, 10], 7)).toEqual([1, 5, 7, 10]);
  expect(withCurrent([1, 5, 10], 5)).toEqual([1, 5, 10]);
  expect(withCurrent([1, 5, 10], null)).toEqual([1, 5, 10]);
});

describe('a pause', () => {
  test('of an hour is an hour', () => {
    const now = new Date(2026, 10, 23, 23, 30);
    expect(inOneHour(now) - now.getTime()).toBe(3_600_000);
  });

  test.each([
    [new Date(2026, 10, 23, 23, 59), new Date(2026, 10, 24, 6)],
    [new Date(2026, 10, 24, 0, 1), new Date(2026, 10, 25, 6)],
    [new Date(2026, 11, 31, 12), new Date(2027, 0, 1, 6)],
  ])('until tomorrow, begun at %s, ends in the morning', (now, end) => {
    expect(nextMorning(now)).toBe(end.getTime());
  });
});

describe('the licences in "About"', () => {
  const root = new URL('../../../', import.meta.url);
  const manifestSchema = z.object({
    dependencies: z.record(z.string(), z.string()).optional(),
    license: z.string().optional(),
  });
  const manifestOf = (file: string): z.infer<typeof manifestSchema> =>
    manifestSchema.parse(JSON.parse(readFileSync(new URL(file, root), 'utf8')));
  const shown = new Map(LIBRARIES.map(({ name, licence }) => [name, licence]));

  test('name every package that the product is delivered with', () => {
    const delivered = Object.keys(manifestOf('package.json').dependencies ?? {});
    expect(delivered.filter((name) => !shown.has(name))).toEqual([]);
  });

  test.each(LIBRARIES.filter(({ name }) => name !== 'libvips'))(
    '$name is under $licence',
    ({ name, licence }) => {
      const { license } = manifestOf(`node_modules/${name}/package.json`);
      // ssh2 names its licence only in a file.
      if (license !== undefined) expect(license).toBe(licence);
      else
        expect(readFileSync(new URL(`node_modules/${name}/LICENSE`, root), 'utf8')).toMatch(
          /Permission is hereby granted, free of charge/u,
        );
    },
  );
});
