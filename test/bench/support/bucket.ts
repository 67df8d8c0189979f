import { randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  paginateListObjectsV2,
  S3Client,
  type _Object as StoredObject,
} from '@aws-sdk/client-s3';

import type { S3Access } from '../../support/services/rados-gateway.ts';
import type { InputFolder } from '../inputs/manifest.ts';
import { isOwn, requireSame } from './stored.ts';

/** Gives an empty bucket for one thing to do and removes it, with all that is in it, afterwards. */
export async function withBucket<T>(
  access: S3Access,
  work: (bucket: string) => Promise<T>,
): Promise<T> {
  const client = clientOf(access);
  const bucket = `bench-${randomUUID()}`;
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    try {
      return await work(bucket);
    } finally {
      await empty(client, bucket);
      await client.send(new DeleteBucketCommand({ Bucket: bucket }));
    }
  } finally {
    client.destroy();
  }
}

/**
 * Checks that a bucket holds the bytes of every file of the input, each once, by the MD5 that the server
 * made of what it stored: the ETag of an object that was sent in one piece.
 * @throws otherwise
 */
export async function requireInBucket(
  access: S3Access,
  bucket: string,
  input: InputFolder,
): Promise<void> {
  const client = clientOf(access);
  try {
    const found: string[] = [];
    for await (const objects of pages(client, bucket)) {
      for (const { Key = '', ETag = '' } of objects) {
        if (!isOwn(Key)) found.push(ETag.replaceAll('"', ''));
      }
    }
    requireSame(
      found,
      input.files.map(({ md5 }) => md5),
    );
  } finally {
    client.destroy();
  }
}

function clientOf({ endpoint, region, accessKeyId, secretAccessKey }: S3Access): S3Client {
  const credentials = { accessKeyId, secretAccessKey };
  return new S3Client({ endpoint, region, forcePathStyle: true, credentials });
}

async function empty(client: S3Client, bucket: string): Promise<void> {
  for await (const objects of pages(client, bucket)) {
    const Objects = objects.map(({ Key }) => ({ Key }));
    if (Objects.length === 0) continue;
    await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }));
  }
}

async function* pages(client: S3Client, bucket: string): AsyncGenerator<StoredObject[]> {
  for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket })) {
    yield page.Contents ?? [];
  }
}
