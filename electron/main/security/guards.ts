import type { App, Session, WebContents } from 'electron';

import type { Logger } from '../../engine/logging/logger.ts';
import { externalAddress, type ProductAddresses } from './external-links.ts';
import { isAppPage } from './sender.ts';

/** Permissions that a page of the app gets: nothing but writing text to the clipboard and full screen. */
const grantedPermissions: ReadonlySet<string> = new Set([
  'clipboard-sanitized-write',
  'fullscreen',
]);

/** Whether a page may have a permission. */
export function mayHave(permission: string, address: string): boolean {
  return grantedPermissions.has(permission) && isAppPage(address);
}

/** What is used of a session. */
export type GuardedSession = Pick<
  Session,
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
>;

/** Answers every request for a permission, so that nothing is granted by default. */
export function guardPermissions(session: GuardedSession): void {
  session.setPermissionRequestHandler((contents, permission, callback) => {
    callback(mayHave(permission, contents.getURL()));
  });
  session.setPermissionCheckHandler((_contents, permission, origin) =>
    mayHave(permission, origin.replace(/\/$/u, '')),
  );
  session.setDevicePermissionHandler(() => false);
}

export interface Guards {
  readonly openExternal: (address: string) => void;
  /** What may be opened. */
  readonly addresses: ProductAddresses;
  readonly logger: Logger;
}

/** What is used of a page's contents. */
export type GuardedContents = Pick<WebContents, 'on' | 'setWindowOpenHandler'>;

/**
 * Keeps a page where it is: it goes to no other address, opens no window and holds no `webview`. A link of
 * the product's own texts opens in the browser instead.
 */
export function guardContents(contents: GuardedContents, guards: Guards): void {
  const { openExternal, addresses, logger } = guards;
  const leave = (address: string): void => {
    const external = externalAddress(address, addresses);
    if (external === null) logger.warn('navigation refused');
    else openExternal(external);
  };
  contents.on('will-navigate', (event) => {
    if (isAppPage(event.url)) return;
    event.preventDefault();
    leave(event.url);
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    if (!isAppPage(event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
  contents.setWindowOpenHandler(({ url }) => {
    leave(url);
    return { action: 'deny' };
  });
}

/** {@link guardContents} for every page there will ever be, whoever opens it. */
export function guardAllContents(app: Pick<App, 'on'>, guards: Guards): void {
  app.on('web-contents-created', (_event, contents) => {
    guardContents(contents, guards);
  });
}
