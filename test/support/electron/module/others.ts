import { EventEmitter } from 'node:events';

import type {
  ClipboardItem,
  CrashReporter,
  Dialog,
  IpcMain,
  NativeTheme,
  Net,
  Notification,
  NotificationConstructorOptions,
  PowerMonitor,
  Protocol,
  Screen,
  Session,
  Shell,
} from 'electron';

import { onTest, tellTest } from './link.ts';
import { record } from './state.ts';
import { strict } from './strict.ts';
import { StandInWindow } from './browser-window.ts';

/** The smaller modules of Electron, as far as the app uses them. */

class StandInPower extends EventEmitter implements Pick<PowerMonitor, 'isOnBatteryPower'> {
  battery = false;

  isOnBatteryPower(): boolean {
    return this.battery;
  }
}
const power = new StandInPower();
export const powerMonitor = strict('powerMonitor', power);

let online = true;
export const net = strict<Pick<Net, 'isOnline'>>('net', { isOnline: () => online });

let chosen: readonly string[] = [];
export const dialog = strict<Pick<Dialog, 'showOpenDialog'>>('dialog', {
  showOpenDialog: () => Promise.resolve({ canceled: chosen.length === 0, filePaths: [...chosen] }),
});

export const shell = strict<Pick<Shell, 'openExternal' | 'showItemInFolder'>>('shell', {
  openExternal: (address) => {
    record(({ openedExternally }) => ({ openedExternally: [...openedExternally, address] }));
    return Promise.resolve();
  },
  showItemInFolder: () => undefined,
});

export class StandInClipboardItem implements Pick<ClipboardItem, 'types'> {
  readonly types: string[];

  constructor(items: Readonly<Record<string, unknown>>) {
    this.types = Object.keys(items);
  }
}

export const clipboard = strict('clipboard', {
  writeText: (clipboardText: string): Promise<void> => {
    record(() => ({ clipboardText }));
    return Promise.resolve();
  },
  write: (items: readonly StandInClipboardItem[]): Promise<void> => {
    record(() => ({ clipboardTypes: items.flatMap(({ types }) => types) }));
    return Promise.resolve();
  },
});

export const nativeTheme = strict<Pick<NativeTheme, 'themeSource' | 'shouldUseDarkColors'>>(
  'nativeTheme',
  {
    get themeSource() {
      return 'system' as const;
    },
    set themeSource(themeSource) {
      record(() => ({ themeSource }));
    },
    shouldUseDarkColors: false,
  },
);

export const crashReporter = strict<Pick<CrashReporter, 'start'>>('crashReporter', {
  start: () => undefined,
});

const display = { id: 1, workArea: { x: 0, y: 0, width: 1600, height: 1000 } };
export const screen = strict('screen', {
  getPrimaryDisplay: () => display satisfies Partial<ReturnType<Screen['getPrimaryDisplay']>>,
  getAllDisplays: () => [display],
});

const noop = (): void => undefined;
export const session = strict('session', {
  defaultSession: strict<
    Pick<
      Session,
      | 'setPermissionRequestHandler'
      | 'setPermissionCheckHandler'
      | 'setDevicePermissionHandler'
      | 'resolveProxy'
    >
  >('session.defaultSession', {
    setPermissionRequestHandler: noop,
    setPermissionCheckHandler: noop,
    setDevicePermissionHandler: noop,
    resolveProxy: () => Promise.resolve('DIRECT'),
  }),
});

type ProtocolHandler = Parameters<Protocol['handle']>[1];
let serve: ProtocolHandler | null = null;
export const protocol = strict<Pick<Protocol, 'handle' | 'registerSchemesAsPrivileged'>>(
  'protocol',
  {
    handle: (_scheme, handler) => {
      serve = handler;
    },
    registerSchemesAsPrivileged: noop,
  },
);

type Invoke = Parameters<IpcMain['handle']>[1];
const invokes = new Map<string, Invoke>();
export const ipcMain = strict<Pick<IpcMain, 'handle'> & { on: () => void }>('ipcMain', {
  handle: (channel, handler) => {
    if (invokes.has(channel)) throw new Error(`Attempted to register a second handler: ${channel}`);
    invokes.set(channel, handler);
  },
  // electron-store offers its data to windows; no window of the app asks for it.
  on: noop,
});

const notifications = new Map<number, StandInNotification>();
export class StandInNotification
  extends EventEmitter
  implements Pick<Notification, 'show' | 'close'>
{
  readonly #id = notifications.size + 1;
  readonly #options: NotificationConstructorOptions;

  constructor(options: NotificationConstructorOptions) {
    super();
    this.#options = options;
    notifications.set(this.#id, this);
  }

  static isSupported(): boolean {
    return true;
  }

  show(): void {
    const { title = '', body = '' } = this.#options;
    record((state) => ({
      notifications: [...state.notifications, { id: this.#id, title, body }],
    }));
  }

  close(): void {
    this.emit('close');
  }
}

onTest((message) => {
  switch (message.type) {
    case 'serve':
      void answerServe(message);
      break;
    case 'invoke':
      void answerInvoke(message);
      break;
    case 'drive':
      drive(message.drive);
      break;
    default:
      break;
  }
});

function drive(
  asked: Extract<Parameters<Parameters<typeof onTest>[0]>[0], { type: 'drive' }>['drive'],
): void {
  if (asked.do === 'power') power.emit(asked.event);
  else if (asked.do === 'battery') {
    power.battery = asked.onBattery;
    // Linux has no event for it: the app asks, at the latest after it woke up.
    power.emit('resume');
  } else if (asked.do === 'online') {
    online = asked.online;
    power.emit('resume');
  } else if (asked.do === 'dialog') chosen = asked.paths;
  else if (asked.do === 'clickNotification') notifications.get(asked.id)?.emit('click');
}

async function answerServe({
  request,
  url,
  method,
  headers,
}: {
  readonly request: number;
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
}): Promise<void> {
  try {
    const response =
      (await serve?.(new Request(url, { method, headers: { ...headers } }))) ?? Response.error();
    tellTest({
      type: 'served',
      request,
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: new Uint8Array(await response.arrayBuffer()),
    });
  } catch (error) {
    const body = new TextEncoder().encode(String(error));
    tellTest({ type: 'served', request, status: 500, headers: {}, body });
  }
}

async function answerInvoke(message: {
  readonly request: number;
  readonly window: number;
  readonly frameUrl: string;
  readonly isMainFrame: boolean;
  readonly channel: string;
  readonly data: unknown;
}): Promise<void> {
  const { request, window, frameUrl, isMainFrame, channel, data } = message;
  const sender = StandInWindow.byId(window)?.webContents;
  const senderFrame = { url: frameUrl, parent: isMainFrame ? null : {} };
  // What the app reads of the event; Electron's own has far more.
  const event: object = { sender, senderFrame };
  const value: unknown = await invokes.get(channel)?.(event as Parameters<Invoke>[0], data);
  tellTest({ type: 'answer', request, value });
}
