import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { Browser, BrowserContext, Page } from 'playwright-core';

import { toApp } from './addresses.ts';
import { startChromium } from './display/chromium.ts';
import { PageWindow, type PageHost, type Served } from './display/page-window.ts';
import type { DesktopState, Drive, MenuState, ToMain, ToTest } from './messages.ts';

const root = new URL('../../../', import.meta.url);
const builtMain = fileURLToPath(new URL('build/dist/main/main.js', root));
const register = fileURLToPath(new URL('register.ts', import.meta.url));

export interface LaunchOptions {
  /** The data directory. */
  readonly data: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Further arguments, e.g. `upload` and files. */
  readonly args?: readonly string[];
  /** The person's languages, best first. */
  readonly languages?: readonly string[];
  readonly colorScheme?: 'light' | 'dark';
}

/** Why the app cannot be started here; null where it can. */
export function whyNoStandIn(): string | null {
  return existsSync(builtMain) ? null : 'The app is not built: run "npm run build".';
}

/**
 * Starts the built main process under plain Node, with a stand-in for Electron, and a browser for its windows.
 * The engine runs as a real process of its own, as built.
 */
export async function launchStandIn(options: LaunchOptions): Promise<StandIn> {
  const missing = whyNoStandIn();
  if (missing !== null) throw new Error(missing);
  const browser = await startChromium();
  const context = await browser.newContext({
    colorScheme: options.colorScheme ?? 'light',
    locale: options.languages?.[0] ?? 'en-US',
    reducedMotion: 'reduce',
  });
  return new StandIn(browser, context, startMain(options));
}

function startMain({ data, env, args = [], languages = ['en-US'] }: LaunchOptions): ChildProcess {
  return fork(builtMain, ['--data', data, ...args], {
    execArgv: ['--import', register],
    serialization: 'advanced',
    env: { ...process.env, ...env, CLOUDROLL_TEST_LANGUAGES: languages.join(',') },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

interface Waiter {
  readonly holds: () => boolean;
  readonly done: () => void;
}

/** The running app, as a test drives it and looks at it. */
export class StandIn implements AsyncDisposable {
  readonly #browser: Browser;
  readonly #context: BrowserContext;
  readonly #main: ChildProcess;
  readonly #windows = new Map<number, Promise<PageWindow>>();
  readonly #answers = new Map<number, (value: unknown) => void>();
  readonly #served = new Map<number, (served: Served) => void>();
  readonly #waiters = new Set<Waiter>();
  readonly #exit: Promise<number | null>;
  #state: DesktopState | null = null;
  #lastRequest = 0;

  constructor(browser: Browser, context: BrowserContext, main: ChildProcess) {
    this.#browser = browser;
    this.#context = context;
    this.#main = main;
    main.on('message', (message: ToTest) => {
      this.#take(message);
    });
    this.#exit = new Promise((resolve) => {
      main.once('exit', resolve);
    });
  }

  /** What the app shows beside its pages; waits for the first. */
  async state(): Promise<DesktopState> {
    return this.until((state) => state);
  }

  /** Waits until the app shows what is looked for, however long the test may take. */
  async until<T>(find: (state: DesktopState) => T | null | undefined | false): Promise<T> {
    const look = (): T | null => {
      const found = this.#state === null ? null : find(this.#state);
      return found === undefined || found === false ? null : found;
    };
    const now = look();
    if (now !== null) return now;
    return new Promise((resolve) => {
      const waiter: Waiter = {
        holds: () => look() !== null,
        done: () => {
          const found = look();
          if (found !== null) resolve(found);
        },
      };
      this.#waiters.add(waiter);
    });
  }

  /** The page of the window that shows the upload view, or of the other one. */
  async page(kind: 'timeline' | 'upload' = 'timeline'): Promise<Page> {
    return (await this.#window(kind)).page;
  }

  /** Has the browser's files of these names come from these paths, for dropping and choosing. */
  async knowPaths(kind: 'timeline' | 'upload', paths: readonly string[]): Promise<void> {
    await (await this.#window(kind)).knowPaths(paths);
  }

  /** What the main process answers to a frame inside a window's page that found its way to the IPC. */
  async askAsFrame(kind: 'timeline' | 'upload', channel: string, data: unknown): Promise<unknown> {
    const { id, page } = await this.#window(kind);
    const frameUrl = toApp(page.url());
    return this.#host.invoke({ window: id, frameUrl, isMainFrame: false, channel, data });
  }

  drive(drive: Drive): void {
    this.#tell({ type: 'drive', drive });
  }

  /** Chooses from the tray's menu by labels, e.g. `Pause`, `For 1 hour`. */
  async chooseFromTray(...labels: readonly string[]): Promise<void> {
    const { id } = await this.until(({ tray }) => findItem(tray?.menu ?? [], labels));
    this.drive({ do: 'chooseMenu', id });
  }

  async chooseFromMenu(...labels: readonly string[]): Promise<void> {
    const { id } = await this.until(({ applicationMenu }) => findItem(applicationMenu, labels));
    this.drive({ do: 'chooseMenu', id });
  }

  /** A person closes a window. */
  async closeWindow(kind: 'timeline' | 'upload' = 'timeline'): Promise<void> {
    this.drive({ do: 'closeWindow', window: (await this.#window(kind)).id });
    await this.until(({ windows }) => windows.every(({ url }) => kindOf(url) !== kind));
  }

  /** Kills the engine's process as a crash does. @returns its process id */
  async killEngine(): Promise<number> {
    const pid = await this.until(({ engine }) => engine);
    process.kill(pid, 'SIGKILL');
    return pid;
  }

  /** A second start of the app. @returns its exit status */
  secondStart(options: LaunchOptions): Promise<number | null> {
    const second = startMain(options);
    return new Promise((resolve) => {
      second.once('exit', resolve);
    });
  }

  /** Resolves when the app has ended by itself, to its exit status. */
  get ended(): Promise<number | null> {
    return this.#exit;
  }

  /** Ends everything that was started. */
  async [Symbol.asyncDispose](): Promise<void> {
    const engine = this.#state?.engine ?? null;
    if (this.#main.exitCode === null) this.#main.kill('SIGKILL');
    if (engine !== null) killIfThere(engine);
    await this.#browser.close();
  }

  async #window(kind: 'timeline' | 'upload'): Promise<PageWindow> {
    const { id } = await this.until(({ windows }) =>
      windows.find(({ url }) => kindOf(url) === kind),
    );
    const window = await this.#windows.get(id);
    if (window === undefined) throw new Error('The window has no page.');
    return window;
  }

  #tell(message: ToMain): void {
    if (this.#main.connected) this.#main.send(message, () => undefined);
  }

  #take(message: ToTest): void {
    switch (message.type) {
      case 'state':
        this.#state = message.state;
        for (const waiter of [...this.#waiters]) {
          if (!waiter.holds()) continue;
          this.#waiters.delete(waiter);
          waiter.done();
        }
        break;
      case 'openWindow':
        this.#windows.set(message.window, PageWindow.open(this.#context, message, this.#host));
        break;
      case 'load':
        this.#with(message.window, (window) => window.load(message.url));
        break;
      case 'reload':
        this.#with(message.window, async ({ page }) => {
          await page.reload();
        });
        break;
      case 'closeWindow':
        this.#with(message.window, ({ page }) => page.close());
        this.#windows.delete(message.window);
        break;
      case 'toPage':
        this.#with(message.window, (window) => {
          window.take({ ...message, type: 'message' });
          for (const port of message.ports) this.#portHomes.set(port, message.window);
        });
        break;
      case 'portData':
      case 'portClosed':
        this.#toPort(message);
        break;
      case 'served':
        this.#served.get(message.request)?.(message);
        this.#served.delete(message.request);
        break;
      case 'answer':
        this.#answers.get(message.request)?.(message.value);
        this.#answers.delete(message.request);
        break;
    }
  }

  readonly #portHomes = new Map<number, number>();

  #toPort(message: Extract<ToTest, { type: 'portData' | 'portClosed' }>): void {
    const window = this.#portHomes.get(message.port);
    if (window === undefined) return;
    this.#with(window, (home) => {
      home.take(message);
    });
  }

  #with(id: number, use: (window: PageWindow) => void | Promise<void>): void {
    this.#windows
      .get(id)
      ?.then(use)
      .catch((error: unknown) => {
        // The page was closed meanwhile.
        if (!this.#context.pages().some((page) => !page.isClosed())) return;
        console.error(error);
      });
  }

  readonly #host: PageHost = {
    tell: (message) => {
      this.#tell(message);
    },
    invoke: (message) =>
      new Promise((resolve) => {
        this.#lastRequest += 1;
        this.#answers.set(this.#lastRequest, resolve);
        this.#tell({ type: 'invoke', request: this.#lastRequest, ...message });
      }),
    serve: (message) =>
      new Promise((resolve) => {
        this.#lastRequest += 1;
        this.#served.set(this.#lastRequest, resolve);
        this.#tell({ type: 'serve', request: this.#lastRequest, ...message });
      }),
  };
}

function kindOf(url: string): 'timeline' | 'upload' | null {
  if (url === '') return null;
  return url.endsWith('#/upload') ? 'upload' : 'timeline';
}

function findItem(items: readonly MenuState[], labels: readonly string[]): MenuState | undefined {
  const [label, ...rest] = labels;
  const item = items.find((candidate) => candidate.label === label);
  return rest.length === 0 || item === undefined ? item : findItem(item.submenu, rest);
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
