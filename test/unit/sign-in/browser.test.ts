import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { SystemClock } from '../../../electron/engine/adapters/system-clock.ts';
import { startSignIn } from '../../../electron/engine/sign-in/sign-in-flow.ts';
import { findChromium, startChromium } from '../../support/electron/display/chromium.ts';
import { publicClient, SignInServer, testProvider } from '../../support/sign-in/sign-in-server.ts';

const found = findChromium();
const whyNot = 'missing' in found ? found.missing : null;
if (whyNot !== null) console.warn(`skipped: signing in with a real browser: ${whyNot}`);

describe.skipIf(whyNot !== null)('in a real browser', { timeout: 60_000 }, () => {
  let server: SignInServer;
  let browser: Browser;
  beforeAll(async () => {
    server = await SignInServer.start();
    browser = await startChromium();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server[Symbol.asyncDispose]();
  });

  /** A page at the sign-in, in that language, with everything that it complains about. */
  async function open(locale: string, host: '127.0.0.1' | 'localhost') {
    const stop = new AbortController();
    const client = { id: publicClient, secret: null, own: true };
    const loopback = { host, ports: [], path: '/callback' };
    const { address, finished } = await startSignIn(
      {
        ...{ provider: testProvider(server.address, { loopback }), client },
        ...{ clock: new SystemClock(), signInAgain: 'Sign in again.', language: null },
      },
      stop.signal,
    );
    finished.catch(() => undefined);
    const context = await browser.newContext({ locale });
    onTestFinished(async () => {
      stop.abort();
      await context.close();
    });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(address);
    return { page, finished, complaints, callback: new URL(address).searchParams };
  }

  async function signIn(page: Page): Promise<void> {
    await page.fill('input[name=login]', 'mina');
    await page.fill('input[name=password]', 'any');
    await page.click('button[type=submit]');
    await page.click('button[type=submit]');
  }

  test.each([
    ['ko-KR', '127.0.0.1', 'ko', '로그인되었습니다'],
    ['en-GB', 'localhost', 'en', 'You are signed in'],
    ['fr-FR', '127.0.0.1', 'en', 'You are signed in'],
  ] as const)(
    'through consent, with a browser in %s by %s',
    async (locale, host, language, title) => {
      const { page, finished, complaints } = await open(locale, host);
      await signIn(page);
      await page.getByRole('heading', { name: title }).waitFor();
      expect(await page.locator('html').getAttribute('lang')).toBe(language);
      expect(new URL(page.url()).hostname).toBe(host);
      // The style that the policy names by its hash is the one of the page.
      const width = (await page.locator('main').boundingBox())?.width;
      expect(width).toBe(512);
      await expect(finished).resolves.toMatchObject({ account: 'mina@example.com' });
      expect(complaints.filter((text) => text.includes('Content Security Policy'))).toEqual([]);
      await expect(page.reload()).rejects.toThrow('ERR_CONNECTION_REFUSED');
    },
  );

  test('who says no reads that nothing happened', async () => {
    const { page, finished } = await open('ko-KR', '127.0.0.1');
    await page.getByText('[ Cancel ]').click();
    await page.getByRole('heading', { name: '로그인되지 않았습니다' }).waitFor();
    await expect(finished).rejects.toMatchObject({ failure: { code: 'auth' } });
  });

  test('a page of another site that guesses the address ends nothing', async () => {
    const { page, finished, callback } = await open('en-GB', '127.0.0.1');
    const other = await page.context().newPage();
    await other.goto(`${callback.get('redirect_uri') ?? ''}?code=x&state=guess`);
    await other.getByRole('heading', { name: 'Nothing to sign in to here' }).waitFor();
    await signIn(page);
    await expect(finished).resolves.toMatchObject({ account: 'mina@example.com' });
  });
});
