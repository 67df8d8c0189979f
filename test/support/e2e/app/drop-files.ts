import type { Page } from 'playwright-core';

/** Drops files and folders onto the middle of a page with the browser's own input, so that they are real. */
export async function dropFiles(page: Page, paths: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { width, height } = page.viewportSize() ?? { width: 800, height: 600 };
  const copying = 1;
  const data = { items: [], files: [...paths], dragOperationsMask: copying };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: width / 2, y: height / 2, data });
  }
  await session.detach();
}
