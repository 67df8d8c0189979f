import type { Destination } from '../../electron/engine/destinations/contract.ts';
import { GoogleDriveDouble } from '../support/doubles/google-drive.ts';
import { decorated } from '../support/destinations/open-destination.ts';
import { openDrive, signedInAt } from '../support/destinations/open-google-drive.ts';
import { destinationContract } from './destination-contract.ts';

for (const [title, wrap] of [
  ['Google Drive (double)', (destination: Destination) => destination],
  ['Google Drive (double), decorated', decorated],
] as const) {
  destinationContract(title, async () => {
    const drive = await GoogleDriveDouble.start();
    drive.store.moods.pageSize = 20;
    const access = signedInAt(drive);
    return {
      manyObjects: 50,
      open: async () => wrap(await openDrive(access, drive.port)),
      finish: () => drive.close(),
    };
  });
}
