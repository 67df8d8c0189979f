import type { HostBridge } from '../../../../shared/contract/app/host-bridge.ts';
import { isAtTestServer } from '../../../../shared/contract/app/test-servers.ts';
import { connectSocket } from './socket-connection.ts';

/**
 * Makes `window.cloudroll` in a browser, before the window's own script runs: what Electron's preload is
 * elsewhere. A browser has no paths and no dialogs of the system; those parts are null.
 */

/** Names this start of the host; without it a kept picture could be taken for another's. */
const { era = '', testServers = '' } = document.currentScript?.dataset ?? {};

/** A session ends with its host: what the next one says about that is shown instead of waiting for ever. */
async function leaveIfLockedOut(): Promise<void> {
  const reply = await fetch('/', { cache: 'no-store' }).catch(() => null);
  if (reply?.status === 401) location.reload();
}

const bridge: HostBridge = {
  connect: async () => {
    try {
      return await connectSocket(`ws://${location.host}/engine`);
    } catch (error) {
      await leaveIfLockedOut();
      throw error;
    }
  },
  pictureUrl: (asset, size) => `/pictures/${era}/${encodeURIComponent(asset)}/${size}`,
  pathOf: null,
  uploadUrl: (batch, item) => `/uploads/${encodeURIComponent(batch)}/${encodeURIComponent(item)}`,
  chooseFolder: null,
  chooseFiles: null,
  openExternal: (address) => {
    const isTest = testServers !== '' && isAtTestServer(address, testServers.split(' '));
    if (!address.startsWith('https://') && !isTest) return;
    window.open(address, '_blank', 'noopener,noreferrer');
  },
  copyPicture: null,
  keepPasted: null,
  showPhotos: null,
  onCommand: () => () => undefined,
  languages: navigator.languages,
};

Object.defineProperty(window, 'cloudroll', { value: Object.freeze(bridge), enumerable: true });
