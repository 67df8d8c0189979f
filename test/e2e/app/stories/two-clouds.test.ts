import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';

import { startKeychainSession, whyNoSecretService } from '../../../support/cli/keychain-session.ts';
import { runCli } from '../../../support/cli/run-cli.ts';
import { hashesBelow, jpeg, Workspace } from '../../../support/cli/workspace.ts';
import { dropboxApp, startDropbox, type DropboxDouble } from '../../../support/doubles/dropbox.ts';
import { GoogleDriveDouble } from '../../../support/doubles/google-drive.ts';
import { goTo, seeStatus, statusOf } from '../../../support/e2e/app/acts.ts';
import type { AppUnderTest } from '../../../support/e2e/app/app-under-test.ts';
import { onEveryHost } from '../../../support/e2e/app/hosts.ts';

const MINUTE = 60_000;
const made = 4;
const googleClient = { id: 'client-1', secret: 'client-secret' };
const whyNot = whyNoSecretService();
if (whyNot !== null) console.warn(`skipped: two clouds at once: ${whyNot}`);

interface Clouds {
  readonly drive: GoogleDriveDouble;
  readonly dropbox: DropboxDouble;
}

/** Where the clouds are, for the app and the command line alike. */
function addressesOf({ drive, dropbox: { ports } }: Clouds): Record<string, string> {
  const at = (port: number): string => `http://127.0.0.1:${String(port)}`;
  return {
    CLOUDROLL_ENDPOINT_GDRIVE: at(drive.port),
    CLOUDROLL_ENDPOINT_GOOGLE_SIGN_IN: at(drive.port),
    CLOUDROLL_ENDPOINT_DROPBOX_API: at(ports.api),
    CLOUDROLL_ENDPOINT_DROPBOX_CONTENT: at(ports.content),
    CLOUDROLL_ENDPOINT_DROPBOX_SIGN_IN: at(ports.site),
  };
}

/** Known to the app alone: what is kept of a sign-in has to be enough for the command line. */
const clients = {
  CLOUDROLL_GOOGLE_CLIENT_ID: googleClient.id,
  CLOUDROLL_GOOGLE_CLIENT_SECRET: googleClient.secret,
  CLOUDROLL_DROPBOX_CLIENT_ID: dropboxApp.clientId,
};

/** Signs in by the button, in a page of the browser, and comes back. */
async function signIn(
  app: AppUnderTest,
  name: string,
  consent: (page: Page) => Promise<void>,
): Promise<void> {
  const button = app.page.getByRole('button', { name: `Sign in with ${name}…` });
  const page = await app.openInBrowser(button);
  await consent(page);
  await page.getByText('You are signed in').waitFor();
  await page.close();
  await app.page.getByText('Signed in as me@example.com').waitFor();
}

async function throughTheWizard(app: AppUnderTest): Promise<void> {
  const { page } = app;
  await page.getByRole('button', { name: 'Get started' }).click();
  await page.getByRole('checkbox', { name: /Pictures/u, checked: true }).waitFor();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('Google Drive', { exact: true }).click();
  await signIn(app, 'Google Drive', async (provider) => {
    await provider.getByRole('button', { name: 'Continue' }).click();
  });
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Start the backup' }).click();
  await page
    .getByRole('heading', { name: 'Your photos are backed up' })
    .waitFor({ timeout: 3 * MINUTE });
  await page.getByRole('button', { name: 'Go to my photos' }).click();
}

async function addDropbox(app: AppUnderTest): Promise<void> {
  const { page } = app;
  await goTo(page, 'Settings');
  await page.getByRole('link', { name: 'Destinations', exact: true }).click();
  await page.getByRole('button', { name: 'Add a destination…' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByText('Dropbox', { exact: true }).click();
  await signIn(app, 'Dropbox', () => Promise.resolve());
  await dialog.getByRole('button', { name: 'Test and add', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

/** Lets no photo into Dropbox until it is opened; tells how many wait before the door. */
function closeTheDoor({ faults }: DropboxDouble): { waiting: number; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const door = { waiting: 0, open: resolve as () => void };
  faults.holds = ({ headers }) => {
    if (!String(headers['dropbox-api-arg'] ?? '').includes('.jpg')) return null;
    door.waiting += 1;
    return promise;
  };
  return door;
}

onEveryHost('two clouds at once', (host) => {
  test.skipIf(whyNot !== null)(
    'signed in to by the browser, hold every photo, and each gives all of them back',
    { timeout: 15 * MINUTE },
    async () => {
      await using workspace = await Workspace.create();
      for (let seed = 0; seed < made; seed += 1) {
        await workspace.write(`${String(seed)}.jpg`, await jpeg(seed));
      }
      await using keychain = await startKeychainSession(workspace.root);
      const clouds = { drive: await GoogleDriveDouble.start(), dropbox: await startDropbox() };
      onTestFinished(async () => {
        await Promise.all([clouds.drive.close(), clouds.dropbox.close()]);
      });
      clouds.drive.accounts.register(googleClient.id, googleClient.secret);
      const environment = { ...keychain.environment, ...addressesOf(clouds) };
      await using app = await host.start(workspace, {
        environment: { ...environment, ...clients },
      });
      const { page } = app;
      await throughTheWizard(app);
      expect(await statusOf(page)).toMatchObject({ photos: made, safe: made, waiting: 0 });

      const door = closeTheDoor(clouds.dropbox);
      await addDropbox(app);
      await goTo(page, 'Backup');
      const figure = (name: string): Promise<string | null> =>
        page
          .getByRole('article', { name })
          .locator('dl.sync-destination-figures dd')
          .first()
          .textContent();
      await expect.poll(() => door.waiting, { timeout: MINUTE }).toBeGreaterThan(0);
      await expect.poll(() => figure('Dropbox')).toMatch(/^0/u);
      expect(await figure('Google Drive')).toMatch(/^4/u);
      expect(await statusOf(page)).toMatchObject({ photos: made, safe: 0, waiting: made });
      expect(await page.getByText(`All ${String(made)} photos backed up`).count()).toBe(0);
      door.open();
      await seeStatus(page, `All ${String(made)} photos backed up`);
      await expect.poll(() => figure('Dropbox')).toMatch(/^4/u);

      const dropbox = page.getByRole('article', { name: 'Dropbox' });
      await dropbox.getByRole('button', { name: 'Verify…' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('Read every photo').click();
      await dialog.getByRole('button', { name: 'Verify', exact: true }).click();
      await page.getByRole('tab', { name: 'History' }).click();
      await page
        .getByText(`${String(made)} files verified`, { exact: true })
        .first()
        .waitFor({ timeout: 2 * MINUTE });
      await app.stop();

      const originals = [...(await hashesBelow(workspace.photos)).values()].toSorted();
      for (const scheme of ['gdrive', 'dropbox']) {
        const into = workspace.path(`from-${scheme}`);
        const from = `${scheme}:///Cloudroll?account=me@example.com`;
        const data = workspace.path(`data-${scheme}`);
        const args = ['restore', '--from', from, '--into', into, '--data', data];
        const restored = await runCli(args, { environment });
        expect(restored).toMatchObject({ status: 0 });
        expect([...(await hashesBelow(into)).values()].toSorted()).toEqual(originals);
      }
    },
  );
});
