import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { _electron, type ElectronApplication } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { electronFolder } from '../../../build/scripts/package/electron-binary.ts';
import { whyNoStandIn } from '../../support/electron/launch.ts';
import { askFromPage, fromBridge } from '../../support/electron/page-client.ts';

/** The same app on Electron itself, where its binary is. */

const main = fileURLToPath(new URL('../../../build/dist/main/main.js', import.meta.url));
const reason =
  electronFolder() === null
    ? 'the Electron binary is not installed: run "npx install-electron".'
    : whyNoStandIn();
if (reason !== null) console.warn(`skipped: the desktop app on Electron itself: ${reason}`);

let data = '';
let app: ElectronApplication | null = null;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'cloudroll-electron-'));
});
afterEach(async () => {
  await app?.close();
  app = null;
  await rm(data, { recursive: true, force: true, maxRetries: 5 });
});

describe.skipIf(reason !== null)('the desktop app on Electron', () => {
  test('opens its window, joins it to the engine, and keeps its page locked up', async () => {
    // Chromium refuses to be sandboxed for root.
    const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    app = await _electron.launch({ args: [...root, main, '--data', data] });
    const page = await app.firstWindow();
    expect(page.url()).toContain('cloudroll://app/index.html');
    expect(await page.evaluate(() => typeof globalThis.process)).toBe('undefined');
    expect(await fromBridge(page, (bridge) => bridge.pictureUrl('abc', 'grid'))).toBe(
      'cloudroll://picture/abc/grid',
    );
    expect(await askFromPage(page, 'app.snapshot', {})).toMatchObject({ status: { photos: 0 } });
  });

  test('ends when it is told to, with everything parked', async () => {
    const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    app = await _electron.launch({ args: [...root, main, '--data', data] });
    await app.firstWindow();
    const ended = new Promise<number | null>((resolve) => {
      app?.process().once('exit', resolve);
    });
    await app.evaluate(({ app: running }) => {
      running.quit();
    });
    expect(await ended).toBe(0);
    app = null;
  });
});
