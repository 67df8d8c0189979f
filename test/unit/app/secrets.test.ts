import { promises as fs } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { SystemKeychain } from '../../../electron/engine/secrets/system-keychain.ts';
import { TestApp } from '../../support/app-engine/test-app.ts';

const canary = 'canary/SECRET+0123456789abcdefghij';
const keyId = 'AKIACANARY0123456789';

/** A server that refuses everybody and repeats what it was sent, as some do. */
async function parrot(): Promise<string> {
  const server = createServer((request, response) => {
    response.writeHead(403, { 'content-type': 'application/xml' });
    response.end(
      `<Error><Code>InvalidAccessKeyId</Code><Message>${keyId} ${canary} ${request.headers.authorization ?? ''}</Message></Error>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

function draftTo(endpoint: string) {
  return {
    card: 's3',
    name: 'cloud',
    values: { endpoint, bucket: 'photos', prefix: '' },
    secrets: { AWS_ACCESS_KEY_ID: keyId, AWS_SECRET_ACCESS_KEY: canary },
  };
}

test('a secret goes to the keychain and nowhere else', async () => {
  const app = await TestApp.open();
  await app.put('a.jpg', 'one');
  await app.call('folders.add', { path: app.photos });
  const draft = draftTo(await parrot());
  const steps = await app.call('destinations.test', { draft });
  expect(steps[0]).toMatchObject({ step: 'reach', state: 'failed', failure: { code: 'auth' } });
  const added = await app.call('destinations.add', { draft });
  expect([...app.keychain.held.values()]).toContain(canary);
  const status = await app.until(({ destinations }) => destinations[0]?.health === 'signIn');
  expect(status.activity).toBe('attention');
  const report = await app.call('app.diagnostics', {});
  expect(report).toContain('"health": "signIn"');
  expect(report).not.toContain('a.jpg');
  expect(report).not.toContain(app.photos);
  const shown = JSON.stringify([steps, added, app.told, await app.call('app.snapshot', {})]);
  await app.call('destinations.update', {
    id: added.id,
    name: 'new',
    secrets: { AWS_SECRET_ACCESS_KEY: `${canary}2` },
    signIn: null,
  });
  expect([...app.keychain.held.values()]).toContain(`${canary}2`);
  await app.close();
  const files = await fs.readdir(app.dataDirectory, { recursive: true, withFileTypes: true });
  const written = await Promise.all(
    files
      .filter((entry) => entry.isFile())
      .map((entry) => fs.readFile(path.join(entry.parentPath, entry.name), 'latin1')),
  );
  for (const text of [report, shown, ...written]) {
    expect(text.includes(canary)).toBe(false);
    expect(text.includes(JSON.stringify(canary).slice(1, -1))).toBe(false);
  }
  await app.open();
  await app.call('destinations.remove', { id: added.id });
  expect(app.keychain.held.size).toBe(0);
});

test('without a keychain nothing with secrets is kept, and the person is told what to do', async () => {
  const app = await TestApp.open();
  app.keychain.locked = true;
  const { keychain } = await app.call('app.snapshot', {});
  expect(keychain).toEqual({ available: false, hint: 'Unlock it.' });
  const adding = app.call('destinations.add', { draft: draftTo('http://127.0.0.1:9') });
  await expect(adding).rejects.toMatchObject({
    failure: { code: 'unsupported', hint: 'Unlock it.' },
  });
  expect((await app.status()).destinations).toEqual([]);
});

test('secrets of the environment serve where none were typed in', async () => {
  const environment = { AWS_ACCESS_KEY_ID: keyId, AWS_SECRET_ACCESS_KEY: canary };
  const app = await TestApp.open({ environment });
  app.keychain.locked = true;
  const draft = { ...draftTo('http://127.0.0.1:9'), secrets: {} };
  await app.call('destinations.add', { draft });
  const bare = await TestApp.open();
  await expect(bare.call('destinations.add', { draft })).rejects.toMatchObject({
    failure: { code: 'invalid' },
  });
});

test('a system without a keychain fails softly, with a hint and without the secret', async () => {
  const missing = new SystemKeychain('linux', () =>
    Promise.reject(new Error(`no library ${canary}`)),
  );
  const failure = await missing.set('account', canary).catch((error: unknown) => error);
  expect(failure).toMatchObject({ failure: { code: 'unsupported' } });
  expect(JSON.stringify(failure)).not.toContain(canary);
});
