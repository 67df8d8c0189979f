import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { KnownHostsFile } from '../../../electron/engine/data-directory/known-hosts-file.ts';
import { azureSettingsOf } from '../../../electron/engine/destinations/azblob/settings.ts';
import { googleStorageSettingsOf } from '../../../electron/engine/destinations/gs/settings.ts';
import { builtInDestinations } from '../../../electron/engine/destinations/registry.ts';
import { sftpSettingsOf } from '../../../electron/engine/destinations/sftp/settings.ts';
import { webdavSettingsOf } from '../../../electron/engine/destinations/webdav/settings.ts';
import {
  destinationName,
  formatDestinationUrl,
  parseDestinationUrl,
} from '../../../shared/domain/destination-url.ts';
import { failureOf } from '../../../shared/domain/failure.ts';

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'none';
  } catch (error) {
    return failureOf(error).code;
  }
}

const webdav = (url: string) => webdavSettingsOf(parseDestinationUrl(url));
const sftp = (url: string) => sftpSettingsOf(parseDestinationUrl(url));
const azure = (url: string) => azureSettingsOf(parseDestinationUrl(url));
const google = (url: string) => googleStorageSettingsOf(parseDestinationUrl(url));

describe('where a destination leads', () => {
  test('WebDAV keeps the names of a path apart, and its server', () => {
    expect(
      webdav('webdavs://cloud.example.org:8443/remote.php/dav/files/me/내 사진/'),
    ).toMatchObject({
      server: { protocol: 'https:', hostname: 'cloud.example.org', port: 8443 },
      origin: 'https://cloud.example.org:8443',
      base: ['remote.php', 'dav', 'files', 'me', '내 사진'],
    });
    expect(webdav('webdav://[::1]/a').server).toMatchObject({ protocol: 'http:', hostname: '::1' });
  });

  test.each([
    ['webdav://nas/photos', 'none'],
    ['webdav://nas.local/photos', 'none'],
    ['webdav://192.168.0.10:5005/photos', 'none'],
    ['webdav://172.32.0.1/photos', 'invalid'],
    ['webdav://example.org/photos', 'invalid'],
    ['webdav://10.example.org/photos', 'invalid'],
    ['webdav://example.org/photos?plain=yes', 'none'],
    ['webdavs://example.org/photos', 'none'],
    ['webdavs://example.org/photos?plain=yes', 'invalid'],
    ['webdavs:///photos', 'invalid'],
    ['webdavs://example.org/a/../b', 'invalid'],
  ])('a password does not cross the internet in the clear: %s is %s', (url, code) => {
    expect(codeOf(() => webdav(url))).toBe(code);
  });

  test('SFTP tells the home directory from the root, and wants a folder', () => {
    expect(sftp('sftp://nas/~/Photos/2024')).toMatchObject({ port: 22, base: 'Photos/2024' });
    expect(sftp('sftp://nas:2222/srv/photos')).toMatchObject({ port: 2222, base: '/srv/photos' });
    for (const url of ['sftp://nas', 'sftp://nas/~', 'sftp:///a', 'sftp://nas/a/../b']) {
      expect(codeOf(() => sftp(url))).toBe('invalid');
    }
    expect(codeOf(() => sftp('sftp://nas/a?hostkey=MD5:00'))).toBe('invalid');
  });

  test('Azure names an account and a container', () => {
    expect(azure('azblob://acct1/photos/a/b')).toMatchObject({
      ...{ account: 'acct1', container: 'photos', prefix: 'a/b/', endpoint: undefined },
    });
    for (const url of ['azblob://acct1', 'azblob://Acct/photos', 'azblob://acct1/a--b']) {
      expect(codeOf(() => azure(url))).toBe('invalid');
    }
    expect(codeOf(() => azure('azblob://acct1/photos?endpoint=ftp://x'))).toBe('invalid');
  });

  test.each([
    ['gs://my-photos/a/b', 'none'],
    ['gs://photos.example.org', 'none'],
    ['gs://my-photos?endpoint=http://127.0.0.1:4443/', 'none'],
    ['gs://my-photos?endpoint=https://storage.asia-northeast3.rep.googleapis.com', 'none'],
    ['gs://My-Photos/a', 'invalid'],
    ['gs:///a', 'invalid'],
    ['gs://my-photos/a/../b', 'invalid'],
    ['gs://my-photos?userProject=other', 'invalid'],
    // Whoever answers there would get tokens that open the bucket.
    ['gs://my-photos?endpoint=https://googleapis.com.example.org', 'invalid'],
    ['gs://my-photos?endpoint=https://example.org/storage.googleapis.com', 'invalid'],
    ['gs://my-photos?endpoint=http://storage.googleapis.com', 'invalid'],
    ['gs://my-photos?endpoint=http://127.0.0.1.example.org', 'invalid'],
    ['gs://my-photos?endpoint=http://localhost:1/path', 'invalid'],
  ])('tokens of Google go to Google or stay on this computer: %s is %s', (url, code) => {
    expect(codeOf(() => google(url))).toBe(code);
  });

  test('how a place is reached does not make it another place', () => {
    const name = (url: string): string => destinationName(parseDestinationUrl(url));
    const key = `SHA256:${'a'.repeat(43)}`;
    expect(name(`sftp://nas/~/a?hostkey=${key}&identity=/home/me/key`)).toBe('sftp://nas/~/a');
    expect(name('webdav://example.org/a?plain=yes')).toBe('webdav://example.org/a');
    expect(name('azblob://acct1/a?endpoint=http://b')).not.toBe(name('azblob://acct1/a'));
  });
});

describe('cards', () => {
  const urlOf = (id: string, values: Readonly<Record<string, string>>): string =>
    formatDestinationUrl(builtInDestinations().card(id).card.urlOf(values));

  test('make the URL that a person would write', () => {
    const address = 'https://cloud.example.org/remote.php/dav/files/me/';
    const nextcloud = urlOf('webdavs:nextcloud', { address, folder: '/사진/' });
    expect(nextcloud).toBe('webdavs://cloud.example.org/remote.php/dav/files/me/사진');
    expect(urlOf('webdavs', { address: 'http://nas.local:5005/a' })).toBe(
      'webdav://nas.local:5005/a',
    );
    expect(urlOf('sftp', { host: 'nas:2222', folder: '~/Photos' })).toBe(
      'sftp://nas:2222/~/Photos',
    );
    const azblob = urlOf('azblob', { account: 'acct1', container: 'photos', prefix: '' });
    expect(azblob).toBe('azblob://acct1/photos');
    expect(urlOf('gs', { bucket: 'my-photos', folder: '/사진/2024/' })).toBe(
      'gs://my-photos/사진/2024',
    );
    expect(urlOf('gs', { bucket: 'gs://my-photos', folder: '' })).toBe('gs://my-photos');
  });

  test('say what is missing or cannot be', () => {
    for (const [id, values] of [
      ['webdavs', { address: 'cloud.example.org' }],
      ['webdavs', { address: 'http://example.org/a' }],
      ['webdavs', { address: 'https://me:secret@example.org/a' }],
      ['sftp', { host: 'nas' }],
      ['sftp', { host: 'me@nas', folder: 'a' }],
      ['azblob', { account: 'acct1' }],
      ['gs', { folder: 'a' }],
      ['gs', { bucket: 'My Photos' }],
    ] as const) {
      expect(
        codeOf(() => urlOf(id, values)),
        JSON.stringify(values),
      ).toBe('invalid');
    }
  });

  test('have every text in both languages', () => {
    for (const { cards } of builtInDestinations().kinds) {
      for (const { title, description, fields } of cards) {
        const texts = [
          title,
          description,
          ...fields.flatMap(({ label, help }) => [label, help ?? label]),
        ];
        for (const { en, ko } of texts) expect(en !== '' && ko !== '').toBe(true);
      }
    }
  });
});

describe('KnownHostsFile', () => {
  test('remembers hosts across processes, and does not begin anew when it is damaged', async () => {
    const data = await mkdtemp(join(tmpdir(), 'cloudroll-known-'));
    const first = new KnownHostsFile(data);
    expect(await first.find('nas:22')).toBeUndefined();
    await Promise.all([first.remember('nas:22', 'a'), first.remember('other:22', 'b')]);
    const second = new KnownHostsFile(data);
    expect([await second.find('nas:22'), await second.find('other:22')]).toEqual(['a', 'b']);
    const path = join(data, 'known-hosts.json');
    await writeFile(path, (await readFile(path, 'utf8')).slice(5));
    const failure = await second.find('nas:22').then(() => null, failureOf);
    expect(failure).toMatchObject({ code: 'corrupt' });
    await rm(data, { recursive: true });
  });
});
