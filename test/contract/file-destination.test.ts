import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'vitest';

import { NodeFileSystem } from '../../electron/engine/adapters/node-file-system.ts';
import { SystemRandom } from '../../electron/engine/adapters/system-random.ts';
import { FileDestination } from '../../electron/engine/destinations/file/file-destination.ts';
import { testMediaReader } from '../support/destinations/test-media-reader.ts';
import { destinationContract } from './destination-contract.ts';

destinationContract('folder', async () => {
  const root = await mkdtemp(join(tmpdir(), 'cloudroll-folder-'));
  return {
    manyObjects: 1200,
    open: () =>
      Promise.resolve(
        new FileDestination({
          root,
          fileSystem: new NodeFileSystem(),
          mediaReader: testMediaReader,
          random: new SystemRandom(),
          owner: 'contract',
        }),
      ),
    finish: async () => {
      const left = await readdir(root, { recursive: true });
      await rm(root, { recursive: true });
      expect(left).toEqual([]);
    },
  };
});
