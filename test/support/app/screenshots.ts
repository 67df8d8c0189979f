/**
 * `npm run screenshots [-- WORD…]`: every view × light/dark × Korean/English × narrow/wide into
 * .cache/screenshots, or those whose name holds one of the words, e.g. `sync` or `dark-ko`.
 * `npm run screenshots -- --documents`: the pictures of the README into build/docs/images.
 * The library in them is drawn: nobody's photos.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import sharp from 'sharp';

import { views, type NamedView } from './views.ts';
import { whyNoBrowser, WindowInBrowser } from './window-in-browser.ts';

interface Picture {
  readonly file: string;
  readonly view: NamedView;
  readonly theme: 'light' | 'dark';
  readonly language: 'ko' | 'en';
  readonly width: number;
  readonly height: number;
}

const sizes = [
  { name: 'narrow', width: 480, height: 900 },
  { name: 'wide', width: 1440, height: 900 },
] as const;
/** The fake engine's own time. */
const now = '2026-11-23T09:00:00Z';
/** Pages at once: one draws while the other loads. */
const AT_ONCE = 2;
/** What a picture in the repository may weigh. */
const MOST_BYTES = 250_000;

const { values, positionals } = parseArgs({
  options: { documents: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const reason = whyNoBrowser();
if (reason === null) {
  await (values.documents ? takeForDocuments() : takeAll(positionals));
} else {
  console.error(reason);
  process.exitCode = 1;
}

async function takeAll(words: readonly string[]): Promise<void> {
  const folder = fileURLToPath(new URL('../../../.cache/screenshots', import.meta.url));
  if (words.length === 0) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const pictures = everything().filter(
    ({ file }) => words.length === 0 || words.some((word) => file.includes(word)),
  );
  await take(pictures, async (picture, png) => {
    const file = join(folder, picture.file);
    await writeFile(file, png);
    console.log(file);
  });
}

function everything(): Picture[] {
  return views.flatMap((view) =>
    (['light', 'dark'] as const).flatMap((theme) =>
      (['ko', 'en'] as const).flatMap((language) =>
        sizes.map(({ name, width, height }) => ({
          file: `${[view.name, view.state, theme, language, name].join('-')}.png`,
          ...{ view, theme, language, width, height },
        })),
      ),
    ),
  );
}

async function takeForDocuments(): Promise<void> {
  const folder = fileURLToPath(new URL('../../../build/docs/images', import.meta.url));
  const wanted = [
    { file: 'timeline.png', name: 'timeline', state: 'full', theme: 'light', height: 800 },
    {
      file: 'lightbox.png',
      name: 'lightbox-information',
      state: 'full',
      theme: 'dark',
      height: 800,
    },
    { file: 'backup.png', name: 'backup', state: 'busy', theme: 'light', height: 800 },
    { file: 'wizard.png', name: 'wizard-destination', state: 'full', theme: 'light', height: 980 },
  ] as const;
  const pictures = wanted.map(({ file, name, state, theme, height }): Picture => {
    const view = views.find((each) => each.name === name && each.state === state);
    if (view === undefined) throw new Error(`There is no view ${name}, ${state}.`);
    return { file, view, theme, language: 'en', width: 1280, height };
  });
  await take(pictures, async ({ file }, png) => {
    const small = await sharp(png).png({ palette: true, quality: 90, effort: 10 }).toBuffer();
    if (small.length > MOST_BYTES) throw new Error(`${file} has ${String(small.length)} bytes.`);
    await writeFile(join(folder, file), small);
    console.log(`${join(folder, file)} ${String(Math.round(small.length / 1000))} kB`);
  });
}

async function take(
  pictures: readonly Picture[],
  keep: (picture: Picture, png: Buffer) => Promise<void>,
): Promise<void> {
  const windows = await WindowInBrowser.start();
  const waiting = [...pictures];
  const work = async (): Promise<void> => {
    for (let picture = waiting.shift(); picture !== undefined; picture = waiting.shift()) {
      const { view, theme, language, width, height } = picture;
      const query = `${view.query}&theme=${theme}&language=${language}`;
      const page = await windows.open({ query, route: view.route, width, height, now });
      await view.steps?.(page);
      await settled(page);
      await keep(picture, await page.screenshot());
      await page.context().close();
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    await windows.stop();
  }
}

/** Everything in sight that is on its way is there: writing and pictures too. */
async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  // The page's own policy lets nothing be evaluated later on: one promise, not a question asked again and again.
  await page.evaluate(`new Promise((resolve) => {
    const isThere = (image) => {
      const { top, bottom } = image.getBoundingClientRect();
      const inSight = bottom > 0 && top < innerHeight;
      const shown = !image.matches('.tile-image') || image.dataset.loaded !== undefined;
      return !inSight || (image.complete && shown);
    };
    const look = () => {
      if ([...document.images].every(isThere)) resolve();
      else requestAnimationFrame(look);
    };
    look();
  })`);
}
