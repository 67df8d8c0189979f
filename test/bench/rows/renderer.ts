import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';

import { serveRenderer } from '../../support/app/serve-renderer.ts';
import { startChromium } from '../../support/electron/display/chromium.ts';
import { openBarePage } from '../support/bare-page.ts';
import { withFolder } from '../support/bench.ts';
import { atMost, present, rowOf, type Row } from '../support/row.ts';
import type { Group } from './group.ts';

/** Milliseconds between two beats of a display of 60 Hz. */
const BEAT = 1000 / 60;
/**
 * Frames begin with a beat, so that the time between two is one beat, two, three: more than one and a half is a
 * frame that was not done in time. (It is the same count with a limit of 17 ms: there is nothing between.)
 */
const LATE = BEAT * 1.5;
/** The longest that is within the goal: one beat missed, and the clock's own error. */
const ONE_MISSED = 33.5;
const FRAMES = 300;
/** Turns of the timeline and of the bare page, one after the other. */
const ROUNDS = 3;
/** Pixels a frame: brisk turning of a wheel. */
const SPEED = 60;

/** Scrolling, as far as it was seen. */
interface Scrolled {
  /** Milliseconds of each frame. */
  readonly frames: readonly number[];
  /** Milliseconds of processor time of all of the browser's processes. */
  readonly processor: number;
}

/** The window over a million photos that are made up: the engine's share is measured apart. */
export const rendererGroup: Group = {
  name: 'renderer',
  measure: (bench) =>
    withFolder(bench, async (folder) => {
      const served = await serveRenderer(folder);
      const browser = await startChromium();
      try {
        const viewport = { width: 1440, height: 900 };
        const window = await browser.newPage({ viewport });
        await window.goto(`${served.address}/?photos=1000000`);
        const first = await firstPicture(window);
        await window.waitForLoadState('networkidle');
        const bare = await browser.newPage({ viewport });
        await openBarePage(bare, served.address, FRAMES * SPEED * ROUNDS);
        const ours: Scrolled[] = [];
        const theirs: Scrolled[] = [];
        for (let round = 0; round < ROUNDS; round++) {
          ours.push(await scroll(browser, window));
          theirs.push(await scroll(browser, bare));
        }
        const heap = await window.evaluate('performance.memory.usedJSHeapSize');
        return present([
          rowOf({
            id: 'renderer-first-picture',
            what: `${WHAT}: from opening the page to the first picture`,
            unit: 's',
            ours: first / 1000,
            goal: atMost(0.5),
          }),
          ...scrollingRows(joined(ours), joined(theirs)),
          rowOf({
            id: 'renderer-heap',
            what: `${WHAT}: heap after scrolling, the made-up engine included`,
            unit: 'MB',
            ours: z.number().parse(heap) / 1e6,
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

const WHAT = 'timeline of 1,000,000 photos in Chromium';
/** What the same browser on the same machine makes of a page that does nothing. */
const PEER = 'bare page of pictures';

function scrollingRows(ours: Scrolled, bare: Scrolled): readonly (Row | null)[] {
  return [
    rowOf({
      id: 'renderer-late-frames',
      what: `${WHAT}: frames of scrolling over 16.7 ms`,
      unit: '%',
      ours: lateShare(ours),
      peer: { name: PEER, value: lateShare(bare) },
      goal: atMost(1),
    }),
    rowOf({
      id: 'renderer-longest-frame',
      what: `${WHAT}: longest frame of scrolling`,
      unit: 'ms',
      ours: Math.max(...ours.frames),
      peer: { name: PEER, value: Math.max(...bare.frames) },
      goal: atMost(ONE_MISSED),
    }),
    rowOf({
      id: 'renderer-frame-work',
      what: `${WHAT}: processor time of a frame of scrolling`,
      unit: 'ms',
      ours: ours.processor / ours.frames.length,
      peer: { name: PEER, value: bare.processor / bare.frames.length },
    }),
  ];
}

function joined(rounds: readonly Scrolled[]): Scrolled {
  return {
    frames: rounds.flatMap(({ frames }) => frames),
    processor: rounds.reduce((sum, { processor }) => sum + processor, 0),
  };
}

function lateShare({ frames }: Scrolled): number {
  return (frames.filter((frame) => frame > LATE).length / frames.length) * 100;
}

/** Milliseconds from the page's beginning. */
async function firstPicture(page: Page): Promise<number> {
  await page.locator('.tile-image[data-loaded]').first().waitFor();
  const entries = await page.evaluate(
    `Math.min(...performance.getEntriesByType('resource')
      .filter(({ name }) => name.includes('/pictures/')).map(({ responseEnd }) => responseEnd))`,
  );
  return z.number().parse(entries);
}

async function scroll(browser: Browser, page: Page): Promise<Scrolled> {
  await page.bringToFront();
  const before = await processorTime(browser);
  const frames = await page.evaluate(`new Promise((resolve) => {
    const scroller = document.querySelector('.timeline-scroller');
    const frames = [];
    let last = null;
    const step = (now) => {
      if (last !== null) frames.push(now - last);
      last = now;
      scroller.scrollTop += ${String(SPEED)};
      if (frames.length < ${String(FRAMES)}) requestAnimationFrame(step);
      else resolve(frames);
    };
    requestAnimationFrame(step);
  })`);
  const processor = (await processorTime(browser)) - before;
  return { frames: z.array(z.number()).parse(frames), processor };
}

/** Milliseconds that all of the browser's processes have taken since they began. */
async function processorTime(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  try {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0) * 1000;
  } finally {
    await session.detach();
  }
}

async function bundleBytes(folder: string): Promise<number> {
  let sum = 0;
  for (const name of await readdir(folder)) {
    if (/\.(?:js|css)$/u.test(name)) sum += gzipSync(await readFile(join(folder, name))).length;
  }
  return sum;
}
