import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { inject } from 'vitest';
import type { S3Service } from './global-setup.ts';
import type { S3Access } from './rados-gateway.ts';

export type { S3Access, S3Service };

/** The S3 server of this run, or why its tests are skipped; only in projects that provide one. */
export function s3Service(): S3Service {
  return inject('s3');
}

/** A client of the S3 server that shares nothing with the product's own. */
export function s3Client(access: S3Access): S3Client {
  const { endpoint, region, accessKeyId, secretAccessKey } = access;
  return new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
}

/** Makes an empty bucket that no other test uses; returns its name. */
export async function freshBucket(): Promise<string> {
  const service = s3Service();
  if ('skipReason' in service) throw new Error(service.skipReason);
  const client = s3Client(service);
  try {
    const bucket = `test-${randomUUID()}`;
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    return bucket;
  } finally {
    client.destroy();
  }
}
