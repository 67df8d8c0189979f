import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { hashesBelow, jpeg, largeJpeg, Workspace } from '../support/cli/workspace.ts';
import { azureSecrets, freshContainer, startAzurite } from '../support/services/azurite.ts';
import { provide } from '../support/services/local-server.ts';
import { startSshd } from '../support/services/sshd.ts';
import { davSecrets, startApacheDav, startRcloneDav } from '../support/services/webdav.ts';

/** A cloud on this machine, reached only by its URL and its secrets. */
interface Cloud {
  readonly url: string;
  readonly secrets: Readonly<Record<string, string>>;
  /** Where its files can be seen past the product; null where they cannot. */
  readonly files: string | null;
  readonly stop: () => Promise<void>;
}

async function webdav(start: typeof startApacheDav): Promise<Cloud> {
  const server = await start();
  const url = `webdav://127.0.0.1:${String(server.port)}/사진`;
  return { url, secrets: davSecrets, files: server.root, stop: () => server.stop() };
}

async function sftp(): Promise<Cloud> {
  const server = await startSshd();
  return {
    url: `sftp://127.0.0.1:${String(server.port)}${server.root}/사진?identity=${server.keyPath}`,
    secrets: { CLOUDROLL_USERNAME: server.user },
    files: server.root,
    stop: () => server.stop(),
  };
}

async function azure(): Promise<Cloud> {
  const server = await startAzurite();
  const url = await freshContainer(server.port, '/사진');
  return { url, secrets: azureSecrets, files: null, stop: () => server.stop() };
}

const clouds: readonly (readonly [string, () => Promise<Cloud>])[] = [
  ['WebDAV on Apache', () => webdav(startApacheDav)],
  ['WebDAV on rclone', () => webdav(startRcloneDav)],
  ['SFTP on OpenSSH', sftp],
  ['Azure Blob on Azurite', azure],
];

for (const [name, start] of clouds) {
  const cloud = await provide(name, start);
  if ('skipReason' in cloud) {
    test.skip(`${name}: ${cloud.skipReason}`, () => undefined);
    continue;
  }

  describe(name, () => {
    afterAll(() => cloud.stop());

    test('a folder and a cloud together hold every photo once, and give it back', async () => {
      await using workspace = await Workspace.create();
      for (let seed = 1; seed <= 5; seed += 1) {
        await workspace.write(`사진/${String(seed)} & co.jpg`, await jpeg(seed));
      }
      await workspace.write('large.jpg', await largeJpeg(9, 17_000_000));
      await workspace.write('again.jpg', await jpeg(1));
      const environment = cloud.secrets;
      const to = ['--to', cloud.url];

      const first = await workspace.sync(to, { environment });
      expect(first.stderr).toBe('');
      expect(first.status).toBe(0);
      expect(first.last()).toMatchObject({ photos: 6, uploaded: 6, failed: 0 });
      const here = new Set((await hashesBelow(workspace.photos)).values());
      if (cloud.files !== null) {
        const stored = [...(await hashesBelow(cloud.files))];
        const photos = stored.filter(([path]) => !path.includes('.cloudroll/'));
        expect(photos.map(([, hash]) => hash).toSorted()).toEqual([...here].toSorted());
      }

      const second = await workspace.sync(to, { environment });
      expect(second.status).toBe(0);
      expect(second.last()).toMatchObject({ uploaded: 0, alreadyBackedUp: 6, bytesUploaded: 0 });

      const verify = ['verify', '--read-data', '--json'];
      const verified = await workspace.run(verify, { environment });
      expect(verified.status).toBe(0);
      expect(verified.last()).toMatchObject({ expected: 12, intact: 12, read: 12 });

      const into = workspace.path('restored');
      const restore = ['restore', '--from', cloud.url, '--into', into];
      const restored = await workspace.run(restore, { environment });
      expect(restored.status).toBe(0);
      const [folder = ''] = await readdir(into);
      expect(await hashesBelow(join(into, folder))).toEqual(await hashesBelow(workspace.photos));
    });

    test('a cloud that refuses the sign-in is status 3, and the folder beside it gets everything', async () => {
      await using workspace = await Workspace.create();
      await workspace.write('a.jpg', await jpeg(1));
      const { status, last } = await workspace.sync(['--to', cloud.url], { environment: {} });
      expect(status).toBe(3);
      expect(last()).toMatchObject({ destinations: { backup: { uploaded: 1 } } });
      expect(JSON.stringify(last())).toContain('"code":"auth"');
    });

    test('the contract suite passes from the command line', async () => {
      await using workspace = await Workspace.create();
      const { status, last } = await workspace.run(['check', cloud.url, '--json'], {
        environment: cloud.secrets,
      });
      expect(last()).toMatchObject({ event: 'summary', failed: 0 });
      expect(status).toBe(0);
    });
  });
}
