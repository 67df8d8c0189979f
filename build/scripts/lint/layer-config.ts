import type { Linter } from 'eslint';
import { layersRule } from './layers-rule.ts';
import { deterministicRules, platformFreeRules } from './pure.ts';

/** The part of the lint configuration that holds the architecture. */
export const layerConfig: Linter.Config[] = [
  {
    name: 'cloudroll/layers',
    files: ['electron/**/*.{ts,tsx}', 'renderer/**/*.{ts,tsx}', 'shared/**/*.ts'],
    plugins: { cloudroll: { rules: { layers: layersRule } } },
    rules: { 'cloudroll/layers': 'error' },
  },
  {
    name: 'cloudroll/deterministic',
    files: [
      'electron/engine/{journal,planner,restore,scan,sync,transfer,verify,work}/**/*.ts',
      'electron/engine/destinations/{decorators,file}/**/*.ts',
    ],
    rules: deterministicRules,
  },
  { name: 'cloudroll/platform-free', files: ['shared/**/*.ts'], rules: platformFreeRules },
];
