import { promises as fs } from 'node:fs';
import path from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import type { AppParams } from '../../../shared/contract/app/methods.ts';
import type { SignInStatus } from '../../../shared/contract/app/sign-in.ts';
import { DestinationRegistry } from '../../../electron/engine/destinations/registry.ts';
import { fileKind } from '../../../electron/engine/destinations/file/file-kind.ts';
import type { AppOptions } from '../../../electron/engine/app/options.ts';
import { TestApp } from '../../support/app-engine/test-app.ts';
import { refuseSignIn, signInAs } from '../../support/sign-in/person.ts';
import {
  publicClient,
  SignInServer,
  testProvider,
  type SignInServerOptions,
} from '../../support/sign-in/sign-in-server.ts';
import { signedInKind } from '../../support/sign-in/signed-in-kind.ts';

const names = testProvider('').secrets;
const card = 'testcloud';

async function appWithCloud(options: SignInServerOptions & Partial<AppOptions> = {}) {
  const server = await SignInServer.start(options);
  onTestFinished(() => server[Symbol.asyncDispose]());
  const root = await fs.mkdtemp('/tmp/cloudroll-test-cloud-');
  onTestFinished(() => fs.rm(root, { recursive: true, force: true }));
  const kind = signedInKind(root, testProvider(server.address));
  const app = await TestApp.open({
    registry: new DestinationRegistry([fileKind, kind]),
    builtClients: () => Promise.resolve({ [names.clientId]: publicClient }),
    ...options,
  });
  return { app, server, root };
}

type Start = Partial<AppParams<'signIn.start'>>;

async function ended(app: TestApp, begin: () => Promise<unknown>): Promise<SignInStatus> {
  const [status] = await Promise.all([app.event('signIn'), begin()]);
  return status;
}

async function signIn(app: TestApp, name: string, params: Start = {}): Promise<SignInStatus> {
  const { address } = await app.call('signIn.start', {
    ...{ card, secrets: {}, destination: null },
    ...params,
  });
  return ended(app, () => signInAs(name, address));
}

function draftWith(signInId: string, more: Readonly<Record<string, string>> = {}) {
  const values = { [names.refreshToken]: signInId, folder: 'Photos', ...more };
  return { card, name: '', values, secrets: {} };
}

test('a person signs in, tests, adds, backs up, and signs out by removing', async () => {
  const { app, server, root } = await appWithCloud();
  await app.put('a.jpg', 'one');
  await app.call('folders.add', { path: app.photos });
  const { id, state, account } = await signIn(app, 'mina');
  expect({ state, account }).toEqual({ state: 'done', account: 'mina@example.com' });
  expect(app.keychain.held.size).toBe(0);
  const steps = await app.call('destinations.test', { draft: draftWith(id) });
  expect(steps.map((step) => step.failure)).toEqual(steps.map(() => null));
  const added = await app.call('destinations.add', { draft: draftWith(id) });
  expect(added.url).toBe('testcloud:///Photos?account=mina@example.com');
  expect([...app.keychain.held.keys()]).toEqual([`${names.refreshToken} ${added.url}`]);
  await app.idle(1);
  expect(await app.stored(path.join(root, 'mina@example.com'))).toEqual(['one']);
  const again = app.call('destinations.add', { draft: draftWith(id, { folder: 'Other' }) });
  await expect(again).rejects.toMatchObject({ failure: { code: 'invalid' } });
  const [token] = app.keychain.held.values();
  await app.call('destinations.remove', { id: added.id });
  expect(app.keychain.held.size).toBe(0);
  const revoked = server.seen.filter((request) => request.path === '/revoke');
  expect(revoked.map(({ body }) => body.get('token'))).toEqual([token]);
});

test('a sign-in that was refused, cancelled, replaced or never done is nothing to add with', async () => {
  const { app } = await appWithCloud();
  const begin = () => app.call('signIn.start', { card, secrets: {}, destination: null });
  const refused = await begin();
  expect(await ended(app, () => refuseSignIn(refused.address))).toMatchObject({
    id: refused.id,
    state: 'failed',
    failure: { code: 'auth' },
  });
  const cancelled = await begin();
  const end = await ended(app, () => app.call('signIn.cancel', { id: cancelled.id }));
  expect(end).toEqual({ id: cancelled.id, state: 'cancelled', account: null, failure: null });
  const replaced = await begin();
  const waiting = await begin();
  expect(app.events('signIn').at(-1)).toMatchObject({ id: replaced.id, state: 'cancelled' });
  for (const { id } of [refused, cancelled, replaced, waiting]) {
    const adding = app.call('destinations.add', { draft: draftWith(id) });
    await expect(adding).rejects.toMatchObject({ failure: { code: 'invalid' } });
  }
  const without = app.call('destinations.add', { draft: draftWith('') });
  await expect(without).rejects.toMatchObject({ failure: { message: 'Nobody is signed in yet.' } });
  expect((await app.status()).destinations).toEqual([]);
});

test('revoked, the destination asks to sign in again, and goes on when that is done', async () => {
  const { app, server, root } = await appWithCloud({ lifetime: 1 });
  await app.put('a.jpg', 'one');
  await app.call('folders.add', { path: app.photos });
  const first = await signIn(app, 'mina');
  const added = await app.call('destinations.add', { draft: draftWith(first.id) });
  await app.idle(1);
  const [token = ''] = app.keychain.held.values();
  const form = new URLSearchParams({ token, client_id: publicClient });
  await fetch(`${server.address}/revoke`, { method: 'POST', body: form });
  await app.put('b.jpg', 'two');
  await app.call('sync.now', {});
  const stopped = await app.until(({ destinations }) => destinations[0]?.health === 'signIn');
  expect(stopped.destinations[0]?.failure?.hint).toContain('cloudroll sign-in testcloud');
  const other = await signIn(app, 'jun', { destination: added.id });
  const change = { id: added.id, name: added.name, secrets: {} };
  await expect(
    app.call('destinations.update', { ...change, signIn: other.id }),
  ).rejects.toMatchObject({
    failure: {
      code: 'conflict',
      message: 'You signed in as jun@example.com, but this is a place of mina@example.com.',
    },
  });
  const second = await signIn(app, 'mina', { destination: added.id });
  await app.call('destinations.update', { ...change, signIn: second.id });
  await app.idle(2);
  expect(await app.stored(path.join(root, 'mina@example.com'))).toEqual(['one', 'two']);
});

test('a client of one’s own stays with the sign-in, and is needed where the build brings none', async () => {
  const { app, server } = await appWithCloud({ builtClients: () => Promise.resolve({}) });
  const cards = await app.call('destinations.cards', {});
  const fields = cards.find(({ id }) => id === card)?.fields;
  expect(fields?.find(({ name }) => name === names.clientId)?.required).toBe(true);
  const without = app.call('signIn.start', { card, secrets: {}, destination: null });
  await expect(without).rejects.toMatchObject({
    failure: {
      code: 'invalid',
      hint: expect.stringContaining('https://console.example.com/clients') as unknown,
    },
  });
  const own = await signIn(app, 'mina', { secrets: { [names.clientId]: publicClient } });
  const added = await app.call('destinations.add', { draft: draftWith(own.id) });
  expect(app.keychain.held.get(`${names.clientId} ${added.url}`)).toBe(publicClient);
  const change = { id: added.id, name: added.name };
  const unfit = app.call('destinations.update', {
    ...{ ...change, signIn: null, secrets: { [names.clientId]: 'another' } },
  });
  await expect(unfit).rejects.toMatchObject({ failure: { code: 'invalid' } });
  const again = await signIn(app, 'mina', { destination: added.id });
  expect(again.state).toBe('done');
  expect(server.grants('authorization_code').at(-1)?.get('client_id')).toBe(publicClient);
});

test('two accounts of one provider side by side', async () => {
  const { app, root, server } = await appWithCloud({ rotates: true });
  await app.put('a.jpg', 'one');
  await app.call('folders.add', { path: app.photos });
  for (const name of ['mina', 'jun']) {
    const { id } = await signIn(app, name);
    const added = await app.call('destinations.add', { draft: draftWith(id) });
    // Not by the folder, which is called alike at every cloud.
    expect(added.name).toBe(name === 'mina' ? 'Test Cloud' : 'Test Cloud-2');
  }
  await app.until(
    ({ activity, safe, destinations }) =>
      activity === 'idle' && safe === 1 && destinations.every(({ verified }) => verified === 1),
  );
  expect(await app.stored(path.join(root, 'mina@example.com'))).toEqual(['one']);
  expect(await app.stored(path.join(root, 'jun@example.com'))).toEqual(['one']);
  const second = await signIn(app, 'mina');
  const draft = draftWith(second.id, { folder: 'Second' });
  const added = await app.call('destinations.add', { draft });
  await app.call('destinations.remove', { id: added.id });
  expect(server.seen.filter((request) => request.path === '/revoke')).toEqual([]);
});

test('the account of a draft is that of the sign-in, whatever the window claims', async () => {
  const { app } = await appWithCloud();
  const { id } = await signIn(app, 'mina');
  const draft = draftWith(id, { account: 'jun@example.com' });
  const added = await app.call('destinations.add', { draft });
  expect(added.url).toContain('account=mina@example.com');
  const environment = { [names.refreshToken]: 'from-a-script', [names.clientId]: 'x' };
  const { app: scripted } = await appWithCloud({ environment });
  const script = draftWith('', { account: 'jun@example.com' });
  expect((await scripted.call('destinations.add', { draft: script })).url).toBe(
    'testcloud:///Photos',
  );
});

test('without a keychain the sign-in is kept nowhere', async () => {
  const { app } = await appWithCloud();
  const { id } = await signIn(app, 'mina');
  app.keychain.locked = true;
  const adding = app.call('destinations.add', { draft: draftWith(id) });
  await expect(adding).rejects.toMatchObject({
    failure: { code: 'unsupported', hint: 'Unlock it.' },
  });
  app.keychain.locked = false;
  await app.call('destinations.add', { draft: draftWith(id) });
});

test('no token, code or verifier leaves the engine but for the keychain', async () => {
  const { app, server } = await appWithCloud({ rotates: true, lifetime: 1 });
  await app.put('a.jpg', 'one');
  await app.call('folders.add', { path: app.photos });
  const { id } = await signIn(app, 'mina');
  const steps = await app.call('destinations.test', { draft: draftWith(id) });
  const added = await app.call('destinations.add', { draft: draftWith(id) });
  await app.idle(1);
  const report = await app.call('app.diagnostics', {});
  const shown = JSON.stringify([steps, added, app.told, await app.call('app.snapshot', {})]);
  const secrets = new Set([...app.keychain.held.values()]);
  for (const { body, authorization } of server.seen) {
    if (authorization !== undefined) secrets.add(authorization.replace('Bearer ', ''));
    for (const name of ['code', 'code_verifier', 'refresh_token']) {
      const value = body.get(name);
      if (value !== null) secrets.add(value);
    }
  }
  expect(secrets.size).toBeGreaterThan(4);
  await app.close();
  const files = await fs.readdir(app.dataDirectory, { recursive: true, withFileTypes: true });
  const written = await Promise.all(
    files
      .filter((entry) => entry.isFile())
      .map((entry) => fs.readFile(path.join(entry.parentPath, entry.name), 'latin1')),
  );
  expect(written.length).toBeGreaterThan(2);
  for (const secret of secrets) {
    for (const text of [report, shown, added.url, ...written]) {
      expect(text.includes(secret)).toBe(false);
    }
  }
});
