import { basename } from 'node:path';
import type { Locator, Page } from 'playwright-core';

import { findChromium } from '../../electron/display/chromium.ts';
import { launchStandIn, whyNoStandIn, type StandIn } from '../../electron/launch.ts';
import type { AppHost, AppUnderTest, TrayPicture } from './app-under-test.ts';
import { dropFiles } from './drop-files.ts';

const quitLabels: readonly string[] = ['Quit Cloudroll', 'Cloudroll 종료'];

/** The desktop app: its real main process and preload on the stand-in for Electron. */
export const standInHost: AppHost = {
  name: 'the desktop app',
  missing: () => {
    const browser = findChromium();
    return 'missing' in browser ? browser.missing : whyNoStandIn();
  },
  start: async (workspace, person = {}) => {
    const { environment, ...rest } = person;
    const home = { HOME: workspace.root, XDG_CONFIG_HOME: workspace.path('.config') };
    const env = { ...home, ...environment };
    const app = await launchStandIn({ data: workspace.data, env, ...rest });
    return new DesktopUnderTest(app, await app.page());
  },
};

class DesktopUnderTest implements AppUnderTest {
  readonly page: Page;
  readonly #app: StandIn;

  constructor(app: StandIn, page: Page) {
    this.#app = app;
    this.page = page;
  }

  async drop(paths: readonly string[]): Promise<void> {
    await this.#app.knowPaths('upload', paths);
    await dropFiles(this.page, paths);
  }

  async chooseFolder(button: Locator, path: string): Promise<void> {
    this.#app.drive({ do: 'dialog', paths: [path] });
    await button.click();
  }

  async openInBrowser(button: Locator): Promise<Page> {
    const before = (await this.#app.state()).openedExternally.length;
    await button.click();
    const address = await this.#app.until(({ openedExternally }) => openedExternally[before]);
    const page = await this.page.context().newPage();
    await page.goto(address);
    return page;
  }

  async crash(): Promise<void> {
    const { engineStarts } = await this.#app.state();
    const away = this.page.locator('.away-note').waitFor();
    await this.#app.killEngine();
    await away;
    await this.#app.until((state) => state.engineStarts > engineStarts);
    await this.page.locator('.away-note').waitFor({ state: 'detached' });
  }

  async showsInTray(picture: TrayPicture): Promise<void> {
    await this.#app.until(({ tray }) => tray !== null && basename(tray.image).startsWith(picture));
  }

  async stop(): Promise<void> {
    const label = await this.#app.until(
      ({ tray }) => tray?.menu.find((item) => quitLabels.includes(item.label))?.label,
    );
    await this.#app.chooseFromTray(label);
    await this.#app.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#app[Symbol.asyncDispose]();
  }
}
