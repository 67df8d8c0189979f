import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { findNode24, isNode24 } from '../../../build/bin/node24.mjs';

test('the tests run on Node 24', () => {
  expect(isNode24()).toBe(true);
});

test('the Node that the project brings along starts, with SQLite and TypeScript', () => {
  const node = findNode24();
  if ('missing' in node) throw new Error(node.missing);
  const script = "import 'node:sqlite'; const major: string = process.version; console.log(major);";
  const output = execFileSync(node.path, ['--input-type=module-typescript', '--eval', script]);
  expect(output.toString()).toMatch(/^v(?:2[4-9]|[3-9]\d)\./u);
});
