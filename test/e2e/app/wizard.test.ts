import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { whyNoBrowser, WindowInBrowser } from '../../support/app/window-in-browser.ts';

const reason = whyNoBrowser();
if (reason !== null) console.warn(`skipped: the wizard in a browser: ${reason}`);

const fresh = 'activity=setup&photos=0&setup=welcome';
const allSafe =
  "fakeEngine.changeStatus({activity:'idle',safe:fakeEngine.status.photos,waiting:0,current:null,rate:null})";

describe.skipIf(reason !== null)('the wizard in a browser', () => {
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

  test('leads from nothing to "backed up" and the photos, with good defaults', async () => {
    const page = await windows.open({ query: fresh, route: '/' });
    await page.getByRole('button', { name: 'Get started' }).click();
    await page.getByText('12,480 photos · 53.7 GB').first().waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    const place = page.getByRole('radio', { name: /Backup.*Another drive/u });
    await place.waitFor();
    expect(await place.isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Start the backup' }).click();
    await page.getByRole('heading', { name: 'Your photos are being backed up' }).waitFor();
    expect(await page.getByText('Your photos are backed up').count()).toBe(0);
    await page.evaluate(allSafe);
    await page.getByRole('heading', { name: 'Your photos are backed up' }).waitFor();
    await page.getByText('All 12,480 photos backed up').waitFor();
    await page.getByRole('button', { name: 'Go to my photos' }).click();
    await page.waitForURL(/#\/$/u);
  });

  test('can be gone through by keyboard alone, and each heading takes the focus', async () => {
    const page = await windows.open({ query: fresh, route: '/' });
    const focused = (): Promise<string> =>
      page.evaluate("document.activeElement?.textContent ?? ''");
    const pressUntil = async (name: string): Promise<void> => {
      for (let count = 0; count < 60; count += 1) {
        await page.keyboard.press('Tab');
        if ((await focused()) === name) break;
      }
      expect(await focused()).toBe(name);
      await page.keyboard.press('Enter');
    };
    await pressUntil('Get started');
    await page.locator('h1:focus', { hasText: 'Which folders have your photos?' }).waitFor();
    await page.getByRole('checkbox', { name: /Pictures/u, checked: true }).waitFor();
    await pressUntil('Next');
    await page.locator('h1:focus', { hasText: 'Where should the backup go?' }).waitFor();
    await page.getByRole('radio', { name: /Backup.*Another drive/u, checked: true }).waitFor();
    await pressUntil('Next');
    await page.locator('h1:focus', { hasText: 'How should it work?' }).waitFor();
    await pressUntil('Start the backup');
    await page.locator('h1:focus', { hasText: 'Your photos are being backed up' }).waitFor();
  });

  test('says what is missing, and keeps what was typed on the way back', async () => {
    const page = await windows.open({ query: fresh, route: '/' });
    await page.getByRole('button', { name: 'Get started' }).click();
    await page.getByText('Pictures', { exact: true }).click();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('alert').getByText('Choose at least one folder with photos.').waitFor();
    await page.getByText('EOS_DIGITAL', { exact: true }).click();
    await page.getByRole('button', { name: 'Next' }).click();

    await page.getByRole('button', { name: /kinds$/u }).click();
    await page.getByText('Other S3 storage').click();
    await page.getByRole('textbox', { name: 'Bucket' }).first().fill('my-bucket');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('Fill in “Access key ID”.').waitFor();
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('checkbox', { name: /EOS_DIGITAL/u, checked: true }).waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    expect(await page.getByRole('textbox', { name: 'Bucket' }).first().inputValue()).toBe(
      'my-bucket',
    );
  });

  test('a failed test of the connection keeps the person on the step, with the reason', async () => {
    const page = await windows.open({
      query: 'activity=setup&photos=0&setup=destination&failing=destinations.test',
      route: '/welcome',
    });
    await page.getByRole('radio', { name: /Backup.*Another drive/u, checked: true }).waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('The connection does not work yet.').waitFor();
    await page.getByRole('alert').getByText('The file cannot be read.').waitFor();
    await page.getByRole('heading', { name: 'Where should the backup go?' }).waitFor();
  });

  test('warns of a backup on the drive of the photos, but allows it', async () => {
    const page = await windows.open({
      query: 'activity=setup&photos=0&setup=destination',
      route: '/welcome',
    });
    await page.getByText('Same drive').click();
    await page.getByText('This is the drive your photos are on.').waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('heading', { name: 'How should it work?' }).waitFor();
  });

  test('chooses any folder in the window where the host has no dialog', async () => {
    const page = await windows.open({ query: fresh, route: '/' });
    await page.getByRole('button', { name: 'Get started' }).click();
    await page.getByRole('button', { name: 'Add another folder…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('option', { name: 'Documents' }).click();
    await dialog.getByText('/home/mina/Documents', { exact: true }).waitFor();
    await dialog.getByRole('button', { name: 'New folder' }).click();
    await dialog.getByRole('textbox', { name: 'Name of the new folder' }).fill('Trips');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await dialog.getByRole('button', { name: 'Choose “Trips”' }).click();
    await page.getByRole('checkbox', { name: /Trips/u, checked: true }).waitFor();
  });

  test('opens again where it was left, and can be skipped', async () => {
    const page = await windows.open({
      query: 'activity=setup&photos=0&setup=options',
      route: '/',
    });
    await page.getByRole('heading', { name: 'How should it work?' }).waitFor();
    await page.getByRole('button', { name: 'Set up later' }).click();
    await page.waitForURL(/#\/$/u);
  });

  test.each([
    { step: 'welcome', theme: 'light', language: 'ko' },
    { step: 'folders', theme: 'dark', language: 'en' },
    { step: 'destination', theme: 'light', language: 'en' },
    { step: 'options', theme: 'dark', language: 'ko' },
    { step: 'done', theme: 'dark', language: 'en' },
  ])('nothing sticks out of a narrow window in $step', async ({ step, theme, language }) => {
    const page = await windows.open({
      query: `activity=${step === 'done' ? 'syncing&waiting=40' : 'setup&photos=0'}&setup=${step}&theme=${theme}&language=${language}`,
      route: '/welcome',
      width: 480,
    });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(480);
  });
});
