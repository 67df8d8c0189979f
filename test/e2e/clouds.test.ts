import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { hashesBelow, jpeg, largeJpeg, Workspace } from '../support/cli/workspace.ts';
import { driveClientSecret, signedInAt } from '../support/destinations/open-google-drive.ts';
import { dropboxApp, startDropbox } from '../support/doubles/dropbox.ts';
import { GoogleDriveDouble } from '../support/doubles/google-drive.ts';
import { startGoogleStorage } from '../support/doubles/google-storage.ts';
import { immichSecrets, startImmich } from '../support/doubles/immich.ts';
import { oneDriveAccount, startOneDrive } from '../support/doubles/onedrive.ts';
import { azureSecrets, freshContainer, startAzurite } from '../support/services/azurite.ts';
import { provide } from '../support/services/local-server.ts';
import { startSshd } from '../support/services/sshd.ts';
import { davSecrets, startApacheDav, startRcloneDav } from '../support/services/webdav.ts';

/** A cloud on this machine, reached only by its URL and its secrets. */
interface Cloud {
  readonly url: string;
  readonly secrets: Readonly<Record<string, string>>;
  /** Secrets that it refuses; default: none at all. */
  readonly refused?: Readonly<Record<string, string>>;
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

async function googleStorage(): Promise<Cloud> {
  const server = await startGoogleStorage();
  return {
    url: `gs://${server.makeBucket()}/사진?endpoint=${server.address}`,
    secrets: { GOOGLE_SERVICE_ACCOUNT_KEY: server.key },
    files: null,
    stop: () => server.close(),
  };
}

async function dropbox(): Promise<Cloud> {
  const double = await startDropbox();
  const address = (port: number): string => `http://127.0.0.1:${String(port)}`;
  const secretsWith = (refreshToken: string): Record<string, string> => ({
    CLOUDROLL_DROPBOX_REFRESH_TOKEN: refreshToken,
    CLOUDROLL_DROPBOX_CLIENT_ID: dropboxApp.clientId,
    CLOUDROLL_ENDPOINT_DROPBOX_API: address(double.ports.api),
    CLOUDROLL_ENDPOINT_DROPBOX_CONTENT: address(double.ports.content),
    CLOUDROLL_ENDPOINT_DROPBOX_SIGN_IN: address(double.ports.site),
  });
  return {
    url: 'dropbox:///사진',
    secrets: secretsWith(double.account.signIn.grant()),
    refused: secretsWith('one that was revoked'),
    files: null,
    stop: () => double.close(),
  };
}

async function googleDrive(): Promise<Cloud> {
  const double = await GoogleDriveDouble.start();
  const address = `http://127.0.0.1:${String(double.port)}`;
  const secretsWith = (refreshToken: string): Record<string, string> => ({
    CLOUDROLL_GDRIVE_REFRESH_TOKEN: refreshToken,
    CLOUDROLL_GOOGLE_CLIENT_ID: 'client-1',
    CLOUDROLL_GOOGLE_CLIENT_SECRET: driveClientSecret,
    CLOUDROLL_ENDPOINT_GDRIVE: address,
    CLOUDROLL_ENDPOINT_GOOGLE_SIGN_IN: address,
  });
  return {
    url: 'gdrive:///사진?account=me@example.com',
    secrets: secretsWith(signedInAt(double).refreshToken),
    refused: secretsWith('one that was revoked'),
    files: null,
    stop: () => double.close(),
  };
}

async function oneDrive(): Promise<Cloud> {
  const double = await startOneDrive();
  const secretsWith = (refreshToken: string): Record<string, string> => ({
    CLOUDROLL_ONEDRIVE_REFRESH_TOKEN: refreshToken,
    CLOUDROLL_ONEDRIVE_CLIENT_ID: oneDriveAccount.clientId,
    CLOUDROLL_ENDPOINT_ONEDRIVE: double.origin,
    CLOUDROLL_ENDPOINT_MICROSOFT_SIGN_IN: double.origin,
  });
  return {
    url: `onedrive:///사진?account=${oneDriveAccount.email}`,
    secrets: secretsWith(double.graph.accounts.issueRefresh()),
    refused: secretsWith('one that was revoked'),
    files: null,
    stop: double.close,
  };
}

async function immich(version: 2 | 3): Promise<Cloud> {
  const server = await startImmich(version);
  const url = `immich://127.0.0.1:${String(server.port)}`;
  return { url, secrets: immichSecrets, files: null, stop: () => server.close() };
}

const clouds: readonly (readonly [string, () => Promise<Cloud>])[] = [
  ['WebDAV on Apache', () => webdav(startApacheDav)],
  ['WebDAV on rclone', () => webdav(startRcloneDav)],
  ['SFTP on OpenSSH', sftp],
  ['Azure Blob on Azurite', azure],
  ['Immich 2 (double)', () => immich(2)],
  ['Immich 3 (double)', () => immich(3)],
  ['Dropbox (double)', dropbox],
  ['Google Cloud Storage (double)', googleStorage],
  ['Google Drive (double)', googleDrive],
  ['OneDrive (double)', oneDrive],
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
      const { status, last } = await workspace.sync(['--to', cloud.url], {
        environment: cloud.refused ?? {},
      });
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
