import { mkdir } from 'node:fs/promises';
import type { Page } from 'playwright-core';

import { snapshotSchema } from '../../../../shared/contract/app/methods.ts';
import type { SyncStatus } from '../../../../shared/contract/app/status.ts';
import type { Workspace } from '../../cli/workspace.ts';
import { askFromPage } from '../../electron/page-client.ts';

/** What people do in the window, in its English. */

/** Goes to a view by the navigation. */
export async function goTo(
  page: Page,
  place: 'Photos' | 'Backup' | 'Settings' | 'Upload photos',
): Promise<void> {
  await page.getByRole('link', { name: place, exact: true }).click();
}

/** The state of the backup, as the window shows it at all times. */
export async function seeStatus(page: Page, text: string): Promise<void> {
  await page.getByRole('link', { name: `Backup status: ${text}`, exact: true }).waitFor();
}

/** The Pictures folder and a destination, without the wizard: asked for from inside the window. */
export async function setUp(page: Page, workspace: Workspace): Promise<void> {
  await page.locator('h1').first().waitFor();
  await askFromPage(page, 'folders.add', { path: workspace.photos });
  await mkdir(workspace.backup, { recursive: true });
  await addDestination(page, 'Backup', workspace.backup);
  await askFromPage(page, 'settings.update', { setup: 'done', language: 'en' });
  await page.evaluate("location.hash = '#/'");
  await page.getByRole('navigation').first().waitFor();
}

export async function addDestination(page: Page, name: string, path: string): Promise<void> {
  await askFromPage(page, 'destinations.add', {
    draft: { card: 'file', name, values: { path }, secrets: {} },
  });
}

/** The engine's own figures. */
export async function statusOf(page: Page): Promise<SyncStatus> {
  return snapshotSchema.parse(await askFromPage(page, 'app.snapshot', {})).status;
}
