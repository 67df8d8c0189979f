import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { NodeFileSystem } from '../../electron/engine/adapters/node-file-system.ts';
import { MountTable } from '../support/simulation/mount-table.ts';
import { SimulatedFileSystem } from '../support/simulation/simulated-file-system.ts';
import { SimulatedVolume } from '../support/simulation/simulated-volume.ts';
import type { VolumeOptions } from '../support/simulation/simulated-volume.ts';
import { immediateSteps } from '../support/simulation/steps.ts';
import { fileSystemSuite } from './file-system-suite.ts';

const volumes: readonly Partial<VolumeOptions>[] = [
  {},
  { caseSensitive: false, normalisation: 'insensitive', hardLinks: false },
  { caseSensitive: false, normalisation: 'nfd', granularityMs: 2000 },
];

for (const options of volumes) {
  fileSystemSuite(`simulated ${JSON.stringify(options)}`, () => {
    const volume = new SimulatedVolume({
      name: 'disk',
      device: 1,
      caseSensitive: true,
      normalisation: 'exact',
      granularityMs: 1,
      hardLinks: true,
      capacity: 1_000_000,
      now: () => 1_700_000_000_000,
      ...options,
    });
    volume.makeDirectory(['work'], 'engine');
    const process = { name: 'test', mortal: false, alive: true };
    return Promise.resolve({
      fileSystem: new SimulatedFileSystem(new MountTable(volume), immediateSteps, process),
      directory: '/work',
      dispose: () => Promise.resolve(),
    });
  });
}

fileSystemSuite('node', async () => {
  const made = await mkdtemp(join(await realpath(tmpdir()), 'cloudroll-file-system-'));
  return {
    fileSystem: new NodeFileSystem(),
    directory: made.replaceAll('\\', '/'),
    dispose: () => rm(made, { recursive: true, force: true }),
  };
});
