import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { whyNoBrowser, WindowInBrowser } from '../../support/app/window-in-browser.ts';

const reason = whyNoBrowser();
if (reason !== null) console.warn(`skipped: backup, settings and upload in a browser: ${reason}`);

describe.skipIf(reason !== null)('in a browser', () => {
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

  describe('the backup view', () => {
    test("shows exactly the engine's figures", async () => {
      const page = await windows.open({
        query: 'activity=syncing&photos=2000&waiting=700&failed=3',
        route: '/sync',
      });
      await page.getByRole('heading', { name: '700 photos left to back up' }).waitFor();
      const figures = await page.locator('.sync-figures dd').allTextContents();
      expect(figures).toEqual(['1,297', '700', '3']);
      const ofDestination = page.getByRole('article', { name: 'Backup drive' }).locator('dd');
      expect(await ofDestination.first().textContent()).toContain('1,297');
    });

    test('asks what only a person can decide, and takes the answer', async () => {
      const page = await windows.open({ query: 'activity=attention', route: '/sync' });
      await page.getByText('Photos have vanished from “/home/mina/Pictures”').waitFor();
      await page.getByRole('button', { name: 'No, wait for them' }).click();
      await page.getByText('Photos have vanished').waitFor({ state: 'detached' });
      expect(await page.evaluate('fakeEngine.calls')).toContain('sync.answer');
    });

    test('says why a destination is not well and leads to the way out', async () => {
      const page = await windows.open({ query: 'activity=attention', route: '/sync' });
      const card = page.getByRole('article', { name: 'Naver Cloud' });
      await card.getByText('Sign-in needed').waitFor();
      await card.getByText('The service refused the sign-in.').waitFor();
      await card.getByRole('link', { name: 'Enter new keys' }).click();
      await page.getByRole('heading', { name: 'Destinations' }).waitFor();
    });

    test('pauses until resumed', async () => {
      const page = await windows.open({ query: 'activity=syncing&waiting=5', route: '/sync' });
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.getByRole('menuitem', { name: 'Until I resume' }).click();
      await page.getByRole('heading', { name: 'Paused', exact: true }).waitFor();
      await page.getByRole('button', { name: 'Resume' }).click();
      await page.getByRole('heading', { name: '5 photos left to back up' }).waitFor();
    });

    test('lists problems with their reasons page by page; ignoring can be undone', async () => {
      const page = await windows.open({ query: 'activity=attention&failed=120', route: '/sync' });
      await page.getByRole('tab', { name: 'Problems (120)' }).click();
      const rows = page.locator('.sync-problem');
      await page.getByText('120 problems').waitFor();
      expect(await rows.count()).toBe(50);
      await page.getByRole('button', { name: 'Show more (70 left)' }).click();
      await page.getByRole('button', { name: 'Show more (20 left)' }).waitFor();
      expect(await rows.count()).toBe(100);
      await rows.first().getByRole('button', { name: 'Ignore' }).click();
      await page.getByText('119 problems').waitFor();
      await page.getByRole('button', { name: 'Undo' }).click();
      await page.getByText('120 problems').waitFor();
    });

    test('what a place that only shows photos did not take is no failed backup, and can be ignored', async () => {
      const page = await windows.open({ query: 'clouds&photos=100', route: '/sync' });
      await page.getByRole('tab', { name: 'Problems', exact: true }).click();
      await page.getByText('12 problems').waitFor();
      const [first] = await page.locator('.sync-problem').all();
      const words = await first?.innerText();
      expect(words).toContain('Google Photos does not take this file');
      expect(words).toContain('only not shown there; its backup is not affected');
      await first?.getByRole('button', { name: 'Ignore' }).click();
      await page.getByText('It is not shown there.').waitFor();
      await page.getByText('11 problems').waitFor();
      await page.getByRole('tab', { name: 'Ignored' }).click();
      await page.getByRole('button', { name: 'No longer ignore' }).click();
      await page.getByText('Nothing is ignored').waitFor();
    });

    test('says so when there is nothing to back up yet', async () => {
      const page = await windows.open({ query: 'activity=setup&photos=0', route: '/sync' });
      await page.getByRole('link', { name: 'Set up backup' }).waitFor();
    });

    test('the history gets a new line though nothing else changes', async () => {
      const page = await windows.open({ query: 'photos=100', route: '/sync' });
      await page.getByRole('tab', { name: 'History' }).click();
      await page.getByText('100 files verified').waitFor();
      await page.evaluate(
        'fakeEngine.status = { ...fakeEngine.status, photos: 101 }; fakeEngine.announce("activityAdded", {})',
      );
      await page.getByText('101 files verified').waitFor();
    });

    test('a list that cannot be read says why and can be asked for again', async () => {
      const page = await windows.open({ query: 'failing=activity.page', route: '/sync' });
      await page.getByRole('tab', { name: 'History' }).click();
      await page.getByRole('alert').getByText('The file cannot be read.').waitFor();
      await page.getByRole('button', { name: 'Try again' }).waitFor();
    });
  });

  describe('the settings', () => {
    test('count at once and can be undone', async () => {
      const page = await windows.open({ route: '/settings/network' });
      await page.getByRole('button', { name: /Upload speed/u }).click();
      await page.getByRole('option', { name: '5 MB/s', exact: true }).click();
      await page.getByText('Changed.').waitFor();
      expect(await page.evaluate('fakeEngine.settings.uploadLimit')).toBe(5_000_000);
      await page.getByRole('button', { name: 'Undo' }).click();
      await page.locator('.select-button', { hasText: 'No limit' }).waitFor();
      expect(await page.evaluate('fakeEngine.settings.uploadLimit')).toBeNull();
    });

    test('the theme and the language change everything shown', async () => {
      const page = await windows.open({ route: '/settings/appearance' });
      await page.getByText('Dark', { exact: true }).click();
      await page.locator('html[data-theme="dark"]').waitFor();
      await page.getByRole('button', { name: /Language/u }).click();
      await page.getByRole('option', { name: '한국어' }).click();
      await page.getByRole('heading', { name: '화면과 언어' }).waitFor();
      await page.locator('html[lang="ko"]').waitFor();
    });

    test('removing a folder says what it means, and is undone with its exceptions', async () => {
      const page = await windows.open({ route: '/settings/folders' });
      await page.getByRole('button', { name: 'Exceptions of “Pictures”' }).click();
      await page.getByRole('textbox', { name: 'Name or pattern' }).fill('*.gif');
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('1 exception').waitFor();
      await page.getByRole('button', { name: 'Remove “Pictures”' }).click();
      const dialog = page.getByRole('alertdialog');
      await dialog.getByText(/what is backed up stays backed up/u).waitFor();
      await dialog.getByRole('button', { name: 'Stop backing up' }).click();
      await page.getByText('No folder is backed up').waitFor();
      await page.getByRole('button', { name: 'Undo' }).click();
      await page.getByText('1 exception').waitFor();
    });

    test('a destination is added by the same form, and removed without deleting anything', async () => {
      const page = await windows.open({ route: '/settings/destinations' });
      await page.getByRole('button', { name: 'Add a destination…' }).click();
      await page.getByRole('radio', { name: /Backup.*Another drive/u, checked: true }).waitFor();
      await page.getByRole('textbox', { name: 'Name (optional)' }).fill('Second');
      await page.getByRole('button', { name: 'Test and add' }).click();
      await page.getByRole('button', { name: 'More for “Second”' }).click();
      await page.getByRole('menuitem', { name: 'Remove…' }).click();
      await page
        .getByRole('alertdialog')
        .getByText(/Nothing is deleted there/u)
        .waitFor();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
      await page.getByRole('button', { name: 'More for “Second”' }).waitFor({ state: 'detached' });
    });

    test('keys that are kept are never filled in', async () => {
      const page = await windows.open({
        query: 'activity=attention',
        route: '/settings/destinations',
      });
      await page.getByRole('button', { name: 'Edit “Naver Cloud”' }).click();
      const secrets = page.getByRole('dialog').locator('input[type="password"]');
      await secrets.first().waitFor();
      for (const input of await secrets.all()) expect(await input.inputValue()).toBe('');
    });
  });

  describe('the upload window', () => {
    const jpeg = { name: 'IMG_1.jpg', mimeType: 'image/jpeg', buffer: Buffer.from([0xff, 0xd8]) };

    test('takes chosen files, sends them and shows every result', async () => {
      const page = await windows.open({ route: '/upload', width: 360, height: 480 });
      await page.locator('input[type="file"]').first().setInputFiles([jpeg]);
      await page.getByText('IMG_1.jpg', { exact: true }).waitFor();
      await page.getByText('0 of 1 done').waitFor();
      await page.evaluate(
        "fakeEngine.handlers['uploads.list']({}).then(([batch]) => fakeEngine.announce('upload', {...batch, items: batch.items.map((item) => ({...item, state: 'alreadyBackedUp', progress: 1}))}))",
      );
      await page.getByText('1 was backed up already').waitFor();
      await page.getByRole('button', { name: 'Take off the list' }).click();
      await page.getByText('IMG_1.jpg', { exact: true }).waitFor({ state: 'detached' });
    });

    test('takes files that are dropped and images that are pasted', async () => {
      const page = await windows.open({ route: '/upload' });
      for (const type of ['drop', 'paste']) {
        await page.evaluate(`{
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array([1])], '${type}.png', { type: 'image/png' }));
          window.dispatchEvent(
            '${type}' === 'drop'
              ? new DragEvent('drop', { dataTransfer: data })
              : new ClipboardEvent('paste', { clipboardData: data }),
          );
        }`);
        await page.getByText(`${type}.png`, { exact: true }).waitFor();
      }
    });

    test('one item can be cancelled', async () => {
      const page = await windows.open({ route: '/upload' });
      await page.locator('input[type="file"]').first().setInputFiles([jpeg]);
      await page.getByRole('button', { name: 'Cancel “IMG_1.jpg”' }).click();
      await page.getByText('1 cancelled').waitFor();
    });

    test('without a destination it says what to do first', async () => {
      const page = await windows.open({ query: 'activity=setup&photos=0', route: '/upload' });
      await page.getByRole('link', { name: 'Set up backup' }).waitFor();
    });
  });

  test.each([
    { route: '/sync', query: 'activity=syncing&waiting=40&failed=3&theme=light&language=ko' },
    { route: '/sync', query: 'activity=attention&failed=3&theme=dark' },
    { route: '/settings/folders', query: 'theme=light' },
    { route: '/settings/destinations', query: 'activity=attention&theme=dark&language=ko' },
    { route: '/settings/network', query: 'theme=dark' },
    { route: '/settings/appearance', query: 'theme=light&language=ko' },
    { route: '/settings/advanced', query: 'theme=dark' },
    { route: '/settings/about', query: 'theme=light' },
    { route: '/upload', query: 'theme=dark&language=ko' },
  ])('nothing sticks out of a narrow window in $route ($query)', async ({ route, query }) => {
    const page = await windows.open({ route, query, width: 480 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(480);
  });
});
