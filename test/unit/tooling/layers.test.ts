import { Linter, ESLint } from 'eslint';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import tseslint from 'typescript-eslint';
import { describe, expect, test } from 'vitest';
import { layerConfig } from '../../../build/scripts/lint/layer-config.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const linter = new Linter({ configType: 'flat', cwd: repository });
const parser: Linter.Config = { files: ['**/*.ts'], languageOptions: { parser: tseslint.parser } };

/** Rules that report `code` as the content of `file`. */
function lint(file: string, code: string): (string | null)[] {
  const messages = linter.verify(code, [parser, ...layerConfig], join(repository, file));
  return messages.map(({ ruleId, message, fatal }) => (fatal === true ? message : ruleId));
}

const engine = 'electron/engine';
const s3 = `${engine}/destinations/s3/upload.ts`;

describe('imports go one way', () => {
  test.each([
    ['renderer/timeline.ts', '../shared/domain/asset.ts'],
    ['renderer/timeline.ts', 'react'],
    ['electron/preload/bridge.ts', '../../shared/domain/asset.ts'],
    ['electron/preload/bridge.ts', 'electron'],
    ['electron/main/windows.ts', 'electron'],
    ['electron/main/windows.ts', 'node:path'],
    ['electron/hosts/cli/main.ts', '../../engine/sync/engine.ts'],
    ['electron/hosts/cli/main.ts', '../../engine/destinations/registry.ts'],
    ['shared/domain/states.ts', './asset.ts'],
    ['shared/domain/states.ts', 'zod'],
    [`${engine}/scan/walk.ts`, 'node:fs'],
    [`${engine}/scan/walk.ts`, '../ports/clock.ts'],
    [`${engine}/sync/open.ts`, '../destinations/registry.ts'],
    [`${engine}/planner/plan.ts`, '../ports/clock.ts'],
    [`${engine}/transfer/deliver.ts`, '../planner/plan.ts'],
    [`${engine}/transfer/deliver.ts`, '../destinations/contract.ts'],
    [`${engine}/transfer/deliver.ts`, '../flow/wakeup.ts'],
    [s3, '../contract.ts'],
    [s3, './settings.ts'],
    [s3, '../common/pages.ts'],
    [s3, '../cancellation.ts'],
    [s3, '../../ports/clock.ts'],
    [s3, '../../../../shared/domain/failure.ts'],
    [s3, '@aws-sdk/client-s3'],
    [`${engine}/destinations/registry.ts`, './s3/upload.ts'],
    [`${engine}/destinations/decorators/retrying.ts`, '../contract.ts'],
    ['test/unit/anything.test.ts', '../../electron/engine/destinations/s3/upload.ts'],
  ])('%s may import %s', (file, specifier) => {
    expect(lint(file, `import '${specifier}';`)).toEqual([]);
  });

  test.each([
    ['renderer/timeline.ts', '../electron/engine/sync/engine.ts'],
    ['renderer/timeline.ts', '../electron/main/windows.ts'],
    ['renderer/timeline.ts', 'node:fs'],
    ['renderer/timeline.ts', 'electron'],
    ['electron/preload/bridge.ts', '../engine/sync/engine.ts'],
    ['electron/preload/bridge.ts', '../main/windows.ts'],
    ['electron/preload/bridge.ts', 'node:fs'],
    ['electron/main/windows.ts', '../engine/sync/engine.ts'],
    ['electron/main/windows.ts', '../hosts/utility/main.ts'],
    ['electron/hosts/cli/main.ts', 'electron'],
    ['electron/hosts/cli/main.ts', '../../main/windows.ts'],
    ['electron/hosts/cli/main.ts', '../../engine/destinations/s3/upload.ts'],
    ['shared/domain/states.ts', '../../electron/engine/sync/engine.ts'],
    ['shared/domain/states.ts', '../../renderer/timeline.ts'],
    ['shared/domain/states.ts', 'node:path'],
    ['shared/domain/states.ts', 'fs'],
    ['shared/domain/states.ts', 'sharp'],
    [`${engine}/scan/walk.ts`, 'electron'],
    [`${engine}/scan/walk.ts`, '../../hosts/cli/main.ts'],
    [`${engine}/scan/walk.ts`, '../../main/windows.ts'],
    [`${engine}/scan/walk.ts`, '../destinations/s3/upload.ts'],
    [`${engine}/scan/walk.ts`, '../../../test/support/photo.ts'],
    [`${engine}/planner/plan.ts`, 'node:path'],
    [`${engine}/planner/plan.ts`, '../catalog/catalog.ts'],
    [`${engine}/planner/plan.ts`, '../transfer/deliver.ts'],
    [`${engine}/transfer/deliver.ts`, 'node:fs'],
    [`${engine}/transfer/deliver.ts`, '../sync/run-sync.ts'],
    [`${engine}/flow/wakeup.ts`, '../transfer/deliver.ts'],
    [`${engine}/transfer/deliver.ts`, '../adapters/system-clock.ts'],
    [`${engine}/transfer/deliver.ts`, '../destinations/s3/upload.ts'],
    [s3, '../file/file-destination.ts'],
    [s3, '../registry.ts'],
    [s3, '../decorators/retrying.ts'],
    [s3, '../../catalog/catalog.ts'],
    [s3, '../../transfer/deliver.ts'],
    [`${engine}/destinations/cancellation.ts`, './s3/upload.ts'],
    [`${engine}/destinations/contract.ts`, './cancellation.ts'],
    [`${engine}/destinations/decorators/retrying.ts`, '../s3/upload.ts'],
    [`${engine}/destinations/decorators/retrying.ts`, '../../catalog/catalog.ts'],
    [`${engine}/destinations/decorators/retrying.ts`, 'node:timers'],
  ])('%s must not import %s', (file, specifier) => {
    expect(lint(file, `import '${specifier}';`)).toEqual(['cloudroll/layers']);
  });

  test.each([
    `import type { Engine } from '../electron/engine/engine.ts';`,
    `export * from '../electron/engine/engine.ts';`,
    `export { engine } from '../electron/engine/engine.ts';`,
    `const engine = await import('../electron/engine/engine.ts');`,
    `type Engine = import('../electron/engine/engine.ts').Engine;`,
  ])('an import counts however it is written: %s', (code) => {
    expect(lint('renderer/timeline.ts', code)).toEqual(['cloudroll/layers']);
  });
});

describe('planner and transfer are deterministic', () => {
  const cases = [
    ['Date.now();', 'no-restricted-properties'],
    ['Math.random();', 'no-restricted-properties'],
    ['AbortSignal.timeout(5);', 'no-restricted-properties'],
    ['new Date();', 'no-restricted-syntax'],
    ['setTimeout(done, 5);', 'no-restricted-globals'],
    ['performance.now();', 'no-restricted-globals'],
    ["await fetch('http://localhost/');", 'no-restricted-globals'],
    ['crypto.randomUUID();', 'no-restricted-globals'],
  ] as const;

  test.each(cases)('%s', (code, rule) => {
    expect(lint(`${engine}/planner/plan.ts`, code)).toEqual([rule]);
    expect(lint(`${engine}/transfer/deliver.ts`, code)).toEqual([rule]);
    expect(lint(`${engine}/adapters/system-clock.ts`, code)).toEqual([]);
  });

  test('a date from a number is no clock', () => {
    expect(lint(`${engine}/planner/plan.ts`, 'new Date(0);')).toEqual([]);
  });
});

describe('shared is free of any platform', () => {
  test.each(['window.close();', 'document.title;', 'process.cwd();', "Buffer.from('');"])(
    '%s',
    (code) => {
      expect(lint('shared/domain/states.ts', code)).toEqual(['no-restricted-globals']);
    },
  );

  test('names of its own are no globals', () => {
    expect(lint('shared/domain/states.ts', 'const location = 1; export { location };')).toEqual([]);
  });
});

test('the configuration of the repository holds all of it', async () => {
  const eslint = new ESLint({ cwd: repository });
  const rulesFor = async (file: string): Promise<string[]> => {
    const config: unknown = await eslint.calculateConfigForFile(join(repository, file));
    expect(config).toHaveProperty('rules');
    const { rules } = config as { rules: Record<string, [number]> };
    return Object.keys(rules).filter((rule) => rules[rule]?.[0] === 2);
  };
  const architecture = ['cloudroll/layers', 'no-restricted-globals', 'no-restricted-properties'];
  const everywhere = [
    '@typescript-eslint/no-explicit-any',
    '@typescript-eslint/no-non-null-assertion',
    '@eslint-community/eslint-comments/require-description',
    'no-restricted-syntax',
  ];
  for (const file of ['shared/a.ts', `${engine}/planner/a.ts`, `${engine}/transfer/a.ts`]) {
    expect(await rulesFor(file)).toEqual(expect.arrayContaining([...architecture, ...everywhere]));
  }
  expect(await rulesFor('test/unit/a.test.ts')).toEqual(expect.arrayContaining(everywhere));
});
