import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { Storage } from '@google-cloud/storage';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';

import {
  sha256Of,
  someBytes,
  sourceOf,
} from '../../electron/engine/destinations/validation/sources.ts';
import { openDestination } from '../support/destinations/open-destination.ts';
import { startGoogleStorage } from '../support/doubles/google-storage.ts';
import { crc32cOf } from '../support/doubles/google-storage/crc32c.ts';
import { debianProgram, provide } from '../support/services/local-server.ts';

const signal = new AbortController().signal;
const mebibyte = 1024 * 1024;
const google = await startGoogleStorage();
afterAll(google.close);
const folder = await mkdtemp(join(tmpdir(), 'cloudroll-google-'));
afterAll(() => rm(folder, { recursive: true }));
const keySchema = z.object({ client_email: z.string(), private_key: z.string() });
const run = promisify(execFile);
const secrets = { GOOGLE_SERVICE_ACCOUNT_KEY: google.key };

async function readOurs(bucket: string, key: string): Promise<string> {
  const destination = await openDestination(`gs://${bucket}?endpoint=${google.address}`, secrets);
  try {
    const parts: Uint8Array[] = [];
    for await (const chunk of destination.open(key, null, signal)) parts.push(chunk);
    return sha256Of(Buffer.concat(parts));
  } finally {
    await destination.close();
  }
}

async function putOurs(bucket: string, key: string, bytes: Uint8Array): Promise<void> {
  const destination = await openDestination(`gs://${bucket}?endpoint=${google.address}`, secrets);
  try {
    await destination.put(key, sourceOf(bytes), {}, signal);
  } finally {
    await destination.close();
  }
}

test('the double counts CRC-32C as RFC 3720 does', () => {
  const vectors: readonly (readonly [Uint8Array, string])[] = [
    [new Uint8Array(32), 'aa36918a'],
    [new Uint8Array(32).fill(0xff), '43aba862'],
    [Uint8Array.from({ length: 32 }, (_value, index) => index), '4e79dd46'],
  ];
  for (const [bytes, reversed] of vectors) {
    const value = Buffer.from(crc32cOf(bytes), 'base64').reverse().toString('hex');
    expect(value).toBe(reversed);
  }
});

test('Google’s own client library finds what Cloudroll has put, and the other way round', async () => {
  const { client_email, private_key } = keySchema.parse(JSON.parse(google.key));
  const storage = new Storage({
    apiEndpoint: google.address,
    // It asks Google alone for tokens.
    useAuthWithCustomEndpoint: false,
    projectId: 'photos',
    credentials: { client_email, private_key },
  });
  google.tokens.open = true;
  const bucket = google.makeBucket();
  const theirs = storage.bucket(bucket);
  const [small, large] = [someBytes(100_000, 1), someBytes(9 * mebibyte + 3, 2)];
  const ours = new Map([
    ['2024/05/large.mov', large],
    ['2024/05/사진 #1.jpg', small],
  ]);
  for (const [name, bytes] of ours) await putOurs(bucket, name, bytes);
  const [files] = await theirs.getFiles({ prefix: '2024/' });
  expect(files.map(({ name }) => name)).toEqual([...ours.keys()]);
  for (const [name, bytes] of ours) {
    // It checks the CRC-32C of what it downloads by itself.
    const [content] = await theirs.file(name).download({ validation: 'crc32c' });
    expect(sha256Of(content)).toBe(sha256Of(bytes));
  }
  const onlyNew = { preconditionOpts: { ifGenerationMatch: 0 } };
  await theirs
    .file('a.jpg')
    .save(Buffer.from(small), { ...onlyNew, resumable: false, validation: 'crc32c' });
  expect(await readOurs(bucket, 'a.jpg')).toBe(sha256Of(small));
  await theirs
    .file('b.mov')
    .save(Buffer.from(large), { ...onlyNew, chunkSize: 2 * mebibyte, validation: 'md5' });
  expect(await readOurs(bucket, 'b.mov')).toBe(sha256Of(large));
  const again = theirs.file('a.jpg').save(Buffer.from(small), { ...onlyNew, resumable: false });
  await expect(again).rejects.toMatchObject({ code: 412 });
  await theirs.file('a.jpg').delete();
  expect(google.bucket(bucket).objects.has('a.jpg')).toBe(false);
  google.tokens.open = false;
});

const rclone = await provide('rclone', () => debianProgram('/usr/bin/rclone', 'rclone'));
if (typeof rclone !== 'string') {
  console.warn(`skipped: rclone against the double of Google Cloud Storage: ${rclone.skipReason}`);
  test.skip(`rclone: ${rclone.skipReason}`, () => undefined);
} else {
  test('rclone signs in by the same key, and both see each other’s files', async () => {
    const bucket = google.makeBucket();
    const key = join(folder, 'key.json');
    await writeFile(key, google.key);
    const bytes = someBytes(9 * mebibyte, 3);
    await writeFile(join(folder, 'by rclone.mov'), bytes);
    await putOurs(bucket, '2024/05/사진.jpg', someBytes(1000, 4));
    const rcloneWith = async (...args: readonly string[]): Promise<string> => {
      const endpoint = `${google.address}/storage/v1/`;
      const remote = ['--gcs-service-account-file', key, '--gcs-endpoint', endpoint];
      const options = ['--config', '/dev/null', '--gcs-bucket-policy-only', '--retries', '1'];
      return (await run(rclone, [...args, ...remote, ...options])).stdout;
    };
    await rcloneWith('copy', join(folder, 'by rclone.mov'), `:gcs:${bucket}/2024`);
    expect(await readOurs(bucket, '2024/by rclone.mov')).toBe(sha256Of(bytes));
    const listed = await rcloneWith('lsf', '--recursive', '--files-only', `:gcs:${bucket}`);
    expect(listed.trim().split('\n').toSorted()).toEqual([
      '2024/05/사진.jpg',
      '2024/by rclone.mov',
    ]);
    await rcloneWith(
      'check',
      '--one-way',
      '--include',
      'by rclone.mov',
      folder,
      `:gcs:${bucket}/2024`,
    );
    await rcloneWith('deletefile', `:gcs:${bucket}/2024/05/사진.jpg`);
    expect([...google.bucket(bucket).objects.keys()]).toEqual(['2024/by rclone.mov']);
  });
}
