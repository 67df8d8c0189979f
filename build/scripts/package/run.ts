/** `npm run package`: builds what is out of date and packs it with Electron's binary. */
import { build } from 'electron-builder';

import { packaging } from '../../packaging/electron-builder.ts';
import { buildWhatChanged } from '../build/build.ts';
import { fetchElectron } from './electron-binary.ts';

const electronDist = fetchElectron();
if (electronDist === null) {
  console.error(
    'Electron\'s binary is not installed and could not be downloaded, so the app cannot be packed here: run "npx install-electron" where the network allows it.',
  );
  process.exitCode = 1;
} else {
  await buildWhatChanged(['renderer', 'preload', 'main', 'engine'], false);
  for (const file of await build({ config: { ...packaging, electronDist } })) console.log(file);
}
