import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, describe, expect, test } from 'vitest';

import { sha256Of, someBytes } from '../../electron/engine/destinations/validation/sources.ts';
import { hashesBelow, jpeg, largeJpeg, Workspace } from '../support/cli/workspace.ts';
import {
  dropboxByName,
  googleDriveByName,
  oneDriveByName,
  type CloudByName,
} from '../support/doubles/by-true-names.ts';
import { debianProgram, provide } from '../support/services/local-server.ts';

const run = promisify(execFile);
const clouds = [
  ['Google Drive', () => googleDriveByName()],
  ['Dropbox', dropboxByName],
  ['OneDrive', oneDriveByName],
] as const;
const rclone = await provide('rclone', () => debianProgram('/usr/bin/rclone', 'rclone'));
const scratch = await mkdtemp(join(tmpdir(), 'cloudroll-rclone-'));
afterAll(() => rm(scratch, { recursive: true }));

for (const [name, start] of clouds) {
  if (typeof rclone !== 'string') {
    test.skip(`rclone and ${name}: ${rclone.skipReason}`, () => undefined);
    continue;
  }
  const cloud = await provide(`${name} by its own names`, start);
  if ('skipReason' in cloud) {
    test.skip(`rclone and ${name}: ${cloud.skipReason}`, () => undefined);
    continue;
  }
  const ask = (...args: readonly string[]) => rcloneAt(rclone, cloud, args);

  describe(`rclone, Cloudroll and the double of ${name}`, () => {
    afterAll(() => cloud.stop());

    test('what rclone has copied there it lists, checks and reads back', async () => {
      const local = join(scratch, `${name} by rclone`);
      for (let number = 0; number < 18; number += 1) {
        await write(local, `2024/0${String(1 + (number % 3))}/${String(number)}.jpg`, number, 900);
      }
      await write(local, '2025/사진 “하나” #1 100% &+.jpg', 18, 6_500_001);
      await write(local, 'large.mov', 19, 17_000_003);
      const here = await hashesBelow(local);
      expect(here.size).toBe(20);

      await ask('copy', local, 'cloud:By rclone', '--transfers', '8');
      const held = [...cloud.files()].map(([path, bytes]) => [path, sha256Of(bytes)] as const);
      const expected = [...here].map(([path, hash]) => [`By rclone/${path}`, hash] as const);
      expect(new Map(held)).toEqual(new Map(expected));
      const listed = await ask('lsf', '--recursive', '--files-only', 'cloud:By rclone');
      expect(listed.trim().split('\n').toSorted()).toEqual([...here.keys()].toSorted());
      const again = await ask('check', local, 'cloud:By rclone', '--one-way', '--combined', '-');
      const same = [...here.keys()].map((path) => `= ${path}`);
      expect(again.trim().split('\n').toSorted()).toEqual(same.toSorted());
      await ask('copy', 'cloud:By rclone', `${local}, read back`);
      expect(await hashesBelow(`${local}, read back`)).toEqual(here);
    });

    test('what Cloudroll has put there by the provider’s own names, rclone reads with the same hashes', async () => {
      await using workspace = await Workspace.create();
      for (let seed = 1; seed <= 5; seed += 1) {
        await workspace.write(`사진/${String(seed)} & co’s #1.jpg`, await jpeg(seed));
      }
      await workspace.write('large.jpg', await largeJpeg(9, 17_000_000));
      const environment = cloud.ours;
      const before = cloud.names.refused.size;
      const url = cloud.url('백업/Cloudroll');
      const synced = await workspace.sync(['--to', url], { environment });
      expect(synced.stderr).toBe('');
      expect(synced.last()).toMatchObject({ photos: 6, uploaded: 6, failed: 0 });
      expect(cloud.names.refused.size).toBe(before);

      const down = join(scratch, `${name} by Cloudroll`);
      await ask('copy', 'cloud:백업/Cloudroll', down, '--exclude', '/.cloudroll/**');
      const here = [...(await hashesBelow(workspace.photos)).values()];
      const there = [...(await hashesBelow(down)).values()];
      expect(there.toSorted()).toEqual(here.toSorted());
      // What the provider says of the files, and what rclone itself makes of their bytes.
      const sums = ['hashsum', cloud.hashName, '--exclude', '/.cloudroll/**'];
      const told = (await ask(...sums, 'cloud:백업/Cloudroll')).trim().split('\n').toSorted();
      expect(told).toEqual((await ask(...sums, down)).trim().split('\n').toSorted());
      expect(told).toHaveLength(6);
    });
  });
}

if (typeof rclone === 'string') {
  test('with the scope `drive.file` rclone sees nothing that another client made', async () => {
    const cloud = await googleDriveByName('drive.file');
    try {
      await using workspace = await Workspace.create();
      await workspace.write('a.jpg', await jpeg(1));
      const to = ['--to', cloud.url('Cloudroll')];
      const synced = await workspace.sync(to, { environment: cloud.ours });
      expect(synced.last()).toMatchObject({ uploaded: 1, failed: 0 });
      expect(cloud.files().size).toBeGreaterThan(1);
      expect(await rcloneAt(rclone, cloud, ['lsf', '--recursive', 'cloud:'])).toBe('');
    } finally {
      await cloud.stop();
    }
  });
}

/** What it prints; it fails where rclone does, at its first try. */
async function rcloneAt(
  program: string,
  cloud: CloudByName,
  args: readonly string[],
): Promise<string> {
  const env = { ...process.env, ...cloud.rclone };
  const options = ['--retries', '1', '--low-level-retries', '1'];
  return (await run(program, [...args, ...options], { env })).stdout;
}

async function write(folder: string, path: string, seed: number, bytes: number): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), someBytes(bytes, seed));
}
