import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { runCli, type CliResult } from '../cli/run-cli.ts';
import { hashesBelow } from '../cli/workspace.ts';
import { copyOfBucket } from '../services/other-s3-client.ts';
import { freshBucket, s3Client, s3Service } from '../services/s3.ts';

/** A fresh destination, and its objects as someone else sees and damages them. */
export interface Place {
  readonly url: string;
  /** SHA-256 by key. */
  objects(): Promise<Map<string, string>>;
  /** Changes one of its bytes. */
  damage(key: string): Promise<void>;
  remove(key: string): Promise<void>;
}

/** Kinds of destination that can be had here; `s3` only where there is a server. */
export function kindsOfPlaces(): readonly ('file' | 's3')[] {
  const service = s3Service();
  if (!('skipReason' in service)) return ['file', 's3'];
  console.warn(`only a folder: ${service.skipReason}`);
  return ['file'];
}

/** @param scratch a directory that goes when the tests end. */
export function freshPlace(kind: 'file' | 's3', scratch: string): Promise<Place> {
  return kind === 's3'
    ? bucketPlace(scratch)
    : Promise.resolve(folderPlace(join(scratch, 'backup')));
}

/** Runs a command as data, with the keys of the S3 server. */
export function runWithKeys(...args: string[]): Promise<CliResult> {
  return runWithKeysIn({}, ...args);
}

/** The same with variables of its own. */
export function runWithKeysIn(
  environment: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<CliResult> {
  const service = s3Service();
  const keys =
    'skipReason' in service
      ? {}
      : { AWS_ACCESS_KEY_ID: service.accessKeyId, AWS_SECRET_ACCESS_KEY: service.secretAccessKey };
  return runCli([...args, '--json'], { environment: { ...keys, ...environment } });
}

/** Writes a file with a modification time of its own. */
export async function putFile(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  await utimes(path, 1_700_000_000, 1_700_000_000 + bytes.length / 1000);
}

function folderPlace(folder: string): Place {
  return {
    url: pathToFileURL(folder).href,
    objects: async () => withoutSystem(await hashesBelow(folder)),
    damage: async (key) => {
      const path = join(folder, key);
      await writeFile(path, flipped(await readFile(path)));
    },
    remove: (key) => rm(join(folder, key)),
  };
}

async function bucketPlace(scratch: string): Promise<Place> {
  const service = s3Service();
  if ('skipReason' in service) throw new Error(service.skipReason);
  const bucket = await freshBucket();
  const query = new URLSearchParams({ endpoint: service.endpoint, region: service.region });
  const copied = async <T>(look: (folder: string) => Promise<T>): Promise<T> => {
    const folder = await mkdtemp(join(scratch, 'bucket-'));
    await copyOfBucket(service, `${bucket}/photos`, folder);
    const seen = await look(folder);
    await rm(folder, { recursive: true });
    return seen;
  };
  const change = async (key: string, bytes: Uint8Array | null): Promise<void> => {
    const client = s3Client(service);
    const object = { Bucket: bucket, Key: `photos/${key}` };
    if (bytes === null) await client.send(new DeleteObjectCommand(object));
    else await client.send(new PutObjectCommand({ ...object, Body: bytes }));
    client.destroy();
  };
  return {
    url: `s3://${bucket}/photos?${query.toString()}`,
    objects: () => copied(async (folder) => withoutSystem(await hashesBelow(folder))),
    damage: async (key) => {
      await change(key, flipped(await copied((folder) => readFile(join(folder, key)))));
    },
    remove: (key) => change(key, null),
  };
}

function withoutSystem(hashes: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...hashes].filter(([key]) => !key.startsWith('.cloudroll/')));
}

/** The same number of bytes, one of them another. */
function flipped(bytes: Uint8Array): Uint8Array {
  const middle = Math.floor(bytes.length / 2);
  return bytes.with(middle, (bytes[middle] ?? 0) ^ 0xff);
}
