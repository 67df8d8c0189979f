import { homedir, hostname } from 'node:os';
import path from 'node:path';

import type { FromEngine } from '../../../shared/contract/app/engine-control.ts';
import { SystemRandom } from '../../engine/adapters/system-random.ts';
import { openApp } from '../../engine/app/open-app.ts';
import { openDoor } from '../local/door.ts';
import type { UtilityPort } from './parent-port.ts';
import { UtilityHost } from './utility-host.ts';

/** The engine in Electron's utility process: no window, no API of Electron's but the port to its parent. */

interface ParentPort {
  on(
    event: 'message',
    listener: (event: { readonly data: unknown; readonly ports: UtilityPort[] }) => void,
  ): unknown;
  postMessage(message: FromEngine): void;
}

const { parentPort } = process as typeof process & { readonly parentPort: ParentPort };

const host = new UtilityHost({
  open: async ({ dataDirectory, version }, spawnThumbnails, signal) => {
    const { platform, env: environment } = process;
    const home = homedir();
    const uploadsFolder = path.join(home, 'Pictures', 'Cloudroll');
    const around = { environment, home, platform, deviceName: hostname(), uploadsFolder };
    const app = await openApp({ ...around, dataDirectory, version, spawnThumbnails }, signal);
    const random = new SystemRandom();
    const door = await openDoor(dataDirectory, { app, address: null, platform, random });
    return {
      app,
      close: async () => {
        await door[Symbol.asyncDispose]();
        await app.close();
      },
    };
  },
  tellMain: (message) => {
    parentPort.postMessage(message);
  },
  exit: (status) => {
    process.exit(status);
  },
});
parentPort.on('message', ({ data, ports }) => {
  host.take(data, ports);
});
