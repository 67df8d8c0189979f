import { describe, test } from 'vitest';

import { SystemClock } from '../../electron/engine/adapters/system-clock.ts';
import { freshBucket, s3Service } from '../support/services/s3.ts';
import { openS3 } from '../support/destinations/open-s3.ts';
import { destinationContract } from './destination-contract.ts';

const service = s3Service();

if ('skipReason' in service) {
  console.info(`skipped: S3 destination: ${service.skipReason}`);
  describe('S3 destination', () => {
    test.skip(service.skipReason, () => undefined);
  });
} else {
  destinationContract('S3 destination', async () => {
    const bucket = await freshBucket();
    const clock = new SystemClock();
    return { manyObjects: 1100, open: () => Promise.resolve(openS3(service, bucket, { clock })) };
  });
}
