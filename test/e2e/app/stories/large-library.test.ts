import { utimes } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Workspace } from '../../../support/cli/workspace.ts';
import { onEveryHost } from '../../../support/e2e/app/hosts.ts';
import { writeLibrary } from '../../../support/e2e/app/large-library.ts';
import { sceneSvg } from '../../../support/app/scenes.ts';

const archived = 100_000;
const recent = 24;
/** Tiles of a screen and its surroundings; far fewer than photos. */
const mostTiles = 400;

async function writePictures(): Promise<void> {
  for (let index = 0; index < recent; index += 1) {
    const picture = await sharp(Buffer.from(sceneSvg(index, 320, 240)))
      .jpeg()
      .toBuffer();
    const path = await workspace.write(`${String(index)}.jpg`, picture);
    // Newer than everything in the archive: these stand first.
    await utimes(path, 1_790_000_000, 1_790_000_000 + index);
  }
}

/** Made once: every host opens the same data directory, one after the other. */
let workspace: Workspace;
beforeAll(async () => {
  workspace = await Workspace.create();
  await writePictures();
  await writeLibrary(workspace, archived);
}, 5 * 60_000);
afterAll(async () => {
  await workspace[Symbol.asyncDispose]();
});

onEveryHost('a library of 100,000 photos', (host) => {
  test('opens with its newest pictures and goes to its oldest photo and back', async () => {
    await using app = await host.start(workspace);
    const { page } = app;
    const total = archived + recent;
    await page
      .getByText(`${total.toLocaleString('en')} photos`)
      .first()
      .waitFor();
    const loaded = page.locator('.tile-image[data-loaded]');
    await loaded.nth(recent / 2).waitFor();

    await page.locator('.tile').first().focus();
    await page.keyboard.press('End');
    await page.locator(`.tile[data-index="${String(total - 1)}"]`).waitFor();
    expect(await page.locator('.tile').count()).toBeLessThan(mostTiles);
    await page.keyboard.press('Home');
    await page.locator('.tile[data-index="0"] .tile-image[data-loaded]').waitFor();
  });
});
