import { mkdir, rm } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { DeleteObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { S3Access } from '../services/s3.ts';
import { holdingsOfBucket, holdingsOfFolder, unfinishedUploads } from './holdings.ts';
import type { Site } from './trial.ts';

/** A folder that may be made by the sync itself. */
export async function folderSite(folder: string): Promise<Site> {
  await mkdir(folder, { recursive: true });
  return {
    url: pathToFileURL(folder).href,
    folder,
    environment: {},
    holdings: () => holdingsOfFolder(folder),
    unfinishedUploads: () => Promise.resolve([]),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A folder in a bucket. */
export function bucketSite(client: S3Client, access: S3Access, bucket: string, name: string): Site {
  const prefix = `${name}/`;
  const query = new URLSearchParams({ endpoint: access.endpoint, region: access.region });
  return {
    url: `s3://${bucket}/${name}?${query.toString()}`,
    folder: null,
    environment: {
      AWS_ACCESS_KEY_ID: access.accessKeyId,
      AWS_SECRET_ACCESS_KEY: access.secretAccessKey,
    },
    holdings: () => holdingsOfBucket(client, bucket, prefix),
    unfinishedUploads: () => unfinishedUploads(client, bucket, prefix),
    remove: async () => {
      const keys = [...(await holdingsOfBucket(client, bucket, prefix)).keys()];
      const removing = keys.map((key) =>
        client.send(new DeleteObjectCommand({ Bucket: bucket, Key: `${prefix}${key}` })),
      );
      await Promise.all(removing);
    },
  };
}
