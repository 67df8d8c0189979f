import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { microsoftSignIn } from '../../../electron/engine/destinations/onedrive/microsoft-sign-in.ts';
import { oneDriveCards } from '../../../electron/engine/destinations/onedrive/onedrive-cards.ts';
import { formatDestinationUrl } from '../../../shared/domain/destination-url.ts';
import { failureOf } from '../../../shared/domain/failure.ts';
import {
  oneDriveAccount,
  startOneDrive,
  type OneDriveDouble,
} from '../../support/doubles/onedrive.ts';

describe('signing in to OneDrive', () => {
  let double: OneDriveDouble;

  beforeAll(async () => {
    double = await startOneDrive();
  });
  afterAll(() => double.close());

  const signal = new AbortController().signal;

  test('asks for the scopes and the loopback address that a public client has', () => {
    const provider = microsoftSignIn(() => undefined);
    expect([...provider.scopes].toSorted()).toEqual([...oneDriveAccount.scopes].toSorted());
    expect(new URL(provider.tokenEndpoint).host).toBe('login.microsoftonline.com');
    expect(provider.loopback).toEqual({ host: 'localhost', ports: [], path: '/' });
    expect(provider.secrets.clientSecret).toBeNull();
    expect(provider.revocation).toBeNull();
  });

  test('names the account by its address, and says when it may not know it', async () => {
    const provider = microsoftSignIn(() => double.origin);
    const token = double.graph.accounts.issueAccess();
    expect(await provider.account(token, signal)).toBe(oneDriveAccount.email);
    const failure = await provider.account('another', signal).then(() => null, failureOf);
    expect(failure).toMatchObject({ code: 'auth' });
  });

  test('the card leads to the folder, with the account that was signed in', () => {
    const [card] = oneDriveCards;
    const address = (values: Readonly<Record<string, string>>): string | undefined =>
      card === undefined ? undefined : formatDestinationUrl(card.urlOf(values));
    expect(address({ folder: '/사진/백업/', account: 'me@example.com' })).toBe(
      'onedrive:///사진/백업?account=me@example.com',
    );
    expect(address({})).toBe('onedrive:///Cloudroll');
    expect(() => address({ folder: 'a:b' })).toThrow(/takes no folder/u);
  });
});
