import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { s3Client, type S3Access } from './s3.ts';

const run = promisify(execFile);

/**
 * Copies everything below `bucket/prefix` into a folder by a client that is not ours: rclone where it is
 * installed, else plain requests of the AWS SDK.
 */
export async function copyOfBucket(access: S3Access, place: string, folder: string): Promise<void> {
  if (await haveRclone()) await copyByRclone(access, place, folder);
  else await copyBySdk(access, place, folder);
}

async function haveRclone(): Promise<boolean> {
  return run('rclone', ['version']).then(
    () => true,
    () => false,
  );
}

async function copyByRclone(access: S3Access, place: string, folder: string): Promise<void> {
  await run('rclone', ['copy', '--config', '/dev/null', `:s3:${place}`, folder], {
    env: {
      PATH: process.env['PATH'],
      RCLONE_S3_PROVIDER: 'Ceph',
      RCLONE_S3_ENDPOINT: access.endpoint,
      RCLONE_S3_REGION: access.region,
      RCLONE_S3_ACCESS_KEY_ID: access.accessKeyId,
      RCLONE_S3_SECRET_ACCESS_KEY: access.secretAccessKey,
    },
  });
}

async function copyBySdk(access: S3Access, place: string, folder: string): Promise<void> {
  const [bucket = '', ...parts] = place.split('/');
  const prefix = `${parts.join('/')}/`;
  const client = s3Client(access);
  const pages = paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix });
  for await (const { Contents = [] } of pages) {
    for (const { Key = '' } of Contents) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
      const path = join(folder, Key.slice(prefix.length));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, (await Body?.transformToByteArray()) ?? new Uint8Array());
    }
  }
  client.destroy();
}
