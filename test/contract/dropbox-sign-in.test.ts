import { afterAll, expect, test } from 'vitest';

import { SystemClock } from '../../electron/engine/adapters/system-clock.ts';
import { dropboxSignIn } from '../../electron/engine/destinations/dropbox/dropbox-sign-in.ts';
import { environmentSecrets } from '../../electron/engine/secrets/environment-secrets.ts';
import { startSignIn } from '../../electron/engine/sign-in/sign-in-flow.ts';
import { revokeSignIn } from '../../electron/engine/sign-in/sign-out.ts';
import { failureOf } from '../../shared/domain/failure.ts';
import { parseDestinationUrl } from '../../shared/domain/destination-url.ts';
import { dropboxEndpoints, openDropbox } from '../support/destinations/open-dropbox.ts';
import { dropboxApp, startDropbox } from '../support/doubles/dropbox.ts';

const double = await startDropbox();
afterAll(() => double.close());
const provider = dropboxSignIn(dropboxEndpoints(double.ports));
const clock = new SystemClock();
const signal = new AbortController().signal;

/** Signs in with a browser that says yes at once. */
async function signIn(clientId: string) {
  const client = { id: clientId, secret: null, own: true };
  const options = { provider, client, clock, signInAgain: 'Sign in again.', language: null };
  const stop = new AbortController();
  const flow = await startSignIn(options, stop.signal);
  flow.finished.catch(() => undefined);
  const page = await fetch(flow.address);
  if (page.status >= 400) stop.abort();
  return { page, ...(await flow.finished) };
}

test('a sign-in in the browser brings an account that can be used, until it is signed out', async () => {
  const { page, account, refreshToken, grant } = await signIn(dropboxApp.clientId);
  expect(page.status).toBe(200);
  expect(account).toBe('me@example.com');
  expect(refreshToken).not.toBe('');
  const tokens = { get: () => Promise.resolve(grant.accessToken), refused: () => undefined };
  const destination = await openDropbox(double, 'Signed in', { accessTokens: () => tokens });
  await destination.check(signal);

  const url = parseDestinationUrl(`dropbox:///Cloudroll?account=${account}`);
  const secrets = environmentSecrets({});
  const revoked = await revokeSignIn(url, provider, { clock, secrets, tokens }, signal);
  expect(revoked).toEqual({ state: 'revoked' });
  expect(await destination.check(signal).then(() => null, failureOf)).toMatchObject({
    code: 'auth',
  });
  expect(() => double.account.signIn.accessToken(refreshToken)).toThrow('no such grant');
  await destination.close();
});

test('an app that Dropbox does not know gets nothing', async () => {
  const outcome = await signIn('unknown').then(() => null, failureOf);
  expect(outcome).toMatchObject({ code: 'cancelled' });
});

test('an account that cannot be told is a failure', async () => {
  const scopes = ['files.metadata.read'];
  const token = double.account.signIn.accessToken(double.account.signIn.grant(scopes));
  const outcome = await provider.account(token, signal).then(() => null, failureOf);
  expect(outcome).toMatchObject({ code: 'auth' });
});
