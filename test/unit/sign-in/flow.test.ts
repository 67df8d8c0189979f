import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

import type { SignInProvider } from '../../../electron/engine/destinations/sign-in.ts';
import {
  longestSignInMs,
  startSignIn,
  type StartedFlow,
} from '../../../electron/engine/sign-in/sign-in-flow.ts';
import { TokenEndpoint } from '../../../electron/engine/sign-in/token-endpoint.ts';
import { refuseSignIn, signInAs } from '../../support/sign-in/person.ts';
import {
  publicClient,
  secretClient,
  SignInServer,
  testProvider,
} from '../../support/sign-in/sign-in-server.ts';
import { PacedClock } from '../../support/sync/paced-clock.ts';

let server: SignInServer;
beforeAll(async () => {
  server = await SignInServer.start();
});
afterAll(() => server[Symbol.asyncDispose]());

const client = { id: publicClient, secret: null, own: true };

interface Started extends StartedFlow {
  readonly clock: PacedClock;
  readonly stop: AbortController;
  readonly callback: URL;
  readonly state: string;
}

async function start(
  change: Partial<SignInProvider> = {},
  options: { readonly language?: 'ko' | 'en'; readonly client?: typeof client } = {},
): Promise<Started> {
  const clock = new PacedClock(1_700_000_000_000);
  const stop = new AbortController();
  const flow = await startSignIn(
    {
      ...{ provider: testProvider(server.address, change), client, clock },
      ...{ signInAgain: 'Sign in again.', language: null },
      ...options,
    },
    stop.signal,
  );
  flow.finished.catch(() => undefined);
  onTestFinished(async () => {
    stop.abort();
    await flow.finished.catch(() => undefined);
  });
  const query = new URL(flow.address).searchParams;
  const callback = new URL(query.get('redirect_uri') ?? '');
  return { ...flow, clock, stop, callback, state: query.get('state') ?? '' };
}

test('a person signs in: the page says so, the account has its name, and nobody listens any more', async () => {
  const { address, finished, callback } = await start();
  const { searchParams } = new URL(address);
  expect(searchParams.get('code_challenge_method')).toBe('S256');
  expect(searchParams.get('state')?.length).toBeGreaterThan(20);
  expect(callback.hostname).toBe('127.0.0.1');
  const page = await signInAs('mina', address);
  expect(page.status).toBe(200);
  expect(page.text).toContain('로그인되었습니다');
  const { account, refreshToken, grant } = await finished;
  expect(account).toBe('mina@example.com');
  expect(refreshToken.length).toBeGreaterThan(20);
  expect(grant.lifetimeMs).toBe(3_600_000);
  expect(server.grants('authorization_code').at(-1)?.get('code_verifier')?.length).toBe(43);
  await expect(fetch(page.address)).rejects.toThrow();
});

test('a client with a secret shows it to the token endpoint alone', async () => {
  const { id, secret } = secretClient;
  const options = { provider: testProvider(server.address), client: { id, secret, own: true } };
  const stop = new AbortController();
  const { address, finished } = await startSignIn(
    { ...options, clock: new PacedClock(0), signInAgain: '', language: 'en' },
    stop.signal,
  );
  expect(address).not.toContain(secret);
  expect((await signInAs('jun', address)).text).toContain('You are signed in');
  await expect(finished).resolves.toMatchObject({ account: 'jun@example.com' });
});

test('who says no is told so, and may try again', async () => {
  const { address, finished } = await start({}, { language: 'en' });
  expect((await refuseSignIn(address)).text).toContain('You are not signed in');
  await expect(finished).rejects.toMatchObject({
    failure: { code: 'auth', message: 'The sign-in was cancelled at Test Cloud.' },
  });
});

test('cancelled, it stops listening', async () => {
  const { finished, stop, callback } = await start();
  stop.abort();
  await expect(finished).rejects.toMatchObject({ failure: { code: 'cancelled' } });
  await expect(fetch(callback)).rejects.toThrow();
});

test('after ten minutes it waits no longer', async () => {
  const { finished, clock, callback } = await start();
  clock.advance(longestSignInMs - 1);
  expect((await fetch(callback)).status).toBe(400);
  clock.advance(1);
  await expect(finished).rejects.toMatchObject({ failure: { code: 'timeout' } });
  await expect(fetch(callback)).rejects.toThrow();
});

test('what does not belong to the sign-in changes nothing and is not echoed', async () => {
  const { address, finished, callback, state } = await start();
  const marker = '<script>alert(1)</script>';
  const wrong = [
    { path: `${callback.href}?code=x&state=${encodeURIComponent(marker)}`, status: 400 },
    { path: `${callback.href}?code=x`, status: 400 },
    { path: `${callback.href}?error=access_denied`, status: 400 },
    { path: `${callback.href}?code=x&state=${state}&state=${state}`, status: 400 },
    { path: `${callback.origin}/other?code=x&state=${state}`, status: 404 },
    { path: `${callback.origin}/favicon.ico`, status: 404 },
  ];
  for (const { path, status } of wrong) {
    const response = await fetch(path);
    expect(response.status, path).toBe(status);
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]+';/u,
    );
    expect(await response.text()).not.toContain('alert(1)');
  }
  const posted = await fetch(`${callback.href}?code=x&state=${state}`, { method: 'POST' });
  expect(posted.status).toBe(405);
  await signInAs('mina', address);
  await expect(finished).resolves.toMatchObject({ account: 'mina@example.com' });
});

test('a name that was made to lead here (DNS rebinding) is refused', async () => {
  const { callback, state } = await start();
  const { request } = await import('node:http');
  const asked = request({
    ...{ host: '127.0.0.1', port: callback.port, path: `/callback?code=x&state=${state}` },
    headers: { host: `evil.example.com:${callback.port}` },
  });
  asked.end();
  const [response] = (await once(asked, 'response')) as [{ statusCode: number }];
  expect(response.statusCode).toBe(421);
});

test('an answer counts once, also over a connection that was kept', async () => {
  const { address, finished, callback, state } = await start();
  const first = fetch(`${callback.href}?code=wrong&state=${state}`);
  await expect(finished).rejects.toMatchObject({ failure: { code: 'auth' } });
  expect((await first).status).toBe(400);
  await expect(fetch(`${callback.href}?code=wrong&state=${state}`)).rejects.toThrow();
  await expect(signInAs('mina', address)).rejects.toThrow();
});

test('the server holds the code to its challenge', async () => {
  const { address, callback, state, finished } = await start();
  const withoutChallenge = new URL(address);
  withoutChallenge.searchParams.delete('code_challenge');
  withoutChallenge.searchParams.delete('code_challenge_method');
  expect((await signInAs('mina', withoutChallenge.href)).address).toContain(
    'error=invalid_request',
  );
  await expect(finished).rejects.toMatchObject({ failure: { code: 'auth' } });
  // The same address, listened to by somebody who has the code but not the verifier.
  const thief = createServer((request, response) => {
    response.end();
    thief.emit('stolen', new URL(request.url ?? '', callback).searchParams);
  });
  onTestFinished(() => {
    thief.close();
  });
  thief.listen(Number(callback.port), '127.0.0.1');
  await once(thief, 'listening');
  const stolen = once(thief, 'stolen') as Promise<[URLSearchParams]>;
  await signInAs('mina', address);
  const [parameters] = await stolen;
  expect(parameters.get('code')).not.toBeNull();
  const provider = testProvider(server.address);
  const endpoint = new TokenEndpoint({
    ...{ provider, client, clock: new PacedClock(0), signInAgain: 'Sign in again.' },
  });
  const codeVerifier = 'x'.repeat(43);
  const attempt = endpoint.exchange(
    { parameters, state, redirectUri: callback.href, codeVerifier },
    new AbortController().signal,
  );
  await expect(attempt).rejects.toMatchObject({ failure: { code: 'auth' } });
});

test('ports that the provider knows are tried in their order, and localhost answers on both families', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  const free = createServer().listen(0, '127.0.0.1');
  await Promise.all([once(taken, 'listening'), once(free, 'listening')]);
  const ports = [taken, free].map((one) => (one.address() as AddressInfo).port);
  free.close();
  await once(free, 'close');
  onTestFinished(() => {
    taken.close();
  });
  const loopback = { host: 'localhost', path: '/callback' } as const;
  const { address, finished, callback } = await start({ loopback: { ...loopback, ports } });
  expect(callback.href).toBe(`http://localhost:${String(ports[1])}/callback`);
  const hosts = ['127.0.0.1', 'localhost'];
  for (const host of hosts) {
    expect((await fetch(`http://${host}:${String(ports[1])}/callback`)).status).toBe(400);
  }
  const second = start({ loopback: { ...loopback, ports } });
  await expect(second).rejects.toMatchObject({ failure: { code: 'busy' } });
  await signInAs('mina', address);
  await expect(finished).resolves.toMatchObject({ account: 'mina@example.com' });
});

test('a box that was not ticked, a sign-in that does not last, an account without a name', async () => {
  const unasked = await start({ scopes: ['openid', 'email', 'https://scope.example/none'] });
  await signInAs('mina', unasked.address);
  await expect(unasked.finished).rejects.toMatchObject({
    failure: { code: 'auth', hint: expect.stringContaining('box') as unknown },
  });
  const nameless = await start({ account: () => Promise.resolve('a\nb') });
  expect((await signInAs('mina', nameless.address)).text).toContain('로그인되지 않았습니다');
  await expect(nameless.finished).rejects.toMatchObject({ failure: { code: 'serverError' } });
});

test('no failure holds the code, the state or a token', async () => {
  const { finished, callback, state } = await start({ tokenEndpoint: 'http://127.0.0.1:9/token' });
  const page = fetch(`${callback.href}?code=canary-code-1234&state=${state}`);
  const error: unknown = await finished.catch((caught: unknown) => caught);
  await page;
  expect(error).toMatchObject({ failure: { code: 'offline' } });
  expect(JSON.stringify(error)).not.toMatch(/canary-code|code_verifier/u);
});
