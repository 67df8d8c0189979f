import { mkdir, rename } from 'node:fs/promises';
import { expect, test } from 'vitest';

import { backedUpHashes, jpeg, Workspace } from '../../../support/cli/workspace.ts';
import { addDestination, goTo, seeStatus, setUp, statusOf } from '../../../support/e2e/app/acts.ts';
import { onEveryHost } from '../../../support/e2e/app/hosts.ts';

onEveryHost('two destinations', (host) => {
  test('one goes away: the other goes on, nothing is called safe too early, and it catches up', async () => {
    await using workspace = await Workspace.create();
    await workspace.write('0.jpg', await jpeg(0));
    const [usb, unplugged] = [workspace.path('usb'), workspace.path('unplugged')];
    await mkdir(usb);
    await using app = await host.start(workspace);
    const { page } = app;
    await setUp(page, workspace);
    await addDestination(page, 'USB drive', `${usb}/Cloudroll`);
    await seeStatus(page, '1 photo, backed up');
    await goTo(page, 'Backup');
    const card = (name: string) => page.getByRole('article', { name });
    await card('USB drive').getByText('Working').waitFor();

    await rename(usb, unplugged);
    await workspace.write('1.jpg', await jpeg(1));
    await card('USB drive').getByText('Not connected').waitFor();
    const figures = (name: string): Promise<string | null> =>
      card(name).locator('dl.sync-destination-figures dd').first().textContent();
    await expect.poll(() => figures('Backup'), { timeout: 60_000 }).toMatch(/^2/u);
    expect(await figures('USB drive')).toMatch(/^1/u);
    expect(await statusOf(page)).toMatchObject({ photos: 2, safe: 1 });
    expect(await page.getByText('All 2 photos backed up').count()).toBe(0);

    await rename(unplugged, usb);
    await card('USB drive').getByRole('button', { name: 'Try again' }).click();
    await seeStatus(page, 'All 2 photos backed up');
    await card('USB drive').getByText('Working').waitFor();
    await app.showsInTray('idle');
    const [one, other] = [await backedUpHashes(workspace.backup), await backedUpHashes(usb)];
    expect(other.toSorted()).toEqual(expect.arrayContaining(one.toSorted()));
  });
});
