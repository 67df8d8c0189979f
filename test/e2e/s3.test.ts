import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';

import { freshBucket, s3Client, s3Service, type S3Access } from '../support/services/s3.ts';
import { hashesBelow, jpeg, largeJpeg, Workspace } from '../support/cli/workspace.ts';

const service = s3Service();

describe.skipIf('skipReason' in service)('with a real S3 server', () => {
  const access = service as S3Access;
  const keys = {
    AWS_ACCESS_KEY_ID: access.accessKeyId,
    AWS_SECRET_ACCESS_KEY: access.secretAccessKey,
  };
  const urlOf = (bucket: string) =>
    `s3://${bucket}/photos?endpoint=${access.endpoint}&region=${access.region}`;

  test('a folder and a bucket together hold every photo once, and give it back', async () => {
    await using workspace = await Workspace.create();
    for (let seed = 1; seed <= 5; seed += 1) {
      await workspace.write(`사진/${String(seed)} & co.jpg`, await jpeg(seed));
    }
    await workspace.write('large.jpg', await largeJpeg(9, 17_000_000));
    await workspace.write('again.jpg', await jpeg(1));
    const bucket = await freshBucket();
    const to = ['--to', urlOf(bucket)];

    const first = await workspace.sync(to, { environment: keys });
    expect(first.status).toBe(0);
    expect(first.last()).toMatchObject({
      photos: 6,
      uploaded: 6,
      destinations: { backup: { uploaded: 6 }, [bucket]: { uploaded: 6 } },
    });
    const here = new Set((await hashesBelow(workspace.photos)).values());
    const there = await hashesInBucket(access, bucket);
    expect(there.toSorted()).toEqual([...here].toSorted());

    const second = await workspace.sync(to, { environment: keys });
    expect(second.status).toBe(0);
    expect(second.last()).toMatchObject({ uploaded: 0, alreadyBackedUp: 6, bytesUploaded: 0 });

    const verified = await workspace.run(['verify', '--read-data', '--json'], {
      environment: keys,
    });
    expect(verified.status).toBe(0);
    expect(verified.last()).toMatchObject({ expected: 12, intact: 12, read: 12 });

    const into = workspace.path('restored');
    const restored = await workspace.run(['restore', '--from', urlOf(bucket), '--into', into], {
      environment: keys,
    });
    expect(restored.status).toBe(0);
    const [folder = ''] = await readdir(into);
    expect(await hashesBelow(join(into, folder))).toEqual(await hashesBelow(workspace.photos));
  });

  test('wrong keys and a wrong bucket are status 3, and the folder beside it gets everything', async () => {
    await using workspace = await Workspace.create();
    await workspace.write('a.jpg', await jpeg(1));
    const bucket = await freshBucket();
    const wrongKeys = await workspace.sync(['--to', urlOf(bucket)], {
      environment: { ...keys, AWS_SECRET_ACCESS_KEY: 'not the right one' },
    });
    expect(wrongKeys.status).toBe(3);
    expect(wrongKeys.last()).toMatchObject({
      destinations: { backup: { uploaded: 1 }, [bucket]: { error: { code: 'auth' } } },
    });
    const wrongBucket = await workspace.sync(['--to', urlOf('there-is-no-such-bucket')], {
      environment: keys,
    });
    expect(wrongBucket.status).toBe(3);
    expect(wrongBucket.last()).toMatchObject({
      destinations: { 'there-is-no-such-bucket': { error: { code: 'notFound' } } },
    });
    expect((await workspace.run(['check', urlOf(bucket)], { environment: {} })).status).toBe(3);
  });

  test('the contract suite passes and cleans up', async () => {
    await using workspace = await Workspace.create();
    const bucket = await freshBucket();
    const { status, last } = await workspace.run(['check', urlOf(bucket), '--json'], {
      environment: keys,
    });
    expect(status).toBe(0);
    expect(last()).toMatchObject({ event: 'summary', failed: 0 });
    expect(await hashesInBucket(access, bucket)).toEqual([]);
  });
});

/** SHA-256 of every photo in a bucket, read by another client. */
async function hashesInBucket(access: S3Access, bucket: string): Promise<string[]> {
  const client = s3Client(access);
  try {
    const listing = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
    const keys = (listing.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
    const photos = keys.filter((key) => !key.includes('/.cloudroll/'));
    return await Promise.all(
      photos.map(async (Key) => {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
        const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
        return createHash('sha256').update(bytes).digest('hex');
      }),
    );
  } finally {
    client.destroy();
  }
}
