import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

import type { BrowserContext, Page } from 'playwright-core';

import { servedByApp, toApp, toPage } from '../addresses.ts';
import type { ToMain, ToTest } from '../messages.ts';
import { pageWorld, type PageEntrance, type PageMessage } from './page-world.ts';

const binding = '__standInLine';
const entrance = '__standInEntrance';

type OpenWindow = Extract<ToTest, { type: 'openWindow' }>;

export interface PageHost {
  tell(message: ToMain): void;
  invoke(message: Omit<Extract<ToMain, { type: 'invoke' }>, 'type' | 'request'>): Promise<unknown>;
  serve(message: Omit<Extract<ToMain, { type: 'serve' }>, 'type' | 'request'>): Promise<Served>;
}

export type Served = Pick<Extract<ToTest, { type: 'served' }>, 'status' | 'headers' | 'body'>;

/** A window of the app: a page of Chromium with the app's preload in it. */
export class PageWindow {
  readonly id: number;
  readonly page: Page;
  readonly #host: PageHost;

  private constructor(id: number, page: Page, host: PageHost) {
    this.id = id;
    this.page = page;
    this.#host = host;
  }

  static async open(
    context: BrowserContext,
    options: OpenWindow,
    host: PageHost,
  ): Promise<PageWindow> {
    const { window: id, preload, additionalArguments, width, height } = options;
    const page = await context.newPage();
    const opened = new PageWindow(id, page, host);
    await page.setViewportSize({ width, height });
    await opened.#answerPage();
    const world = { binding, entrance, additionalArguments };
    const code = await readFile(preload, 'utf8');
    await page.addInitScript({
      content: `(${pageWorld.toString()})(${JSON.stringify(world)}, (require, module, exports, process) => {${code}\n});`,
    });
    await opened.#serveRequests();
    page.on('framenavigated', (frame) => {
      if (frame !== page.mainFrame()) return;
      host.tell({ type: 'navigated', window: id, url: toApp(frame.url()) });
    });
    return opened;
  }

  async load(url: string): Promise<void> {
    let failure: string | null = null;
    try {
      await this.page.goto(toPage(url), { waitUntil: 'domcontentloaded' });
    } catch (error) {
      failure = String(error);
    }
    this.#host.tell({ type: 'loaded', window: this.id, failure });
  }

  /** Hands something to the preload. A page that is gone meanwhile has no use for it. */
  take(message: PageMessage): void {
    this.page
      .evaluate(
        ([name, given]) => {
          (Reflect.get(globalThis, name) as PageEntrance | undefined)?.take(given);
        },
        [entrance, message] as const,
      )
      .catch(() => undefined);
  }

  /** Has the page's `File`s of these names come from these paths. */
  async knowPaths(paths: readonly string[]): Promise<void> {
    const named = paths.map((path) => [basename(path), path] as const);
    await this.page.evaluate(
      ([name, known]) => {
        const { paths } = Reflect.get(globalThis, name) as PageEntrance;
        for (const [file, path] of known) paths.set(file, path);
      },
      [entrance, named] as const,
    );
  }

  async #answerPage(): Promise<void> {
    const { id, page } = this;
    await page.exposeBinding(binding, async ({ frame }, call: string, ...given: unknown[]) => {
      if (call === 'invoke') {
        const [channel, data] = given;
        return this.#host.invoke({
          window: id,
          frameUrl: toApp(frame.url()),
          isMainFrame: frame === page.mainFrame(),
          channel: String(channel),
          data,
        });
      }
      const [port, data] = given;
      if (call === 'portData') this.#host.tell({ type: 'portData', port: Number(port), data });
      else this.#host.tell({ type: 'portClosed', port: Number(port) });
      return null;
    });
  }

  /** The app answers every request for what is its own; nothing else is reached. */
  async #serveRequests(): Promise<void> {
    await this.page.route(
      () => true,
      async (route) => {
        const request = route.request();
        if (!servedByApp.test(request.url())) {
          await route.abort('blockedbyclient');
          return;
        }
        const { status, headers, body } = await this.#host.serve({
          url: toApp(request.url()),
          method: request.method(),
          headers: request.headers(),
        });
        const mapped = Object.entries(headers).map(
          ([name, value]) => [name, toPage(value)] as const,
        );
        await route
          .fulfill({ status, headers: Object.fromEntries(mapped), body: Buffer.from(body) })
          .catch(() => undefined);
      },
    );
  }
}
