import { BrowserWindow, screen, type BrowserWindowConstructorOptions } from 'electron';

import type { WindowCommand } from '../../../shared/contract/app/host-bridge.ts';
import { appOrigin } from '../../../shared/contract/desktop/addresses.ts';
import type { MessageChannelName } from '../../../shared/contract/desktop/requests.ts';
import type { Logger } from '../../engine/logging/logger.ts';
import type { PreferencesStore } from '../preferences/preferences-store.ts';
import type { Timers } from '../system/timers.ts';
import { securePreferences } from './web-preferences.ts';
import { placeWindow } from './window-bounds.ts';

/** The windows there are. */
export type WindowKind = 'timeline' | 'upload';

interface WindowShape {
  readonly view: string;
  readonly width: number;
  readonly height: number;
}

const shapes: Readonly<Record<WindowKind, WindowShape>> = {
  timeline: { view: '/', width: 1240, height: 820 },
  upload: { view: '/upload', width: 560, height: 680 },
};
/** The page's own ground (`--paper` in renderer/design/tokens.css), until it is drawn. */
const paper = { light: '#f8f8f5', dark: '#121514' };
const smallest = { minWidth: 480, minHeight: 480 };
/** Places are kept once a window has stayed where it is for this long, milliseconds. */
const settleMs = 500;
/** A page that crashes again within this time is not loaded again, milliseconds. */
const crashPauseMs = 10_000;

export interface WindowsOptions {
  readonly preload: string;
  readonly languages: readonly string[];
  readonly preferences: PreferencesStore;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly icon: string | null;
  readonly darkBackground: () => boolean;
  /** The last window was closed; the app goes on. */
  readonly onAllClosed: () => void;
  /** A window was opened. */
  readonly onOpened: (window: BrowserWindow) => void;
}

interface OpenWindow {
  readonly kind: WindowKind;
  readonly window: BrowserWindow;
  /** Commands that came before the page took any. */
  readonly waiting: WindowCommand[];
  takesCommands: boolean;
}

/** The app's windows: each kind at most once, where the person left it. */
export class Windows {
  readonly #options: WindowsOptions;
  readonly #open = new Map<WindowKind, OpenWindow>();

  constructor(options: WindowsOptions) {
    this.#options = options;
  }

  /** Ids of the windows' contents: who may ask the main process for something. */
  get contentIds(): ReadonlySet<number> {
    return new Set([...this.#open.values()].map(({ window }) => window.webContents.id));
  }

  get all(): readonly BrowserWindow[] {
    return [...this.#open.values()].map(({ window }) => window);
  }

  find(kind: WindowKind): BrowserWindow | null {
    return this.#open.get(kind)?.window ?? null;
  }

  /** Shows a window in front of the others; opens it where it is not. */
  show(kind: WindowKind): BrowserWindow {
    const open = this.#open.get(kind);
    if (open === undefined) return this.#create(kind).window;
    if (open.window.isMinimized()) open.window.restore();
    open.window.show();
    open.window.focus();
    return open.window;
  }

  /** Shows a window and has it carry out a command, as soon as its page takes commands. */
  command(kind: WindowKind, command: WindowCommand): void {
    this.show(kind);
    const open = this.#open.get(kind);
    if (open === undefined) return;
    if (!open.takesCommands) open.waiting.push(command);
    else {
      const channel: MessageChannelName = 'message:command';
      open.window.webContents.send(channel, command);
    }
  }

  /** A page takes commands from now on. @returns those that waited for it */
  takeCommands(contentId: number): readonly WindowCommand[] {
    const open = [...this.#open.values()].find(({ window }) => window.webContents.id === contentId);
    if (open === undefined) return [];
    open.takesCommands = true;
    return open.waiting.splice(0);
  }

  closeAll(): void {
    for (const { window } of this.#open.values()) window.destroy();
  }

  #create(kind: WindowKind): OpenWindow {
    const { onOpened, logger } = this.#options;
    const window = new BrowserWindow(this.#constructorOptions(kind));
    const open: OpenWindow = { kind, window, waiting: [], takesCommands: false };
    this.#open.set(kind, open);
    const state = this.#options.preferences.value.windows[kind];
    if (state?.maximized === true) window.maximize();
    window.once('ready-to-show', () => {
      window.show();
    });
    window.webContents.on('did-start-navigation', (event) => {
      // A page that is loaded anew listens anew.
      if (event.isMainFrame && !event.isSameDocument) open.takesCommands = false;
    });
    this.#rememberPlace(open);
    this.#reloadAfterCrash(open);
    window.on('closed', () => {
      this.#open.delete(kind);
      if (this.#open.size === 0) this.#options.onAllClosed();
    });
    onOpened(window);
    const address = `${appOrigin}/index.html#${shapes[kind].view}`;
    window.loadURL(address).catch((error: unknown) => {
      logger.error('window not loaded', { kind, error: String(error) });
    });
    return open;
  }

  #constructorOptions(kind: WindowKind): BrowserWindowConstructorOptions {
    const { preferences, preload, languages, icon, darkBackground } = this.#options;
    const displays = [
      screen.getPrimaryDisplay(),
      ...screen.getAllDisplays().filter(({ id }) => id !== screen.getPrimaryDisplay().id),
    ];
    const bounds = placeWindow(
      preferences.value.windows[kind]?.bounds ?? null,
      shapes[kind],
      displays.map(({ workArea }) => workArea),
    );
    return {
      ...bounds,
      ...smallest,
      title: 'Cloudroll',
      show: false,
      autoHideMenuBar: true,
      backgroundColor: darkBackground() ? paper.dark : paper.light,
      ...(icon === null ? {} : { icon }),
      webPreferences: securePreferences(preload, languages),
    };
  }

  #rememberPlace({ kind, window }: OpenWindow): void {
    const { preferences, timers } = this.#options;
    let cancel: (() => void) | null = null;
    const save = (): void => {
      cancel = null;
      if (window.isDestroyed()) return;
      const state = { bounds: window.getNormalBounds(), maximized: window.isMaximized() };
      preferences.update({ windows: { ...preferences.value.windows, [kind]: state } });
    };
    const changed = (): void => {
      cancel?.();
      cancel = timers.after(settleMs, save);
    };
    window.on('resize', changed);
    window.on('move', changed);
    window.on('close', () => {
      cancel?.();
      save();
    });
  }

  #reloadAfterCrash({ kind, window }: OpenWindow): void {
    const { timers, logger } = this.#options;
    let lastMs = Number.NEGATIVE_INFINITY;
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      logger.error('page of a window crashed', { kind, reason });
      const now = timers.now();
      if (now - lastMs < crashPauseMs) window.destroy();
      else window.webContents.reload();
      lastMs = now;
    });
  }
}
