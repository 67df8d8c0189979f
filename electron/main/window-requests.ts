import {
  BrowserWindow,
  clipboard,
  ClipboardItem,
  dialog,
  MessageChannelMain,
  nativeImage,
  shell,
  type IpcMainInvokeEvent,
  type OpenDialogOptions,
} from 'electron';

import { homedir } from 'node:os';
import { join } from 'node:path';

import { testServersOf } from '../../shared/contract/app/test-servers.ts';
import type { MessageChannelName } from '../../shared/contract/desktop/requests.ts';
import { fail } from '../../shared/domain/failure.ts';
import { pastedFolder } from '../../shared/domain/pasted-image.ts';
import type { Engine } from './engine/engine.ts';
import { keepPasted } from './pasted/keep-pasted.ts';
import { externalAddress } from './security/external-links.ts';
import { productAddresses } from './security/product-addresses.ts';
import type { RequestHandlers } from './security/requests.ts';
import type { Windows } from './windows/windows.ts';

/** What the main process does for its windows. */
export function windowRequests(engine: Engine, windows: Windows): RequestHandlers {
  return {
    connectEngine: ({ connection }, event) => {
      const { port1, port2 } = new MessageChannelMain();
      engine.connect(port1);
      const channel: MessageChannelName = 'message:enginePort';
      event.sender.postMessage(channel, { connection }, [port2]);
      return Promise.resolve(null);
    },
    chooseFolder: async ({ title }, event) => {
      const [path] = await choose(event, {
        title,
        properties: ['openDirectory', 'createDirectory'],
      });
      return path ?? null;
    },
    chooseFiles: ({ title }, event) =>
      choose(event, { title, properties: ['openFile', 'multiSelections'] }),
    openExternal: async ({ address }) => {
      await openExternal(address);
      return null;
    },
    copyPicture: async ({ asset }) => {
      const limit = AbortSignal.timeout(30_000);
      const picture = await engine.picture(asset, 'preview', limit);
      const image = picture === null ? null : nativeImage.createFromPath(picture.path);
      if (image === null || image.isEmpty()) {
        throw fail('unsupported', 'There is no picture of this photo to copy.');
      }
      const png = new Blob([Uint8Array.from(image.toPNG())], { type: 'image/png' });
      await clipboard.write([new ClipboardItem({ 'image/png': png })]);
      return null;
    },
    keepPasted: ({ image }) =>
      keepPasted(join(homedir(), 'Pictures', 'Cloudroll', pastedFolder), image, new Date()),
    showPhotos: ({ asset }) => {
      const to = asset === null ? '/' : `/photo/${asset}`;
      windows.command('timeline', { command: 'navigate', to });
      return Promise.resolve(null);
    },
    takeCommands: (_params, event) => Promise.resolve(windows.takeCommands(event.sender.id)),
  };
}

/** Opens an address in the browser, where it is one that a kind of destination leads to. */
export async function openExternal(address: string): Promise<void> {
  const allowed = externalAddress(address, productAddresses, testServersOf(process.env));
  if (allowed === null) throw fail('invalid', 'This address is not opened from here.');
  await shell.openExternal(allowed);
}

async function choose(
  event: IpcMainInvokeEvent,
  options: OpenDialogOptions,
): Promise<readonly string[]> {
  const window = BrowserWindow.fromWebContents(event.sender);
  const { canceled, filePaths } =
    window === null
      ? await dialog.showOpenDialog(options)
      : await dialog.showOpenDialog(window, options);
  return canceled ? [] : filePaths;
}
