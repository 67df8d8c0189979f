import { afterAll, test } from 'vitest';

import { openDestination } from '../support/destinations/open-destination.ts';
import { dropboxEndpoints, openDropbox, signedIn } from '../support/destinations/open-dropbox.ts';
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
import { davPassword, davSecrets, davUser, startApacheDav } from '../support/services/webdav.ts';
import { faultRuns } from './fault-runs.ts';

const mebibyte = 1024 * 1024;
const skipped = (name: string, reason: string): void => {
  console.warn(`skipped: faults before ${name}: ${reason}`);
  test.skip(`${name}: ${reason}`, () => undefined);
};
const at = (port: number | undefined): string => `127.0.0.1:${String(port)}`;

const s3 = s3Service();
if ('skipReason' in s3) {
  skipped('S3', s3.skipReason);
} else {
  faultRuns('S3', async () => {
    const bucket = await freshBucket();
    return {
      ports: [Number(new URL(s3.endpoint).port)],
      large: 9 * mebibyte,
      open: ([port]) => Promise.resolve(openS3({ ...s3, endpoint: `http://${at(port)}` }, bucket)),
    };
  });
}

const azurite = await provide('Azurite', startAzurite);
if ('skipReason' in azurite) {
  skipped('Azure Blob', azurite.skipReason);
} else {
  afterAll(() => azurite.stop());
  faultRuns('Azure Blob', async () => {
    const url = await freshContainer(azurite.port);
    return {
      ports: [azurite.port],
      large: 9 * mebibyte,
      open: ([port]) => openDestination(url.replace(at(azurite.port), at(port)), azureSecrets),
    };
  });
}

const apache = await provide('Apache', startApacheDav);
if ('skipReason' in apache) {
  skipped('WebDAV', apache.skipReason);
} else {
  afterAll(() => apache.stop());
  faultRuns('WebDAV on Apache', () =>
    Promise.resolve({
      ports: [apache.port],
      large: 9 * mebibyte,
      open: ([port]) => openDestination(`webdav://${at(port)}/fault-runs`, davSecrets),
    }),
  );
}

const nextcloud = await startNextcloud(davUser, davPassword);
afterAll(nextcloud.close);
faultRuns('Nextcloud (double)', () =>
  Promise.resolve({
    ports: [nextcloud.port],
    large: 9 * mebibyte,
    open: ([port]) =>
      openDestination(`webdav://${at(port)}/remote.php/dav/files/${davUser}/runs`, davSecrets),
  }),
);

const google = await startGoogleStorage();
afterAll(google.close);
faultRuns('Google Cloud Storage (double)', () => {
  const bucket = google.makeBucket();
  return Promise.resolve({
    ports: [google.port],
    large: 9 * mebibyte,
    open: ([port]) =>
      openDestination(`gs://${bucket}?endpoint=http://${at(port)}`, {
        GOOGLE_SERVICE_ACCOUNT_KEY: google.key,
      }),
  });
});

const drive = await GoogleDriveDouble.start();
afterAll(() => drive.close());
const access = signedInAt(drive);
faultRuns('Google Drive (double)', () =>
  Promise.resolve({
    ports: [drive.port],
    large: 6 * mebibyte,
    open: ([port = 0]) => openDrive(access, port),
  }),
);

const dropbox = await startDropbox();
afterAll(() => dropbox.close());
const accessTokens = signedIn(dropbox);
faultRuns('Dropbox (double)', () =>
  Promise.resolve({
    ports: [dropbox.ports.api, dropbox.ports.content],
    large: 9 * mebibyte,
    open: ([api = 0, content = 0]) =>
      openDropbox(dropbox, 'fault runs', {
        accessTokens,
        endpoints: dropboxEndpoints({ api, content, site: dropbox.ports.site }),
      }),
  }),
);

const oneDrive = await startOneDrive();
afterAll(oneDrive.close);
faultRuns('OneDrive (double)', () =>
  Promise.resolve({
    ports: [oneDrive.port],
    large: 11 * mebibyte,
    open: ([port = 0]) => openOneDrive(oneDrive, 'fault runs', { port }),
  }),
);

const immich = await startImmich(3);
afterAll(() => immich.close());
faultRuns('Immich (double)', () =>
  Promise.resolve({
    ports: [immich.port],
    large: 9 * mebibyte,
    open: ([port]) => openDestination(`immich://${at(port)}`, immichSecrets),
  }),
);
