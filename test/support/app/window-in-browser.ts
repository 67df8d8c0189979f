import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import AxeBuilder from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';

import { findChromium, startChromium } from '../electron/display/chromium.ts';
import { serveRenderer, type ServedRenderer } from './serve-renderer.ts';

/** Why no browser can be had; null where one can. */
export function whyNoBrowser(): string | null {
  const found = findChromium();
  return 'missing' in found ? found.missing : null;
}

export interface View {
  /** For the fake engine, see page/fake-host.ts. */
  readonly query?: string;
  readonly route: string;
  readonly width?: number;
  readonly height?: number;
  /** The time of day in the page, which stands still; the computer's own where absent. */
  readonly now?: string;
}

const SECOND = 1000;

/** The window over the fake engine in a real browser; collects what its pages complain about. */
export class WindowInBrowser {
  readonly #directory: string;
  readonly #served: ServedRenderer;
  readonly #browser: Browser;
  readonly #contexts: BrowserContext[] = [];
  #complaints: string[] = [];

  private constructor(directory: string, served: ServedRenderer, browser: Browser) {
    this.#directory = directory;
    this.#served = served;
    this.#browser = browser;
  }

  static async start(): Promise<WindowInBrowser> {
    const browser = await startChromium();
    const directory = await mkdtemp(join(tmpdir(), 'cloudroll-window-'));
    return new WindowInBrowser(directory, await serveRenderer(directory), browser);
  }

  async open({ query = '', route, width = 1280, height = 900, now }: View): Promise<Page> {
    const context = await this.#browser.newContext({
      viewport: { width, height },
      reducedMotion: 'reduce',
    });
    this.#contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(30 * SECOND);
    page.on('pageerror', (error) => this.#complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.#complaints.push(message.text());
    });
    if (now !== undefined) await page.clock.setFixedTime(now);
    await page.goto(`${this.#served.address}/?${query}#${route}`);
    await page.locator('h1').first().waitFor();
    return page;
  }

  /** Closes all pages; what they complained about meanwhile. */
  async closePages(): Promise<readonly string[]> {
    for (const context of this.#contexts.splice(0)) await context.close();
    const complaints = this.#complaints;
    this.#complaints = [];
    return complaints;
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await this.#served.close();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

/** What axe finds on a page, one line a finding. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  // The window has no frames, whose results axe would put together in a page of their own.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
  );
}
