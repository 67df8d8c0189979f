import type { HostBridge } from '../../../../shared/contract/app/host-bridge.ts';
import { connectSocket } from './socket-connection.ts';

/**
 * Makes `window.cloudroll` in a browser, before the window's own script runs: what Electron's preload is
 * elsewhere. A browser has no paths and no dialogs of the system; those parts are null.
 */

/** Names this start of the host; without it a kept picture could be taken for another's. */
const era = document.currentScript?.dataset['era'] ?? '';

const bridge: HostBridge = {
  connect: () => connectSocket(`ws://${location.host}/engine`),
  pictureUrl: (asset, size) => `/pictures/${era}/${encodeURIComponent(asset)}/${size}`,
  pathOf: null,
  uploadUrl: (batch, item) => `/uploads/${encodeURIComponent(batch)}/${encodeURIComponent(item)}`,
  chooseFolder: null,
  chooseFiles: null,
  openExternal: (address) => {
    if (!address.startsWith('https://')) return;
    window.open(address, '_blank', 'noopener,noreferrer');
  },
  copyPicture: null,
  onCommand: () => () => undefined,
  languages: navigator.languages,
};

Object.defineProperty(window, 'cloudroll', { value: Object.freeze(bridge), enumerable: true });
