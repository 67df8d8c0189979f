import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { onTestFinished, vi } from 'vitest';

import type { App } from '../../../electron/engine/app/app.ts';
import { openApp } from '../../../electron/engine/app/open-app.ts';
import type { AppOptions } from '../../../electron/engine/app/options.ts';
import type { DestinationStatus } from '../../../shared/contract/app/destinations.ts';
import type { AppEventData, AppEventName } from '../../../shared/contract/app/events.ts';
import { appEvents } from '../../../shared/contract/app/events.ts';
import {
  appMethods,
  type AppMethod,
  type AppParams,
  type AppResult,
} from '../../../shared/contract/app/methods.ts';
import type { SyncStatus } from '../../../shared/contract/app/status.ts';
import { MemoryKeychain } from './memory-keychain.ts';

// The whole engine with its threads, several times over, beside other tests.
vi.setConfig({ testTimeout: 60_000 });

interface Told {
  readonly name: AppEventName;
  readonly data: unknown;
}

/** The real app over real folders, with a keychain in memory; every answer and event is checked by its schema. */
export class TestApp {
  readonly base: string;
  readonly photos: string;
  readonly backup: string;
  readonly keychain = new MemoryKeychain();
  readonly told: Told[] = [];
  readonly #options: Partial<AppOptions>;
  readonly #lookers = new Set<() => void>();
  #app: App | null = null;

  private constructor(base: string, options: Partial<AppOptions>) {
    this.base = base;
    this.photos = path.join(base, 'Pictures');
    this.backup = path.join(base, 'backup');
    this.#options = options;
  }

  /** Folders, without the app. */
  static async make(options: Partial<AppOptions> = {}): Promise<TestApp> {
    const base = await fs.mkdtemp(path.join(await fs.realpath(tmpdir()), 'cloudroll-app-'));
    const test = new TestApp(base, options);
    await fs.mkdir(test.photos);
    onTestFinished(async () => {
      await test.close();
      await fs.rm(base, { recursive: true, force: true });
    });
    return test;
  }

  static async open(options: Partial<AppOptions> = {}): Promise<TestApp> {
    const test = await TestApp.make(options);
    await test.open();
    return test;
  }

  get dataDirectory(): string {
    return path.join(this.base, 'data');
  }

  async open(): Promise<void> {
    this.#app = await openApp(
      {
        dataDirectory: this.dataDirectory,
        deviceName: 'test',
        platform: process.platform,
        environment: {},
        home: this.base,
        uploadsFolder: path.join(this.base, 'uploads'),
        version: '1.2.3',
        keychain: this.keychain,
        ...this.#options,
      },
      new AbortController().signal,
    );
    this.#app.subscribe((name, data) => {
      this.told.push({ name, data: appEvents[name].parse(data) });
      for (const look of [...this.#lookers]) look();
    });
  }

  /** The open app. */
  get app(): App {
    if (this.#app === null) throw new Error('the app is not open');
    return this.#app;
  }

  async close(): Promise<void> {
    await this.#app?.close();
    this.#app = null;
  }

  async call<M extends AppMethod>(
    method: M,
    params: AppParams<M>,
    signal = new AbortController().signal,
  ): Promise<AppResult<M>> {
    appMethods[method].params.parse(params);
    const result = await this.app.handlers[method](params, signal);
    appMethods[method].result.parse(result);
    return result;
  }

  async status(): Promise<SyncStatus> {
    return (await this.call('app.snapshot', {})).status;
  }

  /** The first status, from now on, of which this holds. */
  async until(holds: (status: SyncStatus) => boolean): Promise<SyncStatus> {
    const now = await this.status();
    return holds(now) ? now : this.event('status', holds);
  }

  /** The next event of that name of which this holds. */
  event<E extends AppEventName>(
    name: E,
    holds: (data: AppEventData<E>) => boolean = () => true,
  ): Promise<AppEventData<E>> {
    const from = this.told.length;
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.events(name, from).find(holds);
        if (found === undefined) return;
        this.#lookers.delete(look);
        resolve(found);
      };
      this.#lookers.add(look);
    });
  }

  events<E extends AppEventName>(name: E, from = 0): AppEventData<E>[] {
    return this.told
      .slice(from)
      .filter((event) => event.name === name)
      .map(({ data }) => data as AppEventData<E>);
  }

  /** A photo, by its extension, that was written long ago. */
  async put(name: string, content: string, folder = this.photos): Promise<string> {
    const file = path.join(folder, name);
    await fs.mkdir(path.dirname(file), { recursive: true });
    await fs.writeFile(file, content);
    await fs.utimes(file, 1_600_000_000, 1_600_000_000);
    return file;
  }

  /** Adds the photos folder and a folder as the destination. */
  async setUp(): Promise<DestinationStatus> {
    await this.call('folders.add', { path: this.photos });
    return this.addBackup();
  }

  addBackup(folder = this.backup, name = ''): Promise<DestinationStatus> {
    const draft = { card: 'file', name, values: { path: folder }, secrets: {} };
    return this.call('destinations.add', { draft });
  }

  async idle(photos: number): Promise<SyncStatus> {
    return this.until((status) => status.activity === 'idle' && status.safe === photos);
  }

  /** Contents of the photos at a destination, sorted; none where it was not set up yet. */
  async stored(folder = this.backup): Promise<string[]> {
    const entries = await fs.readdir(folder, { withFileTypes: true }).catch(() => []);
    // The app's own folder is left out before it is read: what a run clears away in it would end the reading.
    const kept = entries.filter(({ name }) => name !== '.cloudroll');
    const contents = kept.map((entry) => {
      const place = path.join(folder, entry.name);
      return entry.isDirectory() ? this.stored(place) : fs.readFile(place, 'utf8');
    });
    return (await Promise.all(contents)).flat().sort();
  }
}
