import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { readPreferences } from '../../../electron/main/preferences/preferences.ts';
import { findChromium } from '../../support/electron/display/chromium.ts';
import { launchStandIn, whyNoStandIn, type StandIn } from '../../support/electron/launch.ts';
import type { DesktopState } from '../../support/electron/messages.ts';
import { askFromPage, fromBridge } from '../../support/electron/page-client.ts';
import { jpeg, writeAtRest } from '../../support/cli/workspace.ts';

const browser = findChromium();
const reason = 'missing' in browser ? browser.missing : whyNoStandIn();
const skipped = reason !== null && process.env['CI'] !== 'true';
if (skipped) console.warn(`skipped: the desktop app: ${reason}`);

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cloudroll-desktop-'));
});
afterEach(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));

const data = (): string => join(root, 'data');

async function makePhotos(count: number): Promise<string> {
  const folder = join(root, 'photos');
  await mkdir(folder, { recursive: true });
  for (let seed = 0; seed < count; seed += 1) {
    await writeAtRest(join(folder, `${String(seed)}.jpg`), await jpeg(seed));
  }
  return folder;
}

/** Folder and destination as the wizard sets them, asked for from inside the window. */
async function setUp(app: StandIn, photos: string): Promise<void> {
  const page = await app.page();
  await app.until((state) => hasIcon(state, 'attention'));
  await askFromPage(page, 'folders.add', { path: photos });
  const backup = join(root, 'backup');
  await mkdir(backup);
  await askFromPage(page, 'destinations.add', {
    draft: { card: 'file', name: 'Backup', values: { path: backup }, secrets: {} },
  });
  await askFromPage(page, 'settings.update', { setup: 'done' });
}

function hasIcon({ tray }: DesktopState, name: string): boolean {
  return tray !== null && basename(tray.image).startsWith(name);
}

function backedUp(count: number) {
  return (state: DesktopState): DesktopState | null =>
    hasIcon(state, 'idle') && state.tray?.toolTip.includes(`${String(count)} photo`) === true
      ? state
      : null;
}

describe.skipIf(skipped)('the desktop app', () => {
  test('opens its window, joins it to the engine and backs photos up', async () => {
    await using app = await launchStandIn({ data: data() });
    const page = await app.page();
    await app.until(({ windows }) => windows.some(({ visible }) => visible));
    expect(await page.title()).toBe('Cloudroll');
    await setUp(app, await makePhotos(3));
    await app.until(backedUp(3));
    const snapshot = await askFromPage(page, 'app.snapshot', {});
    expect(snapshot).toMatchObject({ status: { photos: 3, safe: 3, waiting: 0, failed: 0 } });
    expect(await readdir(join(root, 'backup'))).not.toEqual([]);
  });

  test('shows photos by id, and nothing else', async () => {
    await using app = await launchStandIn({ data: data() });
    const page = await app.page();
    await setUp(app, await makePhotos(1));
    await app.until(backedUp(1));
    const [day] = (await askFromPage(page, 'timeline.days', { filter: {} })) as { day: string }[];
    const newest = day?.day ?? '';
    const range = { filter: {}, newest, oldest: newest, offset: 0, limit: 10 };
    const [item] = (await askFromPage(page, 'timeline.range', range)) as { id: string }[];
    const id = item?.id ?? '';
    const address = await fromBridge(page, (bridge) => bridge.pictureUrl('x', 'grid'));
    const sizeOf = (url: string): Promise<number> =>
      page.evaluate(
        (source) =>
          new Promise<number>((resolve) => {
            const image: { src: string; naturalWidth: number; onload: unknown; onerror: unknown } =
              Reflect.construct(Reflect.get(globalThis, 'Image') as new () => never, []);
            image.onload = () => {
              resolve(image.naturalWidth);
            };
            image.onerror = () => {
              resolve(0);
            };
            image.src = source;
          }),
        url,
      );
    expect(await sizeOf(address.replace('/x/', `/${id}/`))).toBeGreaterThan(0);
    expect(await sizeOf(address.replace('/x/', '/zzzzz/'))).toBe(0);
    expect(await sizeOf('https://example.com/a.png')).toBe(0);
  });

  test('is a page with no way out: no inline script, no other origin, no window of its own', async () => {
    await using app = await launchStandIn({ data: data() });
    const page = await app.page();
    const outcome = await page.evaluate(async () => {
      const page = globalThis as typeof globalThis & {
        document: {
          createElement: (name: string) => { textContent: string };
          head: { append: (element: unknown) => void };
        };
      };
      const script = page.document.createElement('script');
      script.textContent = 'globalThis.ran = true';
      page.document.head.append(script);
      const fetched = await fetch('https://example.com/').then(
        () => 'fetched',
        () => 'refused',
      );
      return { ran: Reflect.has(globalThis, 'ran'), fetched, node: typeof globalThis.process };
    });
    expect(outcome).toEqual({ ran: false, fetched: 'refused', node: 'undefined' });
    expect(await fromBridge(page, (bridge) => Object.keys(bridge).toSorted())).toEqual(
      [
        ...['chooseFiles', 'chooseFolder', 'connect', 'copyPicture', 'languages', 'onCommand'],
        ...['keepPasted', 'openExternal', 'pathOf', 'pictureUrl', 'showPhotos', 'uploadUrl'],
      ].toSorted(),
    );
  });

  test('answers no frame inside its page', async () => {
    await using app = await launchStandIn({ data: data() });
    const answer = await app.askAsFrame('timeline', 'request:openExternal', {
      address: 'https://portal.azure.com/',
    });
    expect(answer).toMatchObject({ ok: false, failure: { code: 'auth' } });
    expect((await app.state()).openedExternally).toEqual([]);
  });

  test('opens only what its own texts lead to', async () => {
    await using app = await launchStandIn({ data: data() });
    const page = await app.page();
    await fromBridge(page, (bridge) => {
      bridge.openExternal('https://example.com/');
      bridge.openExternal('https://portal.azure.com/');
      bridge.openExternal('https://console.ncloud.com/objectStorage/bucket');
    });
    const { openedExternally } = await app.until(
      (state) => state.openedExternally.length > 0 && state,
    );
    expect(openedExternally).toEqual(['https://console.ncloud.com/objectStorage/bucket']);
  });

  test('starts its engine again when that is killed, and loses nothing', async () => {
    await using app = await launchStandIn({ data: data() });
    const page = await app.page();
    await setUp(app, await makePhotos(2));
    await app.until(backedUp(2));
    const killed = await app.killEngine();
    await app.until(
      (state) => hasIcon(state, 'attention') && state.tray?.toolTip.includes('Nothing is lost'),
    );
    await app.until(backedUp(2));
    const { engine, engineStarts } = await app.state();
    expect(engine).not.toBe(killed);
    expect(engineStarts).toBe(2);
    const snapshot = await askFromPage(page, 'app.snapshot', {});
    expect(snapshot).toMatchObject({ status: { photos: 2, safe: 2 } });
  });

  test('goes on where it was when its engine is killed in the middle, and sends nothing twice', async () => {
    await using app = await launchStandIn({ data: data() });
    await setUp(app, await makePhotos(12));
    await app.killEngine();
    await app.until(({ engineStarts }) => engineStarts === 2);
    await app.until(backedUp(12));
    const stored = await readdir(join(root, 'backup'), { recursive: true });
    expect(stored.filter((name) => /^\d{4}.*\.jpg$/u.test(name))).toHaveLength(12);
  });

  test('pauses and resumes from the tray, which says so', async () => {
    await using app = await launchStandIn({ data: data() });
    await setUp(app, await makePhotos(1));
    await app.until(backedUp(1));
    await app.chooseFromTray('Pause', 'Until I resume it');
    await app.until((state) => hasIcon(state, 'paused'));
    await app.chooseFromTray('Resume');
    await app.until(backedUp(1));
  });

  test('lives on in the tray when its window is closed, says so once, and opens it again', async () => {
    await using app = await launchStandIn({ data: data() });
    await app.page();
    await app.closeWindow();
    const told = await app.until(({ notifications }) => notifications.at(0));
    expect(told.title).toBe('Cloudroll goes on in the background');
    app.drive({ do: 'clickTray' });
    await app.page();
    await app.closeWindow();
    app.drive({ do: 'clickTray' });
    await app.page();
    expect((await app.state()).notifications).toHaveLength(1);
    const stored = await readFile(join(data(), 'desktop', 'preferences.json'), 'utf8');
    expect(readPreferences(JSON.parse(stored))).toMatchObject({
      toldAboutTray: true,
      windows: { timeline: { bounds: { width: 1240, height: 820 }, maximized: false } },
    });
  });

  test('quits by name only: transfers are parked, the data directory is free, status 0', async () => {
    await using app = await launchStandIn({ data: data() });
    await setUp(app, await makePhotos(2));
    await app.chooseFromTray('Quit Cloudroll');
    expect(await app.ended).toBe(0);
    await using again = await launchStandIn({ data: data() });
    await again.until(backedUp(2));
  });

  test('is one app: a second start hands over its files and ends', async () => {
    await using app = await launchStandIn({ data: data(), args: ['--hidden'] });
    await app.until(({ engine }) => engine);
    expect((await app.state()).windows).toEqual([]);
    const photos = await makePhotos(1);
    const args = ['upload', join(photos, '0.jpg')];
    expect(await app.secondStart({ data: data(), args })).toBe(0);
    const page = await app.page('upload');
    expect(page.url()).toContain('#/upload');
  });

  test('leads from the upload window to the photos in the main one', async () => {
    await using app = await launchStandIn({ data: data() });
    const photos = await makePhotos(1);
    await setUp(app, photos);
    await app.until(backedUp(1));
    await app.closeWindow();
    app.drive({ do: 'openFile', path: join(photos, '0.jpg') });
    const upload = await app.page('upload');
    await upload.getByRole('button', { name: 'Show “0.jpg” among the photos' }).click();
    const main = await app.page('timeline');
    await main.getByRole('button', { name: 'Show information' }).waitFor();
    await app.closeWindow();
    await upload.getByRole('button', { name: 'Photos', exact: true }).click();
    await (await app.page('timeline')).locator('.tile').first().waitFor();
    expect(upload.url()).toContain('#/upload');
  });

  test('opens views by links, and files by "Open with"', async () => {
    await using app = await launchStandIn({ data: data(), args: ['--hidden'] });
    await app.until(({ engine }) => engine);
    app.drive({ do: 'openUrl', url: 'cloudroll://open/settings' });
    await app.page('timeline');
    app.drive({ do: 'openFile', path: join(await makePhotos(1), '0.jpg') });
    await app.page('upload');
  });

  test('speaks Korean to those who do', async () => {
    await using app = await launchStandIn({ data: data(), languages: ['ko-KR', 'en-US'] });
    const page = await app.page();
    await app.until(({ tray }) => tray?.menu.some(({ label }) => label === 'Cloudroll 종료'));
    expect(await fromBridge(page, (bridge) => bridge.languages)).toEqual(['ko-KR', 'en-US']);
  });

  test('copies diagnostics without secrets', async () => {
    const env = { AWS_SECRET_ACCESS_KEY: 'very-secret-key' };
    await using app = await launchStandIn({ data: data(), env });
    await app.until((state) => hasIcon(state, 'attention'));
    await app.chooseFromMenu('Help', 'Copy Diagnostics');
    const text = await app.until(({ clipboardText }) => clipboardText !== '' && clipboardText);
    expect(text).toContain('Cloudroll');
    expect(text).toContain('## Engine');
    expect(text).not.toContain('very-secret-key');
  });
});
