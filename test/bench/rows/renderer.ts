import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { z } from 'zod';

import { serveRenderer } from '../../support/app/serve-renderer.ts';
import { startChromium } from '../../support/electron/display/chromium.ts';
import { withFolder } from '../support/bench.ts';
import { atMost, present, rowOf } from '../support/row.ts';
import type { Group } from './group.ts';

/** A page has so many milliseconds for a frame at 60 Hz; half a millisecond is the clock's own error. */
const FRAME = 1000 / 60 + 0.5;
const SECONDS = 6;
/** Pixels a frame: brisk turning of a wheel. */
const SPEED = 60;

const scrollSchema = z.object({ frames: z.array(z.number()), heap: z.number() });

/** The window over a million photos that are made up: the engine's share is measured apart. */
export const rendererGroup: Group = {
  name: 'renderer',
  measure: (bench) =>
    withFolder(bench, async (folder) => {
      const served = await serveRenderer(folder);
      const browser = await startChromium();
      try {
        const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
        await page.goto(`${served.address}/?photos=1000000`);
        const first = await firstPicture(page);
        await page.waitForLoadState('networkidle');
        const { frames, heap } = await scroll(page);
        const late = frames.filter((frame) => frame > FRAME).length;
        const what = 'timeline of 1,000,000 photos in Chromium';
        return present([
          rowOf({
            id: 'renderer-first-picture',
            what: `${what}: from opening the page to the first picture`,
            unit: 's',
            ours: first / 1000,
            goal: atMost(0.5),
          }),
          rowOf({
            id: 'renderer-late-frames',
            what: `${what}: frames of scrolling over 16.7 ms`,
            unit: '%',
            ours: (late / frames.length) * 100,
            goal: atMost(1),
          }),
          rowOf({
            id: 'renderer-longest-frame',
            what: `${what}: longest frame of scrolling`,
            unit: 'ms',
            ours: Math.max(...frames),
            goal: atMost(33.5),
          }),
          rowOf({
            id: 'renderer-heap',
            what: `${what}: heap after scrolling, the made-up engine included`,
            unit: 'MB',
            ours: heap / 1e6,
          }),
          rowOf({
            id: 'renderer-bundle',
            what: 'scripts and styles of the window, compressed',
            unit: 'kB',
            ours: (await bundleBytes(join(folder, 'window', 'assets'))) / 1000,
          }),
        ]);
      } finally {
        await browser.close();
        await served.close();
      }
    }),
};

/** Milliseconds from the page's beginning. */
async function firstPicture(page: Page): Promise<number> {
  await page.locator('.tile-image[data-loaded]').first().waitFor();
  const entries = await page.evaluate(
    `Math.min(...performance.getEntriesByType('resource')
      .filter(({ name }) => name.includes('/pictures/')).map(({ responseEnd }) => responseEnd))`,
  );
  return z.number().parse(entries);
}

async function scroll(page: Page): Promise<z.infer<typeof scrollSchema>> {
  const result = await page.evaluate(`new Promise((resolve) => {
    const scroller = document.querySelector('.timeline-scroller');
    const frames = [];
    let last = performance.now();
    const end = last + ${String(SECONDS * 1000)};
    const step = (now) => {
      frames.push(now - last);
      last = now;
      scroller.scrollTop += ${String(SPEED)};
      if (now < end) requestAnimationFrame(step);
      else resolve({ frames: frames.slice(1), heap: performance.memory.usedJSHeapSize });
    };
    requestAnimationFrame(step);
  })`);
  return scrollSchema.parse(result);
}

async function bundleBytes(folder: string): Promise<number> {
  let sum = 0;
  for (const name of await readdir(folder)) {
    if (/\.(?:js|css)$/u.test(name)) sum += gzipSync(await readFile(join(folder, name))).length;
  }
  return sum;
}
