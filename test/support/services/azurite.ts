import { createHmac, randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';

import { sharedKeyAuthorization } from '../../../electron/engine/destinations/azblob/shared-key.ts';
import { startLocalServer, type LocalServer } from './local-server.ts';

const program = fileURLToPath(
  new URL('../../../node_modules/azurite/dist/src/blob/main.js', import.meta.url),
);

/** The account that Azurite comes with, known to everybody. */
export const azureAccount = 'devstoreaccount1';
export const azureKey =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
export const azureSecrets = { AZURE_STORAGE_KEY: azureKey };

/** Microsoft's own emulator of Blob Storage, in memory. */
export async function startAzurite(): Promise<LocalServer> {
  return startLocalServer({
    name: 'Azurite',
    prepare: (_directory, port) => {
      const args = [
        ...[program, '--blobHost', '127.0.0.1', '--blobPort', String(port)],
        ...['--inMemoryPersistence', '--skipApiVersionCheck', '--disableTelemetry', '--silent'],
      ];
      return Promise.resolve({ program: process.execPath, args });
    },
  });
}

/** Makes an empty container and returns the destination's URL in it. */
export async function freshContainer(port: number, folder = ''): Promise<string> {
  const container = `test-${randomUUID()}`;
  await makeContainer(port, container);
  return azureUrl(port, container, folder);
}

export function azureUrl(port: number, container: string, folder = ''): string {
  const endpoint = `http://127.0.0.1:${String(port)}/${azureAccount}`;
  return `azblob://${azureAccount}/${container}${folder}?endpoint=${endpoint}`;
}

/** A signature for a container (learn.microsoft.com/rest/api/storageservices/create-service-sas, 2020-12-06). */
export function signatureFor(container: string, permissions: string, expiresMs: number): string {
  const expiry = new Date(expiresMs).toISOString().replace(/\.\d+Z$/u, 'Z');
  const version = '2020-12-06';
  const resource = `/blob/${azureAccount}/${container}`;
  const parts = [
    permissions,
    '',
    expiry,
    resource,
    '',
    '',
    '',
    version,
    'c',
    '',
    '',
    '',
    '',
    '',
    '',
    '',
  ];
  const signature = createHmac('sha256', Buffer.from(azureKey, 'base64'))
    .update(parts.join('\n'))
    .digest('base64');
  const query = new URLSearchParams({
    sv: version,
    sr: 'c',
    sp: permissions,
    se: expiry,
    sig: signature,
  });
  return query.toString();
}

async function makeContainer(port: number, container: string): Promise<void> {
  const path = `/${azureAccount}/${container}`;
  const query = { restype: 'container' };
  const headers = { 'x-ms-date': new Date().toUTCString(), 'x-ms-version': '2020-12-06' };
  const parts = { method: 'PUT', account: azureAccount, path, query, headers };
  const authorization = sharedKeyAuthorization(parts, Buffer.from(azureKey, 'base64'));
  const address = `http://127.0.0.1:${String(port)}${path}?restype=container`;
  const reply = await fetch(address, { method: 'PUT', headers: { ...headers, authorization } });
  if (reply.status !== 201) throw new Error(`no container: ${await reply.text()}`);
}
