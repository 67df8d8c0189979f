import type { IpcMainInvokeEvent } from 'electron';

import { appOrigin } from '../../../shared/contract/desktop/addresses.ts';

/** What is used of Electron's event. */
export type Sender = Pick<IpcMainInvokeEvent, 'senderFrame' | 'sender'>;

/** Whether an address is one of the app's own pages. */
export function isAppPage(address: string): boolean {
  return address === appOrigin || address.startsWith(`${appOrigin}/`);
}

/**
 * Whether a message comes from the main frame of one of the app's own windows, showing one of the app's own
 * pages. A frame inside a page, a page that is gone and any other origin are refused.
 *
 * @param windowIds ids of the `webContents` of the app's windows
 */
export function isTrustedSender(event: Sender, windowIds: ReadonlySet<number>): boolean {
  const frame = event.senderFrame;
  return (
    frame !== null &&
    frame.parent === null &&
    isAppPage(frame.url) &&
    windowIds.has(event.sender.id)
  );
}
