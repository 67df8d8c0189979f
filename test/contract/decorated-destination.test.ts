import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { NodeFileSystem } from '../../electron/engine/adapters/node-file-system.ts';
import { SystemRandom } from '../../electron/engine/adapters/system-random.ts';
import type { Destination } from '../../electron/engine/destinations/contract.ts';
import { decorate } from '../../electron/engine/destinations/decorators/decorate.ts';
import { FileDestination } from '../../electron/engine/destinations/file/file-destination.ts';
import { silentLogger } from '../../electron/engine/logging/logger.ts';
import { fail } from '../../shared/domain/failure.ts';
import { FakeClock } from '../support/destinations/fake-clock.ts';
import { faulty, FaultPlan } from '../support/destinations/faulty-destination.ts';
import type { Fault } from '../support/destinations/faulty-destination.ts';
import { MemoryDestination } from '../support/destinations/memory-destination.ts';
import { MemoryStore } from '../support/destinations/memory-store.ts';
import { openS3 } from '../support/destinations/open-s3.ts';
import { seededRandom } from '../support/destinations/seeded-random.ts';
import { testMediaReader } from '../support/destinations/test-media-reader.ts';
import { freshBucket, s3Service } from '../support/services/s3.ts';
import { destinationContract } from './destination-contract.ts';

const service = s3Service();

function decorated(destination: Destination): Destination {
  const ports = { clock: new FakeClock(), random: seededRandom(1), logger: silentLogger };
  return decorate(destination, ports);
}

destinationContract('memory destination, decorated', () => {
  const store = new MemoryStore();
  return Promise.resolve({
    manyObjects: 1200,
    open: () =>
      Promise.resolve(
        decorated(new MemoryDestination({ store, resumable: true, totalBytes: 2 ** 30 })),
      ),
  });
});

destinationContract('folder, decorated', async () => {
  const root = await mkdtemp(join(tmpdir(), 'cloudroll-folder-'));
  const ports = {
    fileSystem: new NodeFileSystem(),
    mediaReader: testMediaReader,
    random: new SystemRandom(),
  };
  return {
    open: () => Promise.resolve(decorated(new FileDestination({ root, ...ports }))),
    finish: () => rm(root, { recursive: true }),
  };
});

/** Every 7th call of each operation fails in a way that may pass; no reply of a put is lost here. */
function passingFaults(): FaultPlan {
  const operations = ['check', 'stat', 'put', 'open', 'list', 'remove'] as const;
  const faults = operations.flatMap((operation): Fault[] => [
    { operation, nth: 2, how: 'before' },
    { operation, nth: 3, how: 'before', failure: fail('timeout', 'No answer.') },
  ]);
  return new FaultPlan([
    ...faults,
    { operation: 'stat', nth: 9, how: 'after', failure: fail('serverError', 'Broken.') },
    { operation: 'put', nth: 9, how: 'before', failure: fail('rateLimited', 'Too much.') },
    { operation: 'put', nth: 12, how: 'middle' },
    { operation: 'open', nth: 6, how: 'middle' },
    { operation: 'open', nth: 7, how: 'middle' },
    { operation: 'list', nth: 9, how: 'middle' },
    { operation: 'remove', nth: 9, how: 'after' },
    { operation: 'check', nth: 4, how: 'slow' },
  ]);
}

destinationContract('memory destination with faults, decorated', () => {
  const store = new MemoryStore();
  const plan = passingFaults();
  return Promise.resolve({
    manyObjects: 50,
    open: () => Promise.resolve(decorated(faulty(new MemoryDestination({ store }), plan))),
    finish: () => {
      plan.requireExercised();
    },
  });
});

if (!('skipReason' in service)) {
  destinationContract('S3 destination, decorated', async () => {
    const bucket = await freshBucket();
    return { open: () => Promise.resolve(decorated(openS3(service, bucket))) };
  });
}
