import type { Destination } from '../../electron/engine/destinations/contract.ts';
import { decorated, openDestination } from '../support/destinations/open-destination.ts';
import { immichSecrets, startImmich } from '../support/doubles/immich.ts';
import { destinationContract } from './destination-contract.ts';

for (const version of [2, 3] as const) {
  for (const [title, wrap] of [
    ['Immich', (destination: Destination) => destination],
    ['Immich, decorated', decorated],
  ] as const) {
    destinationContract(`${title} (double of version ${String(version)})`, async () => {
      const immich = await startImmich(version);
      const url = `immich://127.0.0.1:${String(immich.port)}`;
      return {
        manyObjects: 150,
        open: async () => wrap(await openDestination(url, immichSecrets)),
        finish: () => immich.close(),
      };
    });
  }
}
