import type { Linter } from 'eslint';
import { NO_DOUBLE_CAST } from './no-double-cast.ts';

const THROUGH_A_PORT =
  'Only through a port (Clock, Random, …): a seeded simulation runs this code.';

const EFFECTS = [
  ...['setTimeout', 'setInterval', 'setImmediate', 'performance', 'fetch', 'WebSocket', 'crypto'],
  ...['process', 'Temporal'],
];

const PLATFORM = [
  ...['window', 'document', 'navigator', 'location', 'localStorage', 'sessionStorage', 'indexedDB'],
  ...['process', 'Buffer', 'global', 'require', '__dirname', '__filename', 'fetch', 'WebSocket'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'performance', 'crypto'],
];

const NO_CLOCK_OR_CHANCE: Linter.RulesRecord = {
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: THROUGH_A_PORT },
    { object: 'Math', property: 'random', message: THROUGH_A_PORT },
    { object: 'AbortSignal', property: 'timeout', message: THROUGH_A_PORT },
  ],
  'no-restricted-syntax': [
    'error',
    NO_DOUBLE_CAST,
    { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: THROUGH_A_PORT },
    { selector: "CallExpression[callee.name='Date']", message: THROUGH_A_PORT },
  ],
};

/** What a seeded simulation runs: whatever has an effect, or differs from one run to the next, comes through a port. */
export const deterministicRules: Linter.RulesRecord = {
  ...NO_CLOCK_OR_CHANCE,
  'no-restricted-globals': ['error', ...EFFECTS.map((name) => ({ name, message: THROUGH_A_PORT }))],
};

/** `shared/`: pure TypeScript that runs in Node, in a browser and in the preload alike. */
export const platformFreeRules: Linter.RulesRecord = {
  ...NO_CLOCK_OR_CHANCE,
  'no-restricted-globals': [
    'error',
    ...PLATFORM.map((name) => ({
      name,
      message: 'shared/ runs in Node, in a browser and in the preload alike.',
    })),
  ],
};
