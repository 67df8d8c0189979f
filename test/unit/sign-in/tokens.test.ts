import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect, onTestFinished, test } from 'vitest';

import { parseDestinationUrl } from '../../../shared/domain/destination-url.ts';
import { fail } from '../../../shared/domain/failure.ts';
import type { SignInProvider } from '../../../electron/engine/destinations/sign-in.ts';
import { silentLogger } from '../../../electron/engine/logging/logger.ts';
import { givenSecrets } from '../../../electron/engine/secrets/keychain-secrets.ts';
import { Accounts } from '../../../electron/engine/sign-in/accounts.ts';
import { RefreshedTokens } from '../../../electron/engine/sign-in/refreshed-tokens.ts';
import { isSharedSignIn, revokeSignIn } from '../../../electron/engine/sign-in/sign-out.ts';
import type { Grant } from '../../../electron/engine/sign-in/token-endpoint.ts';
import {
  publicClient,
  SignInServer,
  testProvider,
  type SignInServerOptions,
} from '../../support/sign-in/sign-in-server.ts';
import { signedIn } from '../../support/sign-in/signed-in.ts';
import { PacedClock } from '../../support/sync/paced-clock.ts';

const { signal } = new AbortController();
const url = parseDestinationUrl('test:///Cloudroll?account=mina@example.com');
const names = testProvider('').secrets;
const hour = 3_600_000;

/** A destination of somebody who has just signed in, with its secrets in memory. */
async function signedInAccount(
  options: SignInServerOptions = {},
  change: Partial<SignInProvider> = {},
) {
  const server = await SignInServer.start(options);
  onTestFinished(() => server[Symbol.asyncDispose]());
  const provider = testProvider(server.address, change);
  const clock = new PacedClock(1_700_000_000_000);
  const client = { id: publicClient, secret: null, own: true };
  const { refreshToken } = await signedIn('mina', { provider, client, clock });
  const kept = new Map([
    [names.refreshToken, refreshToken],
    [names.clientId, publicClient],
  ]);
  const secrets = {
    find: (_destination: string, name: string) => Promise.resolve(kept.get(name)),
  };
  const hidden: string[] = [];
  const accounts = new Accounts({
    ...{ clock, logger: silentLogger },
    replace: (_destination, name, value) => {
      kept.set(name, value);
      return Promise.resolve();
    },
    hide: (token) => hidden.push(token),
    built: () => Promise.resolve({}),
  });
  const tokens = accounts.of(url, provider, secrets);
  return { server, provider, clock, kept, secrets, accounts, tokens, refreshToken, hidden };
}

test('a token serves until a minute before its end, and fifty who wait cause one request', async () => {
  const { server, clock, tokens, accounts, provider, secrets, hidden } = await signedInAccount();
  const all = await Promise.all(Array.from({ length: 50 }, () => tokens.get(signal)));
  expect(new Set(all).size).toBe(1);
  expect(server.grants('refresh_token')).toHaveLength(1);
  expect(hidden).toContain(all[0]);
  clock.advance(hour - 60_000);
  expect(await tokens.get(signal)).toBe(all[0]);
  clock.advance(1);
  expect(accounts.of(url, provider, secrets)).toBe(tokens);
  const next = await Promise.all(Array.from({ length: 50 }, () => tokens.get(signal)));
  expect(new Set(next).size).toBe(1);
  expect(next[0]).not.toBe(all[0]);
  expect(server.grants('refresh_token')).toHaveLength(2);
  await expect(provider.account(next[0] ?? '', signal)).resolves.toBe('mina@example.com');
});

test('a token that was refused is replaced; an older one that is refused late is not', async () => {
  const { server, tokens } = await signedInAccount();
  const first = await tokens.get(signal);
  tokens.refused(first);
  const second = await tokens.get(signal);
  expect(second).not.toBe(first);
  tokens.refused(first);
  expect(await tokens.get(signal)).toBe(second);
  expect(server.grants('refresh_token')).toHaveLength(2);
});

test('a refresh token that comes in place of another is kept at once', async () => {
  const { kept, clock, tokens, refreshToken } = await signedInAccount({ rotates: true });
  await tokens.get(signal);
  const second = kept.get(names.refreshToken);
  expect(second).not.toBe(refreshToken);
  clock.advance(hour);
  await tokens.get(signal);
  expect(kept.get(names.refreshToken)).not.toBe(second);
});

test('who stops waiting does not stop the others, nor the request', async () => {
  const { server, kept, tokens, refreshToken } = await signedInAccount({ rotates: true });
  const impatient = new AbortController();
  const [given, waiting] = [tokens.get(impatient.signal), tokens.get(signal)];
  impatient.abort();
  await expect(given).rejects.toMatchObject({ failure: { code: 'cancelled' } });
  expect((await waiting).length).toBeGreaterThan(20);
  expect(server.grants('refresh_token')).toHaveLength(1);
  expect(kept.get(names.refreshToken)).not.toBe(refreshToken);
});

test('signed out, the provider knows the sign-in no more, and says to sign in again once', async () => {
  const { server, provider, clock, secrets, tokens } = await signedInAccount();
  const ports = { clock, secrets, tokens, built: () => Promise.resolve({}) };
  expect(await revokeSignIn(url, provider, ports, signal)).toEqual({ state: 'revoked' });
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await expect(tokens.get(signal)).rejects.toMatchObject({
      failure: {
        code: 'auth',
        message: 'The sign-in to Test Cloud is not valid any more.',
        hint: 'Sign in again in the settings, or with "cloudroll sign-in test".',
      },
    });
  }
  expect(server.grants('refresh_token')).toHaveLength(1);
});

test('a new sign-in that another process has kept is found without a restart', async () => {
  const { provider, clock, secrets, kept, tokens } = await signedInAccount();
  const ports = { clock, secrets, tokens, built: () => Promise.resolve({}) };
  await revokeSignIn(url, provider, ports, signal);
  await expect(tokens.get(signal)).rejects.toMatchObject({ failure: { code: 'auth' } });
  const client = { id: publicClient, secret: null, own: true };
  const { refreshToken } = await signedIn('mina', { provider, client, clock });
  kept.set(names.refreshToken, refreshToken);
  await expect(tokens.get(signal)).resolves.toEqual(expect.any(String));
});

test('a revocation that fails is told and stops nobody', async () => {
  const revocation = { address: 'http://127.0.0.1:9/revoke', style: 'form' } as const;
  const { provider, clock, secrets, tokens } = await signedInAccount({}, { revocation });
  const ports = { clock, secrets, tokens, built: () => Promise.resolve({}) };
  expect(await revokeSignIn(url, provider, ports, signal)).toMatchObject({
    state: 'failed',
    failure: { code: 'offline' },
  });
  const unable = { ...provider, revocation: null };
  expect(await revokeSignIn(url, unable, ports, signal)).toEqual({ state: 'unsupported' });
});

test('where a provider revokes the token that a request is signed with, that is what is sent', async () => {
  const asked: (string | undefined)[] = [];
  const own = createServer((request, response) => {
    asked.push(request.method, request.url, request.headers.authorization);
    response.writeHead(401);
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(own, 'listening');
  onTestFinished(() => {
    own.close();
  });
  const { port } = own.address() as AddressInfo;
  const address = `http://127.0.0.1:${String(port)}/2/auth/token/revoke`;
  const revocation = { address, style: 'bearer' } as const;
  const { provider, clock, secrets, tokens } = await signedInAccount({}, { revocation });
  const ports = { clock, secrets, tokens, built: () => Promise.resolve({}) };
  expect(await revokeSignIn(url, provider, ports, signal)).toEqual({ state: 'revoked' });
  const token = await tokens.get(signal);
  expect(asked).toEqual(['POST', '/2/auth/token/revoke', `Bearer ${token}`]);
});

test('without a refresh token, a client or a keychain the person is told what to do', async () => {
  const { provider, kept, accounts, server } = await signedInAccount();
  const of = (found: Record<string, string>) => accounts.from(url, provider, givenSecrets(found));
  await expect(of({}).get(signal)).rejects.toMatchObject({
    failure: {
      code: 'auth',
      message: 'Nobody is signed in to Test Cloud.',
      hint: expect.stringContaining('cloudroll sign-in test') as unknown,
    },
  });
  const refreshToken = kept.get(names.refreshToken) ?? '';
  await expect(of({ [names.refreshToken]: refreshToken }).get(signal)).rejects.toMatchObject({
    failure: {
      code: 'auth',
      hint: expect.stringMatching(/^1\. Open https:\/\/console\.example\.com\/clients/u) as unknown,
    },
  });
  const locked = {
    find: () =>
      Promise.reject(fail('unsupported', 'The keychain is locked.', { hint: 'Unlock it.' })),
  };
  await expect(accounts.from(url, provider, locked).get(signal)).rejects.toMatchObject({
    failure: {
      code: 'auth',
      hint: expect.stringMatching(/^Unlock it\. .*CLOUDROLL_TEST_REFRESH_TOKEN/u) as unknown,
    },
  });
  expect(server.grants('refresh_token')).toHaveLength(0);
});

test('a refused client says where to look, and a provider that is down is no reason to sign in again', async () => {
  const { provider, accounts, kept } = await signedInAccount();
  const found = { [names.refreshToken]: kept.get(names.refreshToken) ?? '' };
  const other = givenSecrets({ ...found, [names.clientId]: 'nobody' });
  await expect(accounts.from(url, provider, other).get(signal)).rejects.toMatchObject({
    failure: { code: 'auth', hint: expect.stringContaining('console.example.com') as unknown },
  });
  const down = { ...provider, tokenEndpoint: 'http://127.0.0.1:9/token' };
  const mine = givenSecrets({ ...found, [names.clientId]: publicClient });
  const tokens = accounts.from(url, down, mine);
  await expect(tokens.get(signal)).rejects.toMatchObject({ failure: { code: 'offline' } });
});

test('tokens go in the clear to nobody but a test server on this computer', async () => {
  const { provider, accounts, kept } = await signedInAccount();
  const plain = { ...provider, tokenEndpoint: 'http://example.com/token' };
  const tokens = accounts.from(url, plain, {
    find: (_destination, name) => Promise.resolve(kept.get(name)),
  });
  await expect(tokens.get(signal)).rejects.toMatchObject({ failure: { code: 'serverError' } });
});

test('a newer refresh token that the keychain does not take serves from memory and is kept later', async () => {
  const clock = new PacedClock(0);
  const kept: string[] = [];
  let locked = true;
  const used: string[] = [];
  let count = 0;
  const tokens = new RefreshedTokens({
    ...{ clock, logger: silentLogger },
    notSignedIn: () => fail('auth', 'Nobody.'),
    store: {
      load: () => Promise.resolve('first'),
      save: (token) => {
        if (locked) return Promise.reject(fail('unsupported', 'Locked.'));
        kept.push(token);
        return Promise.resolve();
      },
    },
    refresh: (refreshToken): Promise<Grant> => {
      used.push(refreshToken);
      count += 1;
      const next = count < 3 ? `newer-${String(count)}` : null;
      const accessToken = `access-${String(count)}`;
      return Promise.resolve({ accessToken, lifetimeMs: hour, refreshToken: next, scopes: null });
    },
  });
  expect(await tokens.get(signal)).toBe('access-1');
  clock.advance(hour);
  expect(await tokens.get(signal)).toBe('access-2');
  locked = false;
  clock.advance(hour);
  expect(await tokens.get(signal)).toBe('access-3');
  expect(used).toEqual(['first', 'newer-1', 'newer-2']);
  expect(kept).toEqual(['newer-2']);
});

test('an account that another destination is signed in with is not signed out there', async () => {
  const { provider } = await signedInAccount();
  const second = parseDestinationUrl('test:///Second?account=mina@example.com');
  const third = parseDestinationUrl('test:///Third?account=jun@example.com');
  const kind = {
    ...{ scheme: 'test', title: 'Test', example: '', secrets: [], cards: [] },
    signIn: () => provider,
    open: () => Promise.reject(fail('bug', 'Not opened here.')),
  };
  const shared = (others: readonly (typeof url)[], token: string | undefined) =>
    isSharedSignIn(url, provider, others, {
      kindOf: (scheme) => (scheme === 'test' ? kind : undefined),
      endpoints: () => undefined,
      secrets: { find: () => Promise.resolve(token) },
    });
  expect(await shared([url, third], 'token')).toBe(false);
  expect(await shared([url, second], undefined)).toBe(false);
  expect(await shared([url, second], 'token')).toBe(true);
});
