import type { Browser, Locator, Page } from 'playwright-core';

import { findChromium, startChromium } from '../../electron/display/chromium.ts';
import { whyNoStandIn } from '../../electron/launch.ts';
import { portToReturnTo } from '../../services/local-server.ts';
import { Served } from '../served.ts';
import type { AppHost, AppUnderTest } from './app-under-test.ts';
import { dropFiles } from './drop-files.ts';

/** `cloudroll serve`, and a browser of the same computer. */
export const loopbackHost: AppHost = {
  name: 'the app in a browser',
  missing: () => {
    const browser = findChromium();
    return 'missing' in browser ? browser.missing : whyNoStandIn();
  },
  start: async (workspace, person = {}) => {
    const { languages = ['en-US'], colorScheme = 'light', environment = {} } = person;
    const port = await portToReturnTo();
    const start = (): Promise<Served> => Served.start(workspace, port, environment);
    const served = await start();
    const browser = await startChromium();
    const page = await browser.newPage({
      ...{ colorScheme, reducedMotion: 'reduce', viewport: { width: 1240, height: 820 } },
      ...(languages[0] === undefined ? {} : { locale: languages[0] }),
    });
    await page.goto(served.address);
    return new ServedUnderTest(start, served, browser, page);
  },
};

class ServedUnderTest implements AppUnderTest {
  readonly page: Page;
  readonly #start: () => Promise<Served>;
  readonly #browser: Browser;
  #served: Served;

  constructor(start: () => Promise<Served>, served: Served, browser: Browser, page: Page) {
    this.#start = start;
    this.#served = served;
    this.#browser = browser;
    this.page = page;
  }

  drop(paths: readonly string[]): Promise<void> {
    return dropFiles(this.page, paths);
  }

  async chooseFolder(button: Locator, path: string): Promise<void> {
    await button.click();
    const dialog = this.page.getByRole('dialog');
    const name = path.slice(path.lastIndexOf('/') + 1);
    await dialog.getByRole('option', { name, exact: true }).click();
    await dialog.getByRole('status').getByText(path, { exact: true }).waitFor();
    await dialog.locator('.button[data-variant="primary"]').click();
  }

  async openInBrowser(button: Locator): Promise<Page> {
    const opened = this.page.context().waitForEvent('page');
    await button.click();
    return opened;
  }

  /** The session ends with the server: a person opens the address of the next one. */
  async crash(): Promise<void> {
    const away = this.page.locator('.away-note').waitFor();
    await this.#served.stop('SIGKILL');
    await away;
    this.#served = await this.#start();
    // Said by the page itself, without anybody loading it again.
    await this.page.getByText('Open the address that Cloudroll printed').waitFor();
    await this.page.goto(this.#served.address);
    await this.page.locator('h1').first().waitFor();
  }

  showsInTray(): Promise<void> {
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    await this.#served.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    await this.#served[Symbol.asyncDispose]();
  }
}
