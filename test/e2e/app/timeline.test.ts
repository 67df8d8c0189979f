import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { serveRenderer, type ServedRenderer } from '../../support/app/serve-renderer.ts';
import { findChromium, startChromium } from '../../support/electron/display/chromium.ts';

const found = findChromium();
if ('missing' in found) console.warn(`skipped: the timeline in a browser: ${found.missing}`);

const SECOND = 1000;
let directory = '';
let served: ServedRenderer;
let browser: Browser;
const contexts: BrowserContext[] = [];
/** What pages complained about. */
let complaints: string[] = [];

interface View {
  readonly query?: string;
  readonly route?: string;
  readonly width?: number;
  readonly height?: number;
  readonly touch?: boolean;
}

async function open({
  query = '',
  route = '/',
  width = 1440,
  height = 900,
  touch = false,
}: View): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height },
    hasTouch: touch,
    reducedMotion: 'reduce',
  });
  contexts.push(context);
  const page = await context.newPage();
  page.setDefaultTimeout(30 * SECOND);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(`${served.address}/?${query}#${route}`);
  await page.getByRole('main').waitFor();
  return page;
}

/** A page with the first photos on it. */
async function openTimeline(view: View): Promise<Page> {
  const page = await open(view);
  await page.locator('.tile').first().waitFor();
  return page;
}

describe.skipIf('missing' in found)('the timeline in a browser', () => {
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'cloudroll-timeline-'));
    served = await serveRenderer(directory);
    browser = await startChromium();
  });

  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
    const said = complaints;
    complaints = [];
    expect(said).toEqual([]);
  });

  afterAll(async () => {
    await browser.close();
    await served.close();
    await rm(directory, { recursive: true, force: true });
  });

  test('shows days, loads pictures, and says how the backup stands', async () => {
    const page = await openTimeline({ query: 'photos=500' });
    await page.locator('.tile-image[data-loaded]').first().waitFor();
    await page.getByRole('heading', { name: 'Sunday, November 22' }).waitFor();
    expect(await page.locator('.status-line').textContent()).toBe('All 500 photos backed up');
  });

  test('keeps few tiles on the page of a million photos, and reaches the oldest', async () => {
    const page = await openTimeline({ query: 'photos=1000000' });
    const slider = page.getByRole('slider');
    await slider.focus();
    await page.keyboard.press('End');
    await page.locator('.tile[data-index="999999"]').waitFor();
    expect(await page.locator('.tile').count()).toBeLessThan(200);
    await page.keyboard.press('Home');
    await page.locator('.tile[data-index="0"]').waitFor();
  });

  test('goes to another year by the scrubber', async () => {
    const page = await openTimeline({ query: 'photos=1000000' });
    const box = await page.getByRole('slider').boundingBox();
    if (box === null) throw new Error('There is no scrubber.');
    await page.mouse.move(box.x + 20, box.y + 5);
    await page.mouse.down();
    await page.mouse.move(box.x + 20, box.y + box.height / 2, { steps: 5 });
    await page.mouse.up();
    await page.locator('.tile-image[data-loaded]').first().waitFor();
    const first = Number(await page.locator('.tile').first().getAttribute('data-index'));
    expect(first).toBeGreaterThan(300_000);
    expect(first).toBeLessThan(700_000);
  });

  test('is moved through, selected in and opened by the keyboard alone', async () => {
    const page = await openTimeline({ query: 'photos=500' });
    await page.locator('.tile[data-index="0"]').focus();
    await page.keyboard.press('ArrowRight');
    await page.locator('.tile[data-index="1"]:focus').waitFor();
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowRight');
    await page.getByText('2 selected').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('2 selected').waitFor({ state: 'detached' });
    await page.keyboard.press('End');
    await page.locator('.tile[data-index="499"]:focus').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Show information' }).waitFor();
    await page.keyboard.press('i');
    await page.getByText('Read back and compared', { exact: false }).waitFor();
    await page.keyboard.press('ArrowLeft');
    await page
      .getByRole('heading', { name: 'IMG_0498.JPG' })
      .or(page.getByText('_0498.'))
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.lightbox').waitFor({ state: 'detached' });
    await page.locator('.tile[data-index="499"]:focus').waitFor();
  });

  test('selects by click, shift and drag', async () => {
    const page = await openTimeline({ query: 'photos=500' });
    await page.locator('.tile[data-index="0"]').hover();
    await page.locator('.tile[data-index="0"] [data-check]').click();
    await page.locator('.tile[data-index="4"]').click({ modifiers: ['Shift'] });
    await page.getByText('5 selected').waitFor();
    await page.getByRole('button', { name: 'End the selection' }).click();
    await page.locator('.tile[data-index="2"]').hover();
    await page.locator('.tile[data-index="2"] [data-check]').hover();
    await page.mouse.down();
    await page.locator('.tile[data-index="5"]').hover();
    await page.mouse.up();
    await page.getByText('4 selected').waitFor();
    expect(await page.locator('.lightbox').count()).toBe(0);
  });

  test('exports what is selected', async () => {
    const page = await openTimeline({ query: 'photos=50&dialogs' });
    await page.locator('.tile[data-index="0"]').focus();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Export…' }).click();
    await page.getByText('1 original was copied to /home/mina/Export.').waitFor();
  });

  test('stays where it is while the engine is away, and says so', async () => {
    const page = await openTimeline({ query: 'photos=500' });
    await page.evaluate('fakeEngine.stop()');
    await page.getByText('The sync engine is being started again. Nothing is lost.').waitFor();
    expect(await page.locator('.tile').count()).toBeGreaterThan(0);
    await page.evaluate('fakeEngine.start()');
    await page.getByText('being started again').waitFor({ state: 'detached' });
    await page.getByText('All 500 photos backed up').waitFor();
  });

  test('explains itself while empty, failing and waiting', async () => {
    const empty = await open({ query: 'photos=0' });
    await empty.getByText('Your photos will appear here').waitFor();
    const failing = await open({ query: 'photos=10&failing=timeline.days' });
    await failing.getByRole('alert').getByText('The file cannot be read.').waitFor();
    const waiting = await open({ query: 'photos=10&latency=5000' });
    await waiting.getByText('Opening your photos…').waitFor();
  });

  test('finds photos by filters and by words', async () => {
    const page = await open({ query: 'photos=2000', route: '/search' });
    await page.getByRole('searchbox').fill('IMG_0007');
    await page.getByText('1 photo', { exact: true }).waitFor();
    await page.getByRole('searchbox').fill('no such photo');
    await page.getByText('No photo fits').waitFor();
  });

  test('still knows the search after another view, until it is cleared', async () => {
    const page = await open({ query: 'photos=2000', route: '/search' });
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByRole('switch', { name: 'Only with a place' }).click({ force: true });
    await page.getByRole('searchbox').fill('IMG_00');
    await page.getByText(/^\d+ photos$/u).waitFor();
    const found = await page.getByText(/^\d+ photos$/u).textContent();
    await page.getByRole('link', { name: 'Albums' }).click();
    await page.getByRole('heading', { name: 'Albums' }).waitFor();
    await page.getByRole('link', { name: 'Search' }).click();
    await page.getByText(found ?? '', { exact: true }).waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('IMG_00');
    expect(await page.getByRole('switch', { name: 'Only with a place' }).isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Clear search' }).click();
    await page.getByText('What are you looking for?').waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('');
    expect(await page.getByRole('switch', { name: 'Only with a place' }).isChecked()).toBe(false);
    expect(await page.getByRole('button', { name: 'Clear search' }).count()).toBe(0);
    await page.locator('input:focus').waitFor();
  });

  test('fits into 480 pixels and at twice the size of text', async () => {
    const narrow = await openTimeline({ query: 'photos=300', width: 480, height: 800 });
    expect(await sideways(narrow)).toBe(0);
    const large = await openTimeline({ query: 'photos=300', width: 720, height: 450 });
    expect(await sideways(large)).toBe(0);
  });
});

/** By how many pixels the page is wider than its window. */
async function sideways(page: Page): Promise<number> {
  return Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'));
}
