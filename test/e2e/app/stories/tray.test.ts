import { cp, readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';

import { startKeychainSession, whyNoSecretService } from '../../../support/cli/keychain-session.ts';
import { jpeg, Workspace } from '../../../support/cli/workspace.ts';
import { startNextcloud } from '../../../support/doubles/nextcloud.ts';
import { standInHost } from '../../../support/e2e/app/stand-in-host.ts';
import { launchStandIn, type StandIn } from '../../../support/electron/launch.ts';
import type { DesktopState, MenuState } from '../../../support/electron/messages.ts';
import { askFromPage } from '../../../support/electron/page-client.ts';
import { haveSharedPhotos, sharedPhotos } from '../../../support/media/shared-photos.ts';
import { startHttpProxy, type HttpProxy } from '../../../support/network/http-proxy.ts';

const made = 4;
const user = { name: 'me', password: 'app-password' };
const whyNot = standInHost.missing() ?? whyNoSecretService();
const skipped = whyNot !== null && process.env['CI'] !== 'true';
if (skipped) console.warn(`skipped: the tray through a day: ${whyNot}`);

/** Photos as cameras wrote them, where they are to be had, and some that are made. */
async function makePictures(workspace: Workspace): Promise<void> {
  for (let seed = 0; seed < made; seed += 1) {
    await workspace.write(`${String(seed)}.jpg`, await jpeg(seed));
  }
  if (!haveSharedPhotos) return;
  const folder = join(sharedPhotos, 'orientation');
  const names = (await readdir(folder)).filter((name) => extname(name) === '.jpg');
  for (const name of names.slice(0, made)) {
    await cp(join(folder, name), join(workspace.photos, name), { preserveTimestamps: true });
  }
}

async function setUp(app: StandIn, workspace: Workspace, port: number): Promise<void> {
  const page = await app.page();
  await page.locator('h1').first().waitFor();
  await askFromPage(page, 'folders.add', { path: workspace.photos });
  const address = `http://127.0.0.1:${String(port)}/remote.php/dav/files/${user.name}/`;
  const secrets = { CLOUDROLL_USERNAME: user.name, CLOUDROLL_PASSWORD: user.password };
  await askFromPage(page, 'destinations.add', {
    draft: { card: 'webdavs:nextcloud', name: 'Cloud', values: { address, folder: '' }, secrets },
  });
  await askFromPage(page, 'settings.update', { setup: 'done', language: 'en' });
}

interface Tray {
  readonly icon: string;
  /** What the tooltip says below the app's name. */
  readonly summary: string;
  readonly menu: readonly string[];
}

function labelsOf(items: readonly MenuState[]): string[] {
  return items.flatMap(({ label, submenu }) => [label, ...labelsOf(submenu)]);
}

function trayOf({ tray }: DesktopState): Tray | null {
  if (tray === null) return null;
  const [, summary = ''] = tray.toolTip.split('\n');
  const file = basename(tray.image);
  return { icon: file.slice(0, -extname(file).length), summary, menu: labelsOf(tray.menu) };
}

/** Waits for an icon together with what it has to say, and for its menu to say the same. */
function sees(app: StandIn, icon: string, summary: RegExp): Promise<Tray> {
  return app.until((state) => {
    const tray = trayOf(state);
    const shown = tray?.icon.startsWith(icon) === true && summary.test(tray.summary);
    return shown && tray.menu[0] === tray.summary ? tray : null;
  });
}

const isPhoto = (path: string): boolean => /\.jpe?g/iu.test(path);

/** Lets no photo in until it is opened. */
function closeTheDoor(cloud: HttpProxy): () => void {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  cloud.behave({
    waits: ({ method, path }) => (method === 'PUT' && isPhoto(path) ? promise : undefined),
  });
  return () => {
    cloud.behave({});
    resolve(undefined);
  };
}

async function start(): Promise<{ app: StandIn; workspace: Workspace; cloud: HttpProxy }> {
  const workspace = await Workspace.create();
  onTestFinished(() => workspace[Symbol.asyncDispose]());
  const keychain = await startKeychainSession(workspace.root);
  onTestFinished(() => keychain[Symbol.asyncDispose]());
  const nextcloud = await startNextcloud(user.name, user.password);
  onTestFinished(() => nextcloud.close());
  const cloud = await startHttpProxy(nextcloud.port);
  onTestFinished(() => cloud.close());
  const home = { HOME: workspace.root, XDG_CONFIG_HOME: workspace.path('.config') };
  const env = { ...home, ...keychain.environment };
  const app = await launchStandIn({ data: workspace.data, env });
  onTestFinished(() => app[Symbol.asyncDispose]());
  return { app, workspace, cloud };
}

describe.skipIf(skipped)('the tray through a day', () => {
  test('is true while photos are sent, wait, cannot be sent and are safe', async () => {
    const { app, workspace, cloud } = await start();
    await makePictures(workspace);
    const photos = (await readdir(workspace.photos)).length;
    const page = await app.page();

    // Nothing is set up: the tray says what to do, and nothing can be paused.
    const empty = await sees(app, 'attention', /^Choose what to back up, and where to$/u);
    expect(empty.menu).toEqual(expect.arrayContaining(['Pause', 'Nothing yet']));
    expect(empty.menu).not.toContain('For 1 hour');

    // Photos are on their way and none has arrived.
    const open = closeTheDoor(cloud);
    await setUp(app, workspace, cloud.port);
    const none = new RegExp(`^Backing up: 0 of ${String(photos)} photos(?: \\(\\d+ %\\))?$`, 'u');
    const syncing = await sees(app, 'syncing-', none);
    expect(syncing.menu).toEqual(
      expect.arrayContaining(['For 1 hour', 'Nothing yet', 'Nothing needs your attention']),
    );

    // A person pauses in the middle.
    await app.chooseFromTray('Pause', 'Until I resume it');
    const paused = await sees(app, 'paused', /^Paused, \d+ photos? waiting$/u);
    expect(paused.menu).toContain('Resume');
    expect(paused.menu).not.toContain('For 1 hour');
    open();
    await app.chooseFromTray('Resume');
    const safe = (count: number): Promise<Tray> =>
      sees(app, 'idle', new RegExp(`^All backed up: ${String(count)} photos$`, 'u'));
    await safe(photos);
    const recent = await app.until((state) => {
      const tray = trayOf(state);
      return tray?.menu.some((label) => / photos? to Cloud, /u.test(label)) === true ? tray : null;
    });
    expect(recent).toMatchObject({ icon: 'idle' });
    expect(recent.menu).not.toContain('Nothing yet');

    // The cloud goes away, a photo comes, and the cloud is there again.
    cloud.behave({ breaks: () => true });
    await workspace.writeNow('offline.jpg', await jpeg(100));
    const offline = await sees(app, 'offline', /^Offline, 1 photo waiting$/u);
    expect(offline.menu).toContain('Nothing needs your attention');
    cloud.behave({});
    await askFromPage(page, 'sync.now', {});
    await safe(photos + 1);

    // It has no room for the next one.
    cloud.behave({
      answer: ({ method, path }) =>
        method === 'PUT' && isPhoto(path) ? { status: 507 } : undefined,
    });
    await workspace.writeNow('full.jpg', await jpeg(101));
    const full = await sees(app, 'attention', /^Cloud is full$/u);
    expect(full.menu).toEqual(expect.arrayContaining(['Needs your attention', 'Cloud is full']));
    cloud.behave({});
    await askFromPage(page, 'sync.now', {});
    await safe(photos + 2);

    // It refuses a photo for good: that one needs a person, the others stay safe.
    cloud.behave({
      answer: ({ method, path }) =>
        method === 'PUT' && isPhoto(path) ? { status: 415 } : undefined,
    });
    await workspace.writeNow('refused.jpg', await jpeg(102));
    const failed = await sees(app, 'attention', /^1 photo could not be backed up$/u);
    expect(failed.menu).toContain('Needs your attention');
    cloud.behave({});
    await askFromPage(page, 'problems.retry', { ids: null });
    const last = await safe(photos + 3);
    expect(last.menu).toContain('Nothing needs your attention');
  });
});
