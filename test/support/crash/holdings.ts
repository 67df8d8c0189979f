import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { filesBelow } from './photo-tree.ts';

/** Everything that lies at a destination, bytes by key, read without the product. */
export type Holdings = ReadonlyMap<string, Uint8Array>;

export async function holdingsOfFolder(root: string): Promise<Holdings> {
  const holdings = new Map<string, Uint8Array>();
  for (const key of await filesBelow(root)) holdings.set(key, await readFile(join(root, key)));
  return holdings;
}

/** @param prefix ends in `/`. */
export async function holdingsOfBucket(
  client: S3Client,
  bucket: string,
  prefix: string,
): Promise<Holdings> {
  const { Contents = [], IsTruncated } = await client.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }),
  );
  if (IsTruncated === true) throw new Error('more objects than one page lists');
  const read = Contents.map(async ({ Key = '' }): Promise<[string, Uint8Array]> => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
    return [Key.slice(prefix.length), (await Body?.transformToByteArray()) ?? new Uint8Array()];
  });
  return new Map(await Promise.all(read));
}

/** Numbers of the parts that unfinished uploads below a prefix hold, by upload. */
export async function unfinishedUploads(
  client: S3Client,
  bucket: string,
  prefix: string,
): Promise<number[][]> {
  const { Uploads = [] } = await client.send(
    new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix }),
  );
  return Promise.all(
    Uploads.map(async ({ Key, UploadId }) => {
      const { Parts = [] } = await client.send(
        new ListPartsCommand({ Bucket: bucket, Key, UploadId }),
      );
      return Parts.map(({ PartNumber = 0 }) => PartNumber);
    }),
  );
}
