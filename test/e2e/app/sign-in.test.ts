import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { whyNoBrowser, WindowInBrowser } from '../../support/app/window-in-browser.ts';

const reason = whyNoBrowser();
if (reason !== null) console.warn(`skipped: signing in to clouds in a browser: ${reason}`);

const wizard = 'activity=setup&photos=0&setup=destination';
const clouds = 'photos=2000&clouds&activity=attention&waiting=900';

describe.skipIf(reason !== null)('signing in to a cloud', () => {
  let windows: WindowInBrowser;
  beforeAll(async () => {
    windows = await WindowInBrowser.start();
  });
  afterEach(async () => {
    expect(await windows.closePages()).toEqual([]);
  });
  afterAll(async () => {
    await windows.stop();
  });

  const openDrive = async (query: string): Promise<Page> => {
    const page = await windows.open({ query: `${wizard}&${query}`, route: '/welcome' });
    await page.getByText('Google Drive', { exact: true }).click();
    return page;
  };
  const opened = (page: Page): Promise<string[]> => page.evaluate('opened');
  const calls = (page: Page, method: string): Promise<number> =>
    page.evaluate(`fakeEngine.calls.filter((one) => one === '${method}').length`);
  const end = (page: Page, id: string, account: string): Promise<void> =>
    page.evaluate(
      `fakeEngine.announce('signIn', { id: '${id}', state: 'done', account: '${account}', failure: null })`,
    );

  test('opens the page, waits, and goes on by itself', async () => {
    const page = await openDrive('signIn=waiting');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('Sign in first.').waitFor();
    await page.getByRole('button', { name: 'Sign in with Google Drive…' }).click();
    await page.getByText('Waiting for the browser…').waitFor();
    expect(await opened(page)).toEqual(['https://accounts.example.com/o/oauth2/auth?state=s1']);
    await page.getByRole('button', { name: 'Open the page again' }).click();
    expect(await opened(page)).toHaveLength(2);
    // Another sign-in than the one that is waited for changes nothing.
    await end(page, 'other', 'someone@example.com');
    await page.getByText('Waiting for the browser…').waitFor();
    await end(page, 's1', 'mina@example.com');
    await page.getByText('Signed in as mina@example.com').waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('heading', { name: 'How should it work?' }).waitFor();
  });

  test('stays while other steps and kinds are looked at', async () => {
    const page = await openDrive('signIn=waiting');
    await page.getByRole('button', { name: 'Sign in with Google Drive…' }).click();
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('heading', { name: 'Which folders have your photos?' }).waitFor();
    await end(page, 's1', 'mina@example.com');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('Signed in as mina@example.com').waitFor();
    await page.getByText('Dropbox', { exact: true }).click();
    await page.getByRole('button', { name: 'Sign in with Dropbox…' }).waitFor();
    await page.getByText('Google Drive', { exact: true }).click();
    await page.getByText('Signed in as mina@example.com').waitFor();
    await expect.poll(() => calls(page, 'signIn.start')).toBe(1);
    await expect.poll(() => calls(page, 'signIn.cancel')).toBe(0);
    await page.getByRole('button', { name: 'Set up later' }).click();
    await page.waitForURL(/#\/$/u);
    await expect.poll(() => calls(page, 'signIn.cancel')).toBe(1);
  });

  test('can be cancelled, begun again, and made with another account', async () => {
    const page = await openDrive('signIn=waiting');
    const button = page.getByRole('button', { name: 'Sign in with Google Drive…' });
    await button.click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await button.waitFor();
    await expect.poll(() => calls(page, 'signIn.cancel')).toBe(1);
    await button.click();
    await end(page, 's2', 'mina@example.com');
    await page.getByRole('button', { name: 'Use another account…' }).click();
    await page.getByText('Waiting for the browser…').waitFor();
    expect(await opened(page)).toEqual(
      ['s1', 's2', 's3'].map((id) => `https://accounts.example.com/o/oauth2/auth?state=${id}`),
    );
    await expect.poll(() => calls(page, 'signIn.cancel')).toBe(2);
  });

  test('that is declined is said in words, and may be tried again', async () => {
    const page = await openDrive('signIn=declined');
    await page.getByRole('button', { name: 'Sign in with Google Drive…' }).click();
    await page.getByRole('alert').getByText('Google Drive did not let Cloudroll in.').waitFor();
    await page.getByRole('button', { name: 'Sign in with Google Drive…' }).click();
    await page.getByRole('alert').waitFor();
    expect(await opened(page)).toHaveLength(2);
  });

  test('without a client ID asks for one, with the steps to it', async () => {
    const page = await openDrive('signIn=noClient');
    await page.getByText('This copy of Cloudroll brings no client ID', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Sign in with Google Drive…' }).click();
    await page.getByRole('alert').getByText('A client ID of your own is needed.').waitFor();
    await page.getByText(/Register a client of the type/u).waitFor();
    expect(await opened(page)).toEqual([]);
    await page.getByRole('textbox', { name: 'Client ID' }).fill('123.apps.example.com');
    await page.getByRole('button', { name: 'Sign in with Google Drive…' }).click();
    await page.getByText('Waiting for the browser…').waitFor();
    expect(await opened(page)).toHaveLength(1);
  });

  test('takes a client ID of one’s own where the build brings one', async () => {
    const page = await openDrive('signIn=waiting');
    const field = page.getByLabel('Client ID (optional)');
    expect(await field.isVisible()).toBe(false);
    await page.getByText('Use a client ID of your own').click();
    await field.fill('123.apps.example.com');
    await page.getByRole('button', { name: 'Sign in with Google Drive…' }).click();
    await page.getByText('Waiting for the browser…').waitFor();
    expect(await field.inputValue()).toBe('123.apps.example.com');
  });

  test('is forgotten with the engine that it was begun at', async () => {
    const page = await openDrive('signIn=done');
    await page.getByRole('button', { name: 'Sign in with Google Drive…' }).click();
    await page.getByText(/^Signed in as/u).waitFor();
    await page.evaluate('fakeEngine.stop()');
    await page.locator('.away-note').waitFor();
    await page.evaluate('fakeEngine.start()');
    await page.getByRole('button', { name: 'Sign in with Google Drive…' }).waitFor();
    expect(await page.getByText(/^Signed in as/u).count()).toBe(0);
  });

  test('again mends a destination, and leaves its queue as it is', async () => {
    const page = await windows.open({ query: clouds, route: '/sync' });
    const card = page.getByRole('article', { name: 'Dropbox' });
    const waiting = card.locator('dd').nth(1);
    const before = await waiting.innerText();
    await card.getByText('“Dropbox” asks you to sign in again.').waitFor();
    await card.getByRole('button', { name: 'Sign in again…' }).click();
    await page.getByRole('alertdialog').getByText('Waiting for the browser…').waitFor();
    expect(await opened(page)).toHaveLength(1);
    await end(page, 's1', 'mina.kim@example.com');
    await page.getByText('Signed in again. The backup to “Dropbox” goes on.').waitFor();
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await card.getByText('Working').waitFor();
    expect(await waiting.innerText()).toBe(before);
    await expect.poll(() => calls(page, 'signIn.start')).toBe(1);
    await expect.poll(() => calls(page, 'destinations.update')).toBe(1);
  });

  test('again is given up with its dialog, and can be done in the settings by keyboard', async () => {
    const page = await windows.open({ query: clouds, route: '/settings/destinations' });
    await page.getByRole('button', { name: 'Sign in again…' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Waiting for the browser…').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await expect.poll(() => calls(page, 'signIn.cancel')).toBe(1);
    await page.getByRole('button', { name: 'Edit “Dropbox”' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Sign in with Dropbox…' }).focus();
    await page.keyboard.press('Enter');
    await end(page, 's2', 'mina.kim@example.com');
    await dialog.getByText('Signed in as mina.kim@example.com').waitFor();
    await dialog.getByRole('button', { name: 'Save' }).focus();
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('“Dropbox” asks you to sign in again.').waitFor({ state: 'detached' });
  });

  test('a place that only shows photos does not end the question for a backup', async () => {
    const page = await windows.open({ query: `${wizard}&signIn=done`, route: '/welcome' });
    await page.getByRole('button', { name: /kinds$/u }).click();
    await page.getByText('Google Photos', { exact: true }).click();
    await page.getByText('This shows photos. It is no backup.').waitFor();
    await page.getByRole('button', { name: 'Sign in with Google Photos…' }).click();
    await page.getByText(/^Signed in as/u).waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('not backed up yet', { exact: false }).waitFor();
    await page.getByRole('radio', { name: /Backup.*Another drive/u, checked: true }).waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('heading', { name: 'How should it work?' }).waitFor();
  });

  test('a place that only shows photos says so, and offers nothing that a backup can', async () => {
    const page = await windows.open({ query: 'photos=2000&clouds', route: '/sync' });
    const card = page.getByRole('article', { name: 'Google Photos' });
    await card.getByText('Shows photos, does not count as a backup.').waitFor();
    expect(await card.getByRole('button', { name: 'Verify…' }).count()).toBe(0);
    expect(await card.getByText('Backed up').count()).toBe(0);
    const drive = page.getByRole('article', { name: 'Google Drive' });
    await drive.getByText('12.3 GB of 15 GB used').waitFor();
    expect(await drive.getByText(/^Only/u).count()).toBe(0);
  });

  test('says before it happens that the space will not do', async () => {
    const page = await windows.open({ query: clouds, route: '/sync' });
    const drive = page.getByRole('article', { name: 'Google Drive' });
    await drive
      .getByText('Only 2.7 GB free, but 3.9 GB still to come.', { exact: false })
      .waitFor();
  });
});
