import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { views } from '../../support/app/views.ts';
import { axeFindings, whyNoBrowser, WindowInBrowser } from '../../support/app/window-in-browser.ts';

const reason = whyNoBrowser();
if (reason !== null) console.warn(`skipped: axe on every view: ${reason}`);

/** Either language, without every combination of them. */
const looks = views.map((view, at) => ({ ...view, language: at % 2 === 0 ? 'ko' : 'en' }));

/** Colours pass over into each other; what is on its way for ever is something else. */
const coloursAreThere = `Promise.all(
  document.getAnimations()
    .filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity)
    .map(({ finished }) => finished.catch(() => undefined)),
).then(() => undefined)`;

describe.skipIf(reason !== null)('axe', () => {
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

  test.each(looks)(
    'finds nothing in $name, $state, light and dark, $language',
    async ({ query, route, steps, language }) => {
      const page = await windows.open({ query: `${query}&language=${language}`, route });
      await steps?.(page);
      await page.waitForLoadState('networkidle');
      for (const theme of ['light', 'dark']) {
        await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
        await page.evaluate(coloursAreThere);
        expect(await axeFindings(page), theme).toEqual([]);
      }
    },
  );
});
