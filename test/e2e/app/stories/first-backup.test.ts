import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';

import { hashesBelow, jpeg, Workspace } from '../../../support/cli/workspace.ts';
import { goTo, seeStatus, statusOf } from '../../../support/e2e/app/acts.ts';
import type { AppUnderTest } from '../../../support/e2e/app/app-under-test.ts';
import { onEveryHost } from '../../../support/e2e/app/hosts.ts';
import { haveSharedPhotos, sharedPhotos } from '../../../support/media/shared-photos.ts';

const MINUTE = 60_000;
const made = 6;

async function makePictures(workspace: Workspace): Promise<void> {
  for (let seed = 0; seed < made; seed += 1) {
    await workspace.write(`2024/${String(seed)}.jpg`, await jpeg(seed));
  }
  if (!haveSharedPhotos) return;
  await cp(sharedPhotos, join(workspace.photos, 'real'), {
    recursive: true,
    filter: (path) => basename(path) !== 'LICENSE',
  });
}

/** From the first start to every photo at its destination. */
async function throughTheWizard({ page, chooseFolder }: Window, drive: string): Promise<void> {
  await page.getByRole('button', { name: 'Get started' }).click();
  await page.getByRole('checkbox', { name: /Pictures/u, checked: true }).waitFor();
  await page.getByRole('button', { name: 'Next' }).click();
  await chooseFolder(/^(?:Another|Choose a) folder…$/u, drive);
  await page.getByRole('radio', { name: /drive/u, checked: true }).waitFor();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Start the backup' }).click();
  await page
    .getByRole('heading', { name: 'Your photos are backed up' })
    .waitFor({ timeout: 3 * MINUTE });
}

interface Window {
  readonly page: AppUnderTest['page'];
  readonly chooseFolder: (button: RegExp, path: string) => Promise<void>;
}

onEveryHost('from the first start to a restored library', (host) => {
  test('every photo is backed up, followed, proven and brought back', async () => {
    await using workspace = await Workspace.create();
    await makePictures(workspace);
    const drive = workspace.path('drive');
    await mkdir(drive);
    await using app = await host.start(workspace);
    const { page } = app;
    await throughTheWizard(
      {
        page,
        chooseFolder: (name, path) => app.chooseFolder(page.getByRole('button', { name }), path),
      },
      drive,
    );
    const { photos, safe, waiting, failed } = await statusOf(page);
    expect({ safe, waiting, failed }).toEqual({ safe: photos, waiting: 0, failed: 0 });
    expect(photos).toBeGreaterThanOrEqual(made);
    await app.showsInTray('idle');

    await page.getByRole('button', { name: 'Go to my photos' }).click();
    const all = (count: number): Promise<void> =>
      seeStatus(page, `All ${count.toLocaleString('en')} photos backed up`);
    await all(photos);
    await page.locator('.tile-image[data-loaded]').first().waitFor();

    // What happens to the files while the app runs.
    const first = join(workspace.photos, '2024', '0.jpg');
    await workspace.writeNow('2024/new.jpg', await jpeg(100));
    await all(photos + 1);
    const objects = await contentsAt(drive);
    const original = new Set((await hashesBelow(workspace.photos)).values());
    await writeFile(first, await jpeg(101, 32));
    await expect.poll(() => contentsAt(drive), { timeout: MINUTE }).toBe(objects + 1);
    await all(photos + 1);
    await rename(join(workspace.photos, '2024', '1.jpg'), join(workspace.photos, '2024', 'n.jpg'));
    await rm(join(workspace.photos, '2024', '2.jpg'));
    await all(photos);
    expect(await contentsAt(drive)).toBe(objects + 1);

    // The drive with the photos goes away and comes back.
    await goTo(page, 'Backup');
    const away = workspace.path('unplugged');
    await rename(workspace.photos, away);
    const look = page.getByRole('button', { name: 'Look for changes now' });
    await look.click();
    await page.getByText(`“${workspace.photos}” cannot be looked at now`).waitFor();
    expect((await statusOf(page)).photos).toBe(photos);
    await rename(away, workspace.photos);
    await look.click();
    await page.getByText('cannot be looked at now').waitFor({ state: 'detached' });
    await all(photos);

    // The proof from the window.
    await page.getByRole('button', { name: 'Verify…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Read every photo').click();
    await dialog.getByRole('button', { name: 'Verify', exact: true }).click();
    await page.getByRole('tab', { name: 'History' }).click();
    await page
      .getByText(/^[\d,]+ files? verified$/u)
      .first()
      .waitFor({ timeout: MINUTE });

    await app.stop();
    const there = await hashesBelow(workspace.photos);
    // What was edited or deleted meanwhile is kept as well.
    const kept = [...(await hashesBelow(drive)).values()];
    expect(kept).toEqual(expect.arrayContaining([...original, ...there.values()]));
    const into = workspace.path('restored');
    const restored = await workspace.run(['restore', '--from', `file://${drive}`, '--into', into]);
    expect(restored.status).toBe(0);
    const back = [...(await hashesBelow(into)).values()];
    expect(back).toEqual(expect.arrayContaining([...there.values()]));
  });
});

/** Photos at a folder destination. */
async function contentsAt(folder: string): Promise<number> {
  const stored = await hashesBelow(folder);
  return [...stored.keys()].filter((path) => !path.startsWith('.cloudroll')).length;
}
