import {
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';

import { SystemClock } from '../../electron/engine/adapters/system-clock.ts';
import { SystemRandom } from '../../electron/engine/adapters/system-random.ts';
import { decorate } from '../../electron/engine/destinations/decorators/decorate.ts';
import { silentLogger } from '../../electron/engine/logging/logger.ts';
import { sweepLeftovers } from '../../electron/engine/verify/sweep-leftovers.ts';
import { openS3 } from '../support/destinations/open-s3.ts';
import { freshBucket, s3Client, s3Service } from '../support/services/s3.ts';

const service = s3Service();
const signal = new AbortController().signal;
const minute = 60_000;

if ('skipReason' in service) {
  describe('what S3 destinations leave behind', () => {
    test.skip(service.skipReason, () => undefined);
  });
} else {
  test('unfinished uploads are told of by key and time, below the own folder alone, and end where that is asked', async () => {
    const Bucket = await freshBucket();
    const client = s3Client(service);
    const photo = '2024/05/a-0123456789ab.jpg';
    for (const Key of [`photos/${photo}`, 'photos/movie.mp4', `other/${photo}`]) {
      const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
      const Body = Buffer.alloc(1024);
      await client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body }));
    }
    const probe = 'photos/.cloudroll/probe/0123456789abcdef01234567-wrong';
    await client.send(new PutObjectCommand({ Bucket, Key: probe, Body: 'left behind' }));
    const ports = { clock: new SystemClock(), random: new SystemRandom(), logger: silentLogger };
    const destination = decorate(openS3(service, Bucket), ports);

    // What is of today may be at work.
    const open = () => Promise.resolve(destination);
    expect(await sweepLeftovers(destination, open, ports, signal)).toEqual({
      ...{ probes: 0, uploads: 0 },
    });

    const told = new Map<string, number>();
    const ended = await destination.endUploads?.(({ key, activeMs }) => {
      told.set(key, activeMs);
      return Promise.resolve(key === photo);
    }, signal);
    expect(ended).toBe(1);
    expect([...told.keys()].toSorted()).toEqual([photo, 'movie.mp4']);
    for (const activeMs of told.values()) {
      expect(Math.abs(activeMs - Date.now())).toBeLessThan(10 * minute);
    }
    const left = await client.send(new ListMultipartUploadsCommand({ Bucket }));
    expect(left.Uploads?.map(({ Key }) => Key).toSorted()).toEqual([
      `other/${photo}`,
      'photos/movie.mp4',
    ]);
    await destination.close();
    client.destroy();
  });
}
