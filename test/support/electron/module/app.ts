import { EventEmitter } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import type { App } from 'electron';

import { onTest } from './link.ts';
import { SingleInstance } from './single-instance.ts';
import { Preventable } from './preventable.ts';
import { record } from './state.ts';
import { strict } from './strict.ts';

type AppMethods = Pick<
  App,
  | 'whenReady'
  | 'quit'
  | 'exit'
  | 'getVersion'
  | 'getPath'
  | 'setPath'
  | 'setName'
  | 'setAppUserModelId'
  | 'requestSingleInstanceLock'
  | 'enableSandbox'
  | 'getPreferredSystemLanguages'
  | 'setBadgeCount'
  | 'setAboutPanelOptions'
  | 'showAboutPanel'
  | 'setAsDefaultProtocolClient'
  | 'setLoginItemSettings'
  | 'isPackaged'
  | 'dock'
>;

class StandInApp extends EventEmitter implements AppMethods {
  readonly isPackaged = false;
  readonly dock = undefined;
  readonly #paths = new Map<string, string>();
  #instance: SingleInstance | null = null;

  whenReady(): Promise<void> {
    return Promise.resolve();
  }

  /** `before-quit` may hold it back; then it is asked for again. */
  quit(): void {
    const event = new Preventable();
    this.emit('before-quit', event);
    if (!event.prevented) this.exit(0);
  }

  exit(status = 0): void {
    this.#instance?.release();
    this.emit('quit', {}, status);
    process.exit(status);
  }

  getVersion(): string {
    const manifest = readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8');
    return (JSON.parse(manifest) as { version: string }).version;
  }

  getPath(name: Parameters<App['getPath']>[0]): string {
    return this.#paths.get(name) ?? join(homedir(), name);
  }

  setPath(name: string, path: string): void {
    this.#paths.set(name, path);
  }

  setName(): void {
    // Shown by the system only.
  }

  setAppUserModelId(): void {
    // Windows only.
  }

  requestSingleInstanceLock(data?: Record<string, unknown>): boolean {
    const directory = this.getPath('userData');
    mkdirSync(directory, { recursive: true });
    this.#instance = SingleInstance.take(directory, data, (handedOver) => {
      this.emit('second-instance', {}, [], process.cwd(), handedOver);
    });
    return this.#instance !== null;
  }

  enableSandbox(): void {
    // Pages of the browser are sandboxed as Chromium was started.
  }

  getPreferredSystemLanguages(): string[] {
    return (process.env['CLOUDROLL_TEST_LANGUAGES'] ?? 'en-US').split(',');
  }

  setBadgeCount(badge = 0): boolean {
    record(() => ({ badge }));
    return true;
  }

  setAboutPanelOptions(): void {
    // The system's own panel.
  }

  showAboutPanel(): void {
    // As above.
  }

  setAsDefaultProtocolClient(scheme: string): boolean {
    record(({ schemes }) => ({ schemes: [...schemes, scheme] }));
    return true;
  }

  setLoginItemSettings(): void {
    // macOS and Windows only.
  }
}

const plainApp = new StandInApp();
export const app = strict('app', plainApp);

onTest((message) => {
  if (message.type !== 'drive') return;
  const event = { preventDefault: () => undefined };
  if (message.drive.do === 'openFile') plainApp.emit('open-file', event, message.drive.path);
  if (message.drive.do === 'openUrl') plainApp.emit('open-url', event, message.drive.url);
});
