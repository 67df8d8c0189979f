import { randomUUID } from 'node:crypto';

import { afterAll, describe, test } from 'vitest';

import { decorated, openDestination } from '../support/destinations/open-destination.ts';
import { provide } from '../support/services/local-server.ts';
import { davSecrets, startApacheDav, startRcloneDav } from '../support/services/webdav.ts';
import { destinationContract } from './destination-contract.ts';

const servers = [
  { name: 'Apache', server: await provide('Apache', startApacheDav) },
  { name: 'rclone', server: await provide('rclone', startRcloneDav) },
];

for (const { name, server } of servers) {
  if ('skipReason' in server) {
    describe(`WebDAV on ${name}`, () => {
      test.skip(server.skipReason, () => undefined);
    });
    continue;
  }
  const urlOf = (folder: string): string =>
    `webdav://127.0.0.1:${String(server.port)}/${folder}/사진 100%25`;

  afterAll(() => server.stop());

  destinationContract(`WebDAV on ${name}`, () => {
    const url = urlOf(randomUUID());
    return Promise.resolve({ manyObjects: 300, open: () => openDestination(url, davSecrets) });
  });

  destinationContract(`WebDAV on ${name}, decorated`, () => {
    const url = urlOf(randomUUID());
    return Promise.resolve({
      open: async () => decorated(await openDestination(url, davSecrets)),
    });
  });
}
