import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';

import {
  backedUpHashes,
  jpeg,
  largeJpeg,
  Workspace,
  writeAtRest,
} from '../../../support/cli/workspace.ts';
import { goTo, seeStatus, setUp } from '../../../support/e2e/app/acts.ts';
import { onEveryHost } from '../../../support/e2e/app/hosts.ts';
import { askFromPage } from '../../../support/electron/page-client.ts';

const MINUTE = 60_000;

/** Pastes a bitmap as browsers hand one over that another program copied. */
async function pasteImage(page: Page): Promise<void> {
  await page.evaluate(`(async () => {
    const canvas = new OffscreenCanvas(64, 48);
    const context = canvas.getContext('2d');
    context.fillStyle = 'teal';
    context.fillRect(0, 0, 40, 48);
    const image = await canvas.convertToBlob({ type: 'image/png' });
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([image], 'image.png', { type: 'image/png' }));
    window.dispatchEvent(new ClipboardEvent('paste', { clipboardData, cancelable: true }));
  })()`);
}

onEveryHost('uploads, pauses and a crash', (host) => {
  test('what is dropped is backed up once, with its result, also out of folders', async () => {
    await using workspace = await Workspace.create();
    await mkdir(workspace.path('card', 'DCIM', 'inner'), { recursive: true });
    const photo = workspace.path('one.jpg');
    await writeAtRest(photo, await jpeg(1));
    await writeAtRest(workspace.path('card', 'DCIM', 'two.jpg'), await jpeg(2));
    await writeAtRest(workspace.path('card', 'DCIM', 'inner', 'three.jpg'), await jpeg(3));
    await writeAtRest(workspace.path('card', 'DCIM', 'notes.docx'), 'no photo');
    await using app = await host.start(workspace);
    const { page } = app;
    await setUp(page, workspace);
    await goTo(page, 'Upload photos');
    await page.getByRole('heading', { name: 'Upload photos' }).waitFor();

    await app.drop([photo, workspace.path('card')]);
    const items = (group: string): Promise<number> =>
      page.locator(`.upload-item[data-group="${group}"]`).count();
    await expect.poll(() => items('backedUp'), { timeout: MINUTE }).toBe(3);
    expect(await items('failed')).toBe(0);

    await app.drop([photo]);
    await expect.poll(() => items('already'), { timeout: MINUTE }).toBe(1);
    await page.getByText('1 was backed up already').waitFor();
    expect(await backedUpHashes(workspace.backup)).toHaveLength(3);
  });

  test('an image from the clipboard becomes a photo file of its own, and leads to the photos', async () => {
    await using workspace = await Workspace.create();
    await using app = await host.start(workspace);
    const { page } = app;
    await setUp(page, workspace);
    await goTo(page, 'Upload photos');
    await page.getByRole('heading', { name: 'Upload photos' }).waitFor();
    await pasteImage(page);
    await page.getByText('in Pictures/Cloudroll/Pasted.').waitFor();
    const item = page.locator('.upload-item[data-group="backedUp"]');
    await item.waitFor({ timeout: MINUTE });
    const [name = '', ...others] = await readdir(join(workspace.photos, 'Cloudroll', 'Pasted'));
    expect(others).toEqual([]);
    expect(name).toMatch(/^Pasted \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.png$/u);
    expect(await backedUpHashes(workspace.backup)).toHaveLength(1);
    await item.getByRole('button', { name: `Show “${name}” among the photos` }).click();
    await page.getByRole('button', { name: 'Show information' }).waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('heading', { name: 'Photos', exact: true }).waitFor();
  });

  test('pausing holds everything, resuming goes on, a crash in the middle loses and doubles nothing', async () => {
    await using workspace = await Workspace.create();
    // A photo takes three seconds, all of them far longer than a busy machine needs to press "Pause".
    const photoBytes = 300_000;
    const slow = photoBytes / 3;
    const count = 40;
    for (let seed = 0; seed < count; seed += 1) {
      await workspace.write(`${String(seed)}.jpg`, await largeJpeg(seed, photoBytes));
    }
    await using app = await host.start(workspace);
    const { page } = app;
    await page.locator('h1').first().waitFor();
    await askFromPage(page, 'settings.update', { uploadLimit: slow });
    await setUp(page, workspace);
    await goTo(page, 'Backup');
    await app.showsInTray('syncing');
    const safe = page.locator('.sync-figures dd').first();
    await expect
      .poll(async () => Number(await safe.textContent()), { timeout: MINUTE })
      .toBeGreaterThan(0);

    await app.crash();
    await goTo(page, 'Backup');
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('menuitem', { name: 'Until I resume' }).click();
    await seeStatus(page, 'Paused');
    await app.showsInTray('paused');
    const stored = await backedUpHashes(workspace.backup);
    expect(stored.length).toBeLessThan(count);
    await workspace.write('late.jpg', await jpeg(77));
    await app.crash();
    await seeStatus(page, 'Paused');

    await askFromPage(page, 'settings.update', { uploadLimit: null });
    await goTo(page, 'Backup');
    await page.getByRole('button', { name: 'Resume' }).click();
    await seeStatus(page, `All ${String(count + 1)} photos backed up`);
    await app.showsInTray('idle');
    const all = await backedUpHashes(workspace.backup);
    expect(all).toHaveLength(count + 1);
    expect(new Set(all).size).toBe(count + 1);
  });
});
