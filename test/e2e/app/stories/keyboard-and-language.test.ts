import { readdir } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';

import { jpeg, Workspace } from '../../../support/cli/workspace.ts';
import { onEveryHost } from '../../../support/e2e/app/hosts.ts';

/** Stops of the Tab key in one view, at most. */
const MOST_STOPS = 60;

/** Goes by Tab until the element of that text has the focus. */
async function tabTo(page: Page, text: string): Promise<void> {
  const focused = (): Promise<string> => page.evaluate("document.activeElement?.textContent ?? ''");
  for (let stop = 0; stop < MOST_STOPS && (await focused()) !== text; stop += 1) {
    await page.keyboard.press('Tab');
  }
  expect(await focused()).toBe(text);
}

onEveryHost('keyboard, language and theme', (host) => {
  test('a Korean goes through the wizard by keyboard alone, then changes language and theme', async () => {
    await using workspace = await Workspace.create();
    await workspace.write('0.jpg', await jpeg(0));
    await using app = await host.start(workspace, { languages: ['ko-KR'], colorScheme: 'dark' });
    const { page } = app;
    const press = async (text: string): Promise<void> => {
      await page.getByRole('button', { name: text, exact: true }).waitFor();
      await tabTo(page, text);
      await page.keyboard.press('Enter');
    };
    await page.locator('html[lang="ko"]').waitFor();
    await press('시작하기');
    await page.locator('h1:focus', { hasText: '사진이 어느 폴더에 있나요?' }).waitFor();
    await page.getByRole('checkbox', { name: /Pictures/u, checked: true }).waitFor();
    await press('다음');
    await page.locator('h1:focus', { hasText: '어디에 백업할까요?' }).waitFor();
    await chooseHomeByKeyboard(page, workspace);
    await press('다음');
    await page.locator('h1:focus', { hasText: '어떻게 동작할까요?' }).waitFor();
    await press('백업 시작');
    await page.getByRole('heading', { name: '사진이 모두 백업되었습니다' }).waitFor();
    expect(await readdir(workspace.path('Cloudroll Backup'))).not.toEqual([]);

    const background = (): Promise<string> =>
      page.evaluate('getComputedStyle(document.body).backgroundColor');
    const dark = await background();
    await page.evaluate("location.hash = '#/settings/appearance'");
    await page.getByRole('heading', { name: '화면과 언어' }).waitFor();
    await page.getByText('밝게', { exact: true }).click();
    await page.locator('html[data-theme="light"]').waitFor();
    await expect.poll(background).not.toBe(dark);
    await page.getByRole('button', { name: /언어/u }).click();
    await page.getByRole('option', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Appearance and language' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Appearance and language' }).waitFor();
    await page.locator('html[lang="en"][data-theme="light"]').waitFor();
  });
});

/** The folder in the home directory, by arrow keys: drives of this computer may stand before it. */
async function chooseHomeByKeyboard(page: Page, workspace: Workspace): Promise<void> {
  const home = page.getByRole('radio', {
    name: new RegExp(workspace.path('Cloudroll Backup'), 'u'),
  });
  await home.waitFor();
  const radios = page.getByRole('radio', { checked: true });
  await expect.poll(() => radios.count()).toBeGreaterThan(0);
  for (let stop = 0; stop < MOST_STOPS && !(await home.isChecked()); stop += 1) {
    const inPlaces = await page.evaluate(
      "document.activeElement?.matches('.place-field input[type=radio]') === true",
    );
    await page.keyboard.press(inPlaces === true ? 'ArrowDown' : 'Tab');
  }
  expect(await home.isChecked()).toBe(true);
}
