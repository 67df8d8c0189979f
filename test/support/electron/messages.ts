import type { MenuItemConstructorOptions, Rectangle } from 'electron';

/**
 * What the stand-in's two processes tell each other: the one that runs the built main process under plain Node,
 * and the test, which has the browser whose pages are the windows.
 */

/** An item of a menu as a test sees it. */
export interface MenuState {
  /** To choose it by. */
  readonly id: number;
  readonly label: string;
  readonly type: NonNullable<MenuItemConstructorOptions['type']>;
  readonly role: string | null;
  readonly accelerator: string | null;
  readonly enabled: boolean;
  readonly submenu: readonly MenuState[];
}

export interface TrayState {
  /** Full path of the picture. */
  readonly image: string;
  readonly toolTip: string;
  readonly menu: readonly MenuState[];
}

export interface NotificationState {
  readonly id: number;
  readonly title: string;
  readonly body: string;
}

export interface WindowState {
  readonly id: number;
  readonly url: string;
  readonly bounds: Rectangle;
  readonly visible: boolean;
  readonly progress: number;
}

/** Everything of the app that no page shows. */
export interface DesktopState {
  readonly tray: TrayState | null;
  readonly applicationMenu: readonly MenuState[];
  /** All that were ever shown, oldest first. */
  readonly notifications: readonly NotificationState[];
  readonly windows: readonly WindowState[];
  /** Process id of the engine; null while there is none. */
  readonly engine: number | null;
  /** Engine processes started so far. */
  readonly engineStarts: number;
  readonly openedExternally: readonly string[];
  readonly clipboardText: string;
  readonly clipboardTypes: readonly string[];
  readonly badge: number;
  readonly themeSource: string;
  readonly schemes: readonly string[];
}

/** From the main process to the test. */
export type ToTest =
  | { readonly type: 'state'; readonly state: DesktopState }
  | {
      readonly type: 'openWindow';
      readonly window: number;
      readonly preload: string;
      readonly additionalArguments: readonly string[];
      readonly width: number;
      readonly height: number;
    }
  | { readonly type: 'load'; readonly window: number; readonly url: string }
  | { readonly type: 'reload'; readonly window: number }
  | { readonly type: 'closeWindow'; readonly window: number }
  | {
      readonly type: 'toPage';
      readonly window: number;
      readonly channel: string;
      readonly data: unknown;
      /** Ports that come with it. */
      readonly ports: readonly number[];
    }
  | { readonly type: 'portData'; readonly port: number; readonly data: unknown }
  | { readonly type: 'portClosed'; readonly port: number }
  | {
      readonly type: 'served';
      readonly request: number;
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Uint8Array;
    }
  | { readonly type: 'answer'; readonly request: number; readonly value: unknown };

/** What a test has the computer do. */
export type Drive =
  | { readonly do: 'chooseMenu'; readonly id: number }
  | { readonly do: 'clickTray' }
  | { readonly do: 'clickNotification'; readonly id: number }
  | { readonly do: 'power'; readonly event: 'suspend' | 'resume' | 'shutdown' }
  | { readonly do: 'battery'; readonly onBattery: boolean }
  | { readonly do: 'online'; readonly online: boolean }
  | { readonly do: 'dialog'; readonly paths: readonly string[] }
  | { readonly do: 'openFile'; readonly path: string }
  | { readonly do: 'openUrl'; readonly url: string }
  | { readonly do: 'closeWindow'; readonly window: number };

/** From the test to the main process. */
export type ToMain =
  | { readonly type: 'drive'; readonly drive: Drive }
  | { readonly type: 'loaded'; readonly window: number; readonly failure: string | null }
  | { readonly type: 'navigated'; readonly window: number; readonly url: string }
  | {
      readonly type: 'serve';
      readonly request: number;
      readonly url: string;
      readonly method: string;
      readonly headers: Readonly<Record<string, string>>;
    }
  | {
      readonly type: 'invoke';
      readonly request: number;
      readonly window: number;
      /** Address of the frame that asks, and whether it is the page's own. */
      readonly frameUrl: string;
      readonly isMainFrame: boolean;
      readonly channel: string;
      readonly data: unknown;
    }
  | { readonly type: 'portData'; readonly port: number; readonly data: unknown }
  | { readonly type: 'portClosed'; readonly port: number };

/** Between the stand-in of the main process and that of a utility process. */
export type UtilityMessage =
  | { readonly type: 'message'; readonly data: unknown; readonly ports: readonly number[] }
  | { readonly type: 'portData'; readonly port: number; readonly data: unknown }
  | { readonly type: 'portClosed'; readonly port: number };
