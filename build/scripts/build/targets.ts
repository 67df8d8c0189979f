import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { InlineConfig } from 'vite';

import { builtInDestinations } from '../../../electron/engine/destinations/registry.ts';
import { productAddresses } from './product-addresses.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const inRoot = (relative: string): string => path.join(root, relative);

/** Where everything that is built goes. */
export const distFolder = inRoot('build/dist');

/** In the order in which they are built. */
export const targetNames = ['renderer', 'bridge', 'preload', 'main', 'engine'] as const;
export type TargetName = (typeof targetNames)[number];

export interface Target {
  /** Files and folders that it is made of. */
  readonly sources: readonly string[];
  readonly config: InlineConfig;
  /** A file that is there once it was built. */
  readonly proof: string;
}

const common = [inRoot('shared'), inRoot('package-lock.json'), inRoot('build/scripts/build')];
/** Worker threads and child processes: started by their file, so that each is an entry of its own. */
const engineEntries = [
  'electron/hosts/utility/main.ts',
  'electron/hosts/utility/thumbnail-main.ts',
  'electron/engine/adapters/directory-worker.ts',
  'electron/engine/app/status/standing-worker.ts',
  'electron/engine/data-directory/upkeep-worker.ts',
  'electron/engine/media/media-worker.ts',
];

const quiet: InlineConfig = { root, configFile: false, logLevel: 'warn', clearScreen: false };

/** What runs on Node or Electron: Node's own modules and the packages stay what they are. */
function onNode(outDir: string, build: InlineConfig['build']): InlineConfig {
  return {
    ...quiet,
    publicDir: false,
    build: {
      ssr: true,
      outDir: inRoot(`build/dist/${outDir}`),
      emptyOutDir: true,
      target: 'node24',
      minify: false,
      sourcemap: true,
      ...build,
    },
  };
}

export const targets: Readonly<Record<TargetName, Target>> = {
  renderer: {
    sources: [inRoot('renderer'), ...common],
    config: {
      root: inRoot('renderer'),
      configFile: inRoot('renderer/vite.config.ts'),
      logLevel: 'warn',
    },
    proof: inRoot('build/dist/renderer/index.html'),
  },
  bridge: {
    sources: [inRoot('electron/hosts/web/browser'), ...common],
    config: {
      ...quiet,
      publicDir: false,
      build: {
        outDir: inRoot('build/dist/web'),
        emptyOutDir: true,
        lib: {
          entry: inRoot('electron/hosts/web/browser/bridge.ts'),
          formats: ['iife'],
          name: 'cloudrollBridge',
          fileName: () => 'bridge.js',
        },
      },
    },
    proof: inRoot('build/dist/web/bridge.js'),
  },
  preload: {
    sources: [inRoot('electron/preload'), ...common],
    config: {
      ...onNode('preload', {
        rolldownOptions: {
          input: inRoot('electron/preload/preload.ts'),
          external: ['electron'],
          // A sandboxed preload is one CommonJS file.
          output: { format: 'cjs', entryFileNames: 'preload.cjs', codeSplitting: false },
        },
      }),
      ssr: { noExternal: true },
    },
    proof: inRoot('build/dist/preload/preload.cjs'),
  },
  main: {
    sources: [inRoot('electron'), ...common],
    config: {
      ...onNode('main', {
        rolldownOptions: {
          input: inRoot('electron/main/main.ts'),
          external: ['electron'],
          output: { format: 'es', entryFileNames: 'main.js' },
        },
      }),
      define: {
        CLOUDROLL_PRODUCT_ADDRESSES: JSON.stringify(productAddresses(builtInDestinations().kinds)),
      },
    },
    proof: inRoot('build/dist/main/main.js'),
  },
  engine: {
    sources: [inRoot('electron'), ...common],
    config: onNode('engine', {
      rolldownOptions: {
        input: engineEntries.map(inRoot),
        external: ['electron'],
        // Modules find workers and children beside themselves: every file keeps its place.
        output: {
          format: 'es',
          preserveModules: true,
          preserveModulesRoot: root,
          entryFileNames: '[name].js',
        },
      },
    }),
    proof: inRoot('build/dist/engine/electron/hosts/utility/main.js'),
  },
};
