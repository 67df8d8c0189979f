import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { expect, onTestFinished, test } from 'vitest';

import { writeSignInClients } from '../../../build/scripts/build/sign-in-clients.ts';
import { environmentSecrets } from '../../../electron/engine/secrets/environment-secrets.ts';
import { builtClients } from '../../../electron/engine/sign-in/built-clients.ts';
import { findClient } from '../../../electron/engine/sign-in/oauth-client.ts';
import { acceptedLanguage } from '../../../electron/engine/sign-in/answer-page.ts';
import { scriptSecrets } from '../../../electron/engine/sign-in/script-secrets.ts';
import { accountOf } from '../../../electron/engine/secrets/keychain-secrets.ts';
import { MemoryKeychain } from '../../support/app-engine/memory-keychain.ts';
import { testProvider } from '../../support/sign-in/sign-in-server.ts';

const provider = testProvider('https://cloud.example');
const { clientId, clientSecret, refreshToken } = {
  clientSecret: 'CLOUDROLL_TEST_CLIENT_SECRET',
  ...{ clientId: provider.secrets.clientId, refreshToken: provider.secrets.refreshToken },
};

test('the clients of a build come from its environment, and nothing else of that does', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'cloudroll-build-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = pathToFileURL(path.join(folder, 'sign-in-clients.json'));
  expect(await builtClients(file)).toEqual({});
  const clients = { [clientId]: 'built-id', [clientSecret]: 'built-secret' };
  await writeSignInClients(folder, { ...clients, [refreshToken]: 'x', AWS_SECRET: 'y', PATH: 'z' });
  expect(await builtClients(file)).toEqual(clients);
  await writeFile(file, '{"a": 1}');
  await expect(builtClients(file)).rejects.toMatchObject({ failure: { code: 'bug' } });
});

test('an id never goes with the secret of another client', async () => {
  const built = () => Promise.resolve({ [clientId]: 'built-id', [clientSecret]: 'built-secret' });
  const find = (found: Readonly<Record<string, string>>) => {
    const secrets = environmentSecrets(found);
    return findClient(provider, (name) => secrets.find('', name), built);
  };
  expect(await find({})).toEqual({ id: 'built-id', secret: 'built-secret', own: false });
  expect(await find({ [clientSecret]: 'mine' })).toMatchObject({ secret: 'built-secret' });
  expect(await find({ [clientId]: 'mine' })).toEqual({ id: 'mine', secret: null, own: true });
});

test('a script finds all of a sign-in in its environment, or all of it in the keychain', async () => {
  const keychain = new MemoryKeychain();
  const place = 'test:///Photos?account=me@example.com';
  keychain.held.set(accountOf(place, refreshToken), 'kept-token');
  keychain.held.set(accountOf(place, clientId), 'kept-id');
  keychain.held.set(accountOf(place, 'CLOUDROLL_PASSWORD'), 'kept-password');
  const within = (environment: Readonly<Record<string, string>>) =>
    scriptSecrets(environmentSecrets(environment), keychain, (scheme) =>
      scheme === 'test' ? provider : undefined,
    );
  const kept = within({ [clientId]: 'script-id', CLOUDROLL_PASSWORD: 'script-password' });
  expect(await kept.secrets.find(place, refreshToken)).toBe('kept-token');
  expect(await kept.secrets.find(place, clientId)).toBe('kept-id');
  expect(await kept.secrets.find(place, 'CLOUDROLL_PASSWORD')).toBe('script-password');
  await kept.replace(place, refreshToken, 'newer');
  expect(keychain.held.get(accountOf(place, refreshToken))).toBe('newer');
  const script = within({ [refreshToken]: 'script-token' });
  expect(await script.secrets.find(place, refreshToken)).toBe('script-token');
  expect(await script.secrets.find(place, clientId)).toBeUndefined();
  await script.replace(place, refreshToken, 'lost');
  expect(keychain.held.get(accountOf(place, refreshToken))).toBe('newer');
});

test.each([
  [undefined, 'en'],
  ['', 'en'],
  ['ko-KR,ko;q=0.9,en;q=0.8', 'ko'],
  ['en;q=0.5, ko;q=0.7', 'ko'],
  ['fr-FR,de;q=0.9', 'en'],
  ['ko;q=0, en', 'en'],
  ['<script>;q=9', 'en'],
  ['x'.repeat(100_000), 'en'],
])('the page for a browser that asks for %j', (header, language) => {
  expect(acceptedLanguage(header)).toBe(language);
});
