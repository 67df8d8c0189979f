import type { Page } from 'playwright-core';

/** Shapes of photos, as the served pictures have them, and their width by height. */
const SHAPES = ['4032x3024', '3024x4032', '4032x3024', '6000x4000', '4000x6000', '4032x3024'];
const ROW = 204;
const GAP = 4;
/** Pictures of different content that are served. */
const SCENES = 96;

/**
 * Opens what the window's timeline would be if nothing had to be done for it: the same pictures in rows of the
 * same height in a box of the same class, all there and loaded from the beginning, without a single script.
 * What scrolling it takes is the machine's and the browser's own.
 *
 * @param address of the served window, whose pictures it shows
 * @param length pixels to scroll, at least
 */
export async function openBarePage(page: Page, address: string, length: number): Promise<void> {
  const rows = Math.ceil(length / (ROW + GAP)) + 10;
  await page.route(`${address}/bare`, (route) =>
    route.fulfill({ contentType: 'text/html', body: barePage(rows) }),
  );
  await page.goto(`${address}/bare`);
  await page.waitForLoadState('networkidle');
}

function barePage(rows: number): string {
  const pictures = Array.from({ length: rows }, (_, row) => rowOfPictures(row)).join('');
  const scroller = 'position:absolute;inset:64px 0 0 240px;overflow:hidden scroll;background:#fff';
  return `<!doctype html><body style="margin:0;background:#fff">
    <div class="timeline-scroller" style="${scroller}">
      <div style="position:relative;height:${String(rows * (ROW + GAP))}px">${pictures}</div>
    </div>`;
}

function rowOfPictures(row: number): string {
  let left = 24;
  return SHAPES.map((shape, place) => {
    const [width = 1, height = 1] = shape.split('x').map(Number);
    const shown = Math.round((width / height) * ROW);
    const style = [
      'position:absolute',
      'object-fit:cover',
      `left:${String(left)}px`,
      `top:${String(row * (ROW + GAP))}px`,
      `width:${String(shown)}px`,
      `height:${String(ROW)}px`,
    ].join(';');
    left += shown + GAP;
    const scene = (row * SHAPES.length + place) % SCENES;
    return `<img alt="" src="/pictures/${String(scene)}/${shape}/grid" style="${style}">`;
  }).join('');
}
