import { afterAll, beforeAll, expect, test } from 'vitest';

import { gdriveCards } from '../../../electron/engine/destinations/gdrive/gdrive-cards.ts';
import { gdriveKind } from '../../../electron/engine/destinations/gdrive/gdrive-kind.ts';
import { gdriveSettingsOf } from '../../../electron/engine/destinations/gdrive/settings.ts';
import {
  formatDestinationUrl,
  parseDestinationUrl,
} from '../../../shared/domain/destination-url.ts';
import { failureOf } from '../../../shared/domain/failure.ts';
import { GoogleDriveDouble } from '../../support/doubles/google-drive.ts';
import { driveScopes, signedInAt } from '../../support/destinations/open-google-drive.ts';

let drive: GoogleDriveDouble;
beforeAll(async () => {
  drive = await GoogleDriveDouble.start();
});
afterAll(() => drive.close());

const signal = new AbortController().signal;

test('the form leads to a URL that leads to the folder', () => {
  const [card] = gdriveCards;
  const written = [
    [{}, 'gdrive:///Cloudroll'],
    [{ folder: ' /사진/백업/ ', account: 'a@b.kr' }, 'gdrive:///사진/백업?account=a@b.kr'],
    [{ folder: '100% #1?' }, 'gdrive:///100%25%20%231%3F'],
  ] as const;
  for (const [values, url] of written) {
    const made = card?.urlOf(values) ?? parseDestinationUrl('file:///none');
    expect(formatDestinationUrl(made)).toBe(url);
    expect(gdriveSettingsOf(parseDestinationUrl(url)).folder).toEqual(made.path.split('/'));
  }
});

test.each(['gdrive://me/Folder', 'gdrive:///', 'gdrive:///a/../b', 'gdrive:///a?folder=x'])(
  '%s is refused',
  (url) => {
    expect(() => gdriveSettingsOf(parseDestinationUrl(url))).toThrow();
  },
);

test('the sign-in asks for the files made here and for a refresh token, and names the account', async () => {
  const real = gdriveKind.signIn?.(() => undefined);
  expect(real?.scopes).toEqual(driveScopes);
  expect(real?.parameters).toMatchObject({ access_type: 'offline' });
  const addresses = [real?.authorizationEndpoint, real?.tokenEndpoint, real?.revocation?.address];
  expect(addresses.map((address) => new URL(address ?? '').host)).toEqual([
    'accounts.google.com',
    'oauth2.googleapis.com',
    'oauth2.googleapis.com',
  ]);
  const asked: string[] = [];
  const provider = gdriveKind.signIn?.((service) => {
    asked.push(service);
    return `http://127.0.0.1:${String(drive.port)}`;
  });
  expect(asked).toEqual(['google-sign-in']);
  const token = await signedInAt(drive).tokens.get(signal);
  expect(await provider?.account(token, signal)).toBe('me@example.com');
  const nameless = await signedInAt(drive, ['openid']).tokens.get(signal);
  const failures = [nameless, 'ended'].map(async (one) => {
    return provider?.account(one, signal).then(() => null, failureOf);
  });
  expect(await Promise.all(failures)).toMatchObject([{ code: 'serverError' }, { code: 'auth' }]);
});
