import { EventEmitter } from 'node:events';

import type { BrowserWindow, BrowserWindowConstructorOptions, Rectangle } from 'electron';

import { app } from './app.ts';
import { onTest, tellTest } from './link.ts';
import { closePortsOf } from './ports.ts';
import { Preventable } from './preventable.ts';
import { record } from './state.ts';
import { StandInContents } from './web-contents.ts';

type WindowMethods = Pick<
  BrowserWindow,
  | 'show'
  | 'focus'
  | 'isMinimized'
  | 'restore'
  | 'maximize'
  | 'isMaximized'
  | 'isDestroyed'
  | 'destroy'
  | 'getNormalBounds'
  | 'setProgressBar'
  | 'loadURL'
>;

const windows = new Map<number, StandInWindow>();
let lastId = 0;

/** A window: a page of real Chromium in the test's process. */
export class StandInWindow extends EventEmitter implements WindowMethods {
  readonly id: number;
  readonly webContents: StandInContents;
  readonly #bounds: Rectangle;
  #visible: boolean;
  #progress = -1;
  #maximized = false;
  #destroyed = false;
  #loading: { resolve: () => void; reject: (error: Error) => void } | null = null;

  constructor(options: BrowserWindowConstructorOptions) {
    super();
    lastId += 1;
    this.id = lastId;
    this.webContents = new StandInContents(this.id);
    const { x = 0, y = 0, width = 800, height = 600, show = true } = options;
    this.#bounds = { x, y, width, height };
    this.#visible = show;
    windows.set(this.id, this);
    const preload = options.webPreferences?.preload ?? '';
    const additionalArguments = options.webPreferences?.additionalArguments ?? [];
    tellTest({ type: 'openWindow', window: this.id, preload, additionalArguments, width, height });
    app.emit('web-contents-created', {}, this.webContents);
    recordWindows();
  }

  static fromWebContents(contents: StandInContents): StandInWindow | null {
    return windows.get(contents.id) ?? null;
  }

  static byId(id: number): StandInWindow | undefined {
    return windows.get(id);
  }

  show(): void {
    this.#visible = true;
    recordWindows();
  }

  focus(): void {
    this.show();
  }

  isMinimized(): boolean {
    return false;
  }

  restore(): void {
    this.show();
  }

  maximize(): void {
    this.#maximized = true;
  }

  isMaximized(): boolean {
    return this.#maximized;
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  getNormalBounds(): Rectangle {
    return this.#bounds;
  }

  setProgressBar(progress: number): void {
    this.#progress = progress;
    recordWindows();
  }

  loadURL(url: string): Promise<void> {
    tellTest({ type: 'load', window: this.id, url });
    return new Promise((resolve, reject) => {
      this.#loading = { resolve, reject };
    });
  }

  /** The page has loaded, or could not. */
  loaded(failure: string | null): void {
    const loading = this.#loading;
    this.#loading = null;
    if (failure === null) {
      loading?.resolve();
      this.emit('ready-to-show');
    } else loading?.reject(new Error(failure));
  }

  /** A person closes it. */
  close(): void {
    const event = new Preventable();
    this.emit('close', event);
    if (!event.prevented) this.destroy();
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    windows.delete(this.id);
    closePortsOf(this.webContents);
    tellTest({ type: 'closeWindow', window: this.id });
    this.emit('closed');
    recordWindows();
    if (windows.size === 0) app.emit('window-all-closed');
  }

  get state(): { visible: boolean; progress: number } {
    return { visible: this.#visible, progress: this.#progress };
  }
}

function recordWindows(): void {
  record(() => ({
    windows: [...windows.values()].map((window) => ({
      id: window.id,
      url: window.webContents.getURL(),
      bounds: window.getNormalBounds(),
      ...window.state,
    })),
  }));
}

onTest((message) => {
  switch (message.type) {
    case 'loaded':
      windows.get(message.window)?.loaded(message.failure);
      break;
    case 'navigated':
      windows.get(message.window)?.webContents.navigated(message.url);
      recordWindows();
      break;
    case 'drive':
      if (message.drive.do === 'closeWindow') windows.get(message.drive.window)?.close();
      break;
    default:
      break;
  }
});
