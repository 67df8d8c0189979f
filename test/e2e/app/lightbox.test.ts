import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { axeFindings, whyNoBrowser, WindowInBrowser } from '../../support/app/window-in-browser.ts';

const missing = whyNoBrowser();
const skipped = missing !== null && process.env['CI'] !== 'true';
if (skipped) console.warn(`skipped: the lightbox in a browser: ${missing}`);

let window: WindowInBrowser;

/** A short film of the kind that every Chromium plays, made by the browser itself. */
async function recordFilm(page: Page): Promise<Buffer> {
  const bytes = await page.evaluate<number[]>(`(async () => {
    const canvas = document.createElement('canvas');
    canvas.width = 160;
    canvas.height = 120;
    const context = canvas.getContext('2d');
    const recorder = new MediaRecorder(canvas.captureStream(30), { mimeType: 'video/webm' });
    const parts = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const stopped = new Promise((resolve) => { recorder.onstop = resolve; });
    recorder.start();
    for (let frame = 0; frame < 45; frame += 1) {
      context.fillStyle = 'hsl(' + frame * 8 + ' 80% 50%)';
      context.fillRect(0, 0, 160, 120);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    recorder.stop();
    await stopped;
    return [...new Uint8Array(await new Blob(parts).arrayBuffer())];
  })()`);
  return Buffer.from(bytes);
}

/** Opens the first Live Photo of the timeline. */
async function openLivePhoto(): Promise<Page> {
  const page = await window.open({ query: 'photos=200', route: '/' });
  await page.locator('.tile').first().waitFor();
  await page
    .locator('.tile', { has: page.locator('svg.lucide-circle-dot') })
    .first()
    .click();
  await page.getByRole('button', { name: 'Play Live Photo' }).waitFor();
  return page;
}

describe.skipIf(skipped)('the lightbox in a browser', () => {
  beforeAll(async () => {
    window = await WindowInBrowser.start();
  });
  afterEach(async () => {
    expect(await window.closePages()).toEqual([]);
  });
  afterAll(() => window.stop());

  test('plays a Live Photo by its button and the keyboard, without sound, and comes to rest', async () => {
    const page = await openLivePhoto();
    const body = await recordFilm(page);
    await page.route('**/original', (route) => route.fulfill({ body, contentType: 'video/webm' }));
    await page.getByRole('button', { name: 'Play Live Photo' }).focus();
    await page.keyboard.press('Enter');
    const film = page.locator('video.lightbox-film');
    await film.waitFor();
    expect(await film.evaluate((video) => Reflect.get(video, 'muted') as boolean)).toBe(true);
    await page.getByRole('button', { name: 'Stop Live Photo' }).waitFor();
    await film.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Play Live Photo' }).waitFor();
  });

  test('plays a Live Photo for as long as it is pressed', async () => {
    const page = await openLivePhoto();
    const body = await recordFilm(page);
    // It goes on for longer than it is held: it waits for the end of what is never sent.
    await page.route('**/original', (route) => route.fulfill({ body, contentType: 'video/webm' }));
    const film = page.locator('video.lightbox-film');
    await page.mouse.move(640, 450);
    await page.mouse.down();
    await film.waitFor();
    await page.mouse.up();
    await film.waitFor({ state: 'detached' });
    expect(await page.locator('.lightbox').count()).toBe(1);
  });

  test('says so where the film of a Live Photo cannot be played', async () => {
    const page = await openLivePhoto();
    await page.getByRole('button', { name: 'Play Live Photo' }).click();
    await page.getByText('The video of this Live Photo cannot be played here.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Stop Live Photo' }).click();
    await page.getByText('cannot be played here').waitFor({ state: 'detached' });
  });

  test('opens another version of a photo, and leads back', async () => {
    const page = await window.open({ query: 'photos=200', route: '/' });
    await page.locator('.tile[data-index="3"]').click();
    await page.getByRole('button', { name: 'Show information' }).click();
    const open = page.getByRole('button', { name: /^Open the version of /u });
    await open.click();
    const version = page.getByRole('region', { name: /^Version of /u });
    await version.getByRole('img').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await version.waitFor({ state: 'detached' });
    expect(await page.locator('.lightbox').count()).toBe(1);
    await page.locator('.info-version:focus').waitFor();
  });

  test('says where a version is that has no picture on this computer', async () => {
    const page = await window.open({ query: 'photos=200', route: '/' });
    await page.locator('.tile[data-index="3"]').click();
    await page.getByRole('button', { name: 'Show information' }).click();
    const open = page.getByRole('button', { name: /^Open the version of /u });
    await open.waitFor();
    await page.route('**/pictures/**', (route) => route.fulfill({ status: 200, body: 'none' }));
    await open.click();
    const version = page.getByRole('region', { name: /^Version of /u });
    await version.getByText('There is no picture of this version on this computer.').waitFor();
    await version.getByText('Backup drive').waitFor();
    await version.getByRole('button', { name: 'Back to the photo' }).click();
    await version.waitFor({ state: 'detached' });
  });
});
