import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, test } from 'vitest';

import { openDestination } from '../support/destinations/open-destination.ts';
import { openDropbox } from '../support/destinations/open-dropbox.ts';
import { openDrive, signedInAt } from '../support/destinations/open-google-drive.ts';
import { openOneDrive } from '../support/destinations/open-onedrive.ts';
import { openS3 } from '../support/destinations/open-s3.ts';
import { startDropbox } from '../support/doubles/dropbox.ts';
import { GoogleDriveDouble } from '../support/doubles/google-drive.ts';
import { startGoogleStorage } from '../support/doubles/google-storage.ts';
import { immichSecrets, startImmich } from '../support/doubles/immich.ts';
import { startNextcloud } from '../support/doubles/nextcloud.ts';
import { startOneDrive } from '../support/doubles/onedrive.ts';
import { azureSecrets, freshContainer, startAzurite } from '../support/services/azurite.ts';
import { provide } from '../support/services/local-server.ts';
import { freshBucket, s3Service } from '../support/services/s3.ts';
import { startSshd } from '../support/services/sshd.ts';
import {
  davPassword,
  davSecrets,
  davUser,
  startApacheDav,
  startRcloneDav,
} from '../support/services/webdav.ts';
import { awkwardNamesContract } from './awkward-contract.ts';

const folder = await mkdtemp(join(tmpdir(), 'cloudroll-awkward-'));
afterAll(() => rm(folder, { recursive: true }));
awkwardNamesContract('a folder', () => openDestination(`file://${folder}/backup`, {}));

const s3 = s3Service();
if ('skipReason' in s3) {
  console.warn(`skipped: awkward names on S3: ${s3.skipReason}`);
  test.skip(`S3: ${s3.skipReason}`, () => undefined);
} else {
  awkwardNamesContract('S3', async () => openS3(s3, await freshBucket()));
}

for (const [name, start] of [
  ['Apache', startApacheDav],
  ['rclone', startRcloneDav],
] as const) {
  const server = await provide(name, start);
  if ('skipReason' in server) {
    console.warn(`skipped: awkward names on WebDAV: ${server.skipReason}`);
    test.skip(`WebDAV: ${server.skipReason}`, () => undefined);
    continue;
  }
  afterAll(() => server.stop());
  const url = `webdav://127.0.0.1:${String(server.port)}/awkward`;
  awkwardNamesContract(`WebDAV on ${name}`, () => openDestination(url, davSecrets));
}

const nextcloud = await startNextcloud(davUser, davPassword);
afterAll(nextcloud.close);
awkwardNamesContract('Nextcloud (double)', () => {
  const path = `remote.php/dav/files/${davUser}/awkward`;
  return openDestination(`webdav://127.0.0.1:${String(nextcloud.port)}/${path}`, davSecrets);
});

const google = await startGoogleStorage();
afterAll(google.close);
awkwardNamesContract('Google Cloud Storage (double)', () =>
  openDestination(`gs://${google.makeBucket()}?endpoint=${google.address}`, {
    GOOGLE_SERVICE_ACCOUNT_KEY: google.key,
  }),
);

const drive = await GoogleDriveDouble.start();
afterAll(() => drive.close());
awkwardNamesContract('Google Drive (double)', () => openDrive(signedInAt(drive), drive.port));

const dropbox = await startDropbox();
afterAll(() => dropbox.close());
awkwardNamesContract('Dropbox (double)', () => openDropbox(dropbox, 'awkward'));

const oneDrive = await startOneDrive();
afterAll(oneDrive.close);
awkwardNamesContract('OneDrive (double)', () => openOneDrive(oneDrive, 'awkward'));

const immich = await startImmich(3);
afterAll(() => immich.close());
awkwardNamesContract('Immich (double)', () =>
  openDestination(`immich://127.0.0.1:${String(immich.port)}`, immichSecrets),
);

const sshd = await provide('OpenSSH', startSshd);
if ('skipReason' in sshd) {
  console.warn(`skipped: awkward names on SFTP: ${sshd.skipReason}`);
  test.skip(`SFTP: ${sshd.skipReason}`, () => undefined);
} else {
  afterAll(() => sshd.stop());
  const url = `sftp://127.0.0.1:${String(sshd.port)}${sshd.root}/awkward?identity=${sshd.keyPath}`;
  awkwardNamesContract('SFTP', () => openDestination(url, { CLOUDROLL_USERNAME: sshd.user }));
}

const azurite = await provide('Azurite', startAzurite);
if ('skipReason' in azurite) {
  console.warn(`skipped: awkward names on Azure Blob: ${azurite.skipReason}`);
  test.skip(`Azure Blob: ${azurite.skipReason}`, () => undefined);
} else {
  afterAll(() => azurite.stop());
  awkwardNamesContract('Azure Blob', async () =>
    openDestination(await freshContainer(azurite.port), azureSecrets),
  );
}
