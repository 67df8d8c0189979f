import { Readable } from 'node:stream';

import { auth, drive as driveClient } from '@googleapis/drive';
import type { drive_v3 } from '@googleapis/drive';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { sha256Of, someBytes } from '../../electron/engine/destinations/validation/sources.ts';
import { folderType } from '../support/doubles/google/drive-store.ts';
import { GoogleDriveDouble } from '../support/doubles/google-drive.ts';
import { signedInAt } from '../support/destinations/open-google-drive.ts';

let double: GoogleDriveDouble;
let client: drive_v3.Drive;

beforeEach(async () => {
  double = await GoogleDriveDouble.start();
  const oauth = new auth.OAuth2();
  oauth.setCredentials({ access_token: await signedInAt(double).tokens.get(AbortSignal.abort()) });
  client = driveClient({ version: 'v3', auth: oauth, rootUrl: rootUrl(), retry: false });
});
afterEach(() => double.close());

function rootUrl(): string {
  return `http://127.0.0.1:${String(double.port)}/`;
}

async function statusOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return 200;
  } catch (error) {
    const status: unknown = error instanceof Error ? Reflect.get(error, 'status') : undefined;
    return status;
  }
}

describe('the double of Google Drive, to Google’s own client', () => {
  test('makes folders and files, finds them, gives them back and removes them', async () => {
    const { data } = await client.files.generateIds({ count: 3, space: 'drive', type: 'files' });
    const [folderId = '', fileId = ''] = data.ids ?? [];
    const folder = await client.files.create({
      requestBody: { id: folderId, name: '폴더', mimeType: folderType, parents: ['root'] },
    });
    expect(folder.data).toMatchObject({ kind: 'drive#file', id: folderId, name: '폴더' });
    const bytes = Buffer.from(someBytes(300_000));
    const make = (): Promise<{ data: drive_v3.Schema$File }> =>
      client.files.create(
        {
          requestBody: {
            ...{ id: fileId, name: "it's.jpg", parents: [folderId] },
            appProperties: { mark: 'one' },
          },
          media: { mimeType: 'image/jpeg', body: Readable.from([bytes]) },
          fields: 'id,size,sha256Checksum,mimeType',
        },
        // For an upload the client takes the address of this call alone.
        { rootUrl: rootUrl() },
      );
    expect((await make()).data).toEqual({
      ...{ id: fileId, size: '300000', mimeType: 'image/jpeg' },
      sha256Checksum: sha256Of(bytes),
    });
    expect(await statusOf(make())).toBe(409);
    for (const q of [
      `'${folderId}' in parents and trashed = false`,
      `name = 'IT\\'S.JPG'`,
      `appProperties has { key='mark' and value='one' }`,
    ]) {
      const found = await client.files.list({ q, fields: 'files(id,name)' });
      expect(found.data).toEqual({ files: [{ id: fileId, name: "it's.jpg" }] });
    }
    const back = await client.files.get(
      { fileId, alt: 'media' },
      { responseType: 'arraybuffer', headers: { range: 'bytes=10-19' } },
    );
    expect(Buffer.from(Object(back.data))).toEqual(bytes.subarray(10, 20));
    const about = await client.about.get({ fields: 'storageQuota' });
    expect(about.data.storageQuota?.usage).toBe('300000');
    expect((await client.files.delete({ fileId: folderId })).status).toBe(204);
    expect(await statusOf(client.files.get({ fileId }))).toBe(404);
  });

  test('gives a long list page by page', async () => {
    for (let index = 0; index < 5; index += 1) {
      await client.files.create({ requestBody: { name: `${String(index)}.txt` } });
    }
    const names: unknown[] = [];
    let pageToken: string | undefined;
    do {
      const token = pageToken === undefined ? {} : { pageToken };
      const page = await client.files.list({ q: 'trashed = false', pageSize: 2, ...token });
      names.push(...(page.data.files ?? []).map(({ name }) => name));
      pageToken = page.data.nextPageToken ?? undefined;
    } while (pageToken !== undefined);
    expect(names.toSorted()).toEqual(['0.txt', '1.txt', '2.txt', '3.txt', '4.txt']);
  });

  test('refuses what Drive refuses', async () => {
    const refused: readonly (readonly [unknown, Promise<unknown>])[] = [
      [404, client.files.get({ fileId: 'nothing' })],
      [404, client.files.list({ q: "'nothing' in parents" })],
      [400, client.files.list({ q: 'nonsense' })],
      [400, client.files.list({ fields: 'files(nonsense)' })],
      [400, client.files.list({ pageToken: 'nonsense' })],
      [400, client.files.create({ requestBody: { id: 'of-my-own-making' } })],
      [400, client.files.create({ requestBody: { appProperties: { a: 'x'.repeat(124) } } })],
      [400, client.about.get({})],
    ];
    for (const [status, work] of refused) expect(await statusOf(work)).toBe(status);
    double.accounts.endAccessTokens();
    expect(await statusOf(client.files.list({}))).toBe(401);
  });
});
