/** Draws the icons: build/icons/app for the packages, build/icons/tray for the tray. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import pngToIco from 'png-to-ico';
import sharp from 'sharp';

import { trayGlyph, trayIcons, type TrayStyle } from './tray-glyphs.ts';

const icons = new URL('../../icons/', import.meta.url);

/** Sizes of the freedesktop icon theme and of macOS, pixels. */
const appSizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024] as const;
/** Sizes that Windows picks from by the screen's density. */
const windowsTraySizes = [16, 20, 24, 32, 48] as const;
/** Panels of Linux are 22 or 24 pixels high. */
const linuxTraySize = 24;
const macTraySize = 18;

/** Drawings are made larger by this and scaled down, which keeps edges even. */
const oversize = 4;
const dotsPerInch = 72;

/** @param grid width of the drawing's own coordinates */
async function draw(svg: string | Buffer, grid: number, size: number): Promise<Buffer> {
  const density = (dotsPerInch * oversize * size) / grid;
  const drawn = sharp(Buffer.from(svg), { density }).resize(size, size);
  return drawn.png({ compressionLevel: 9 }).toBuffer();
}

async function drawApp(): Promise<void> {
  const folder = new URL('app/', icons);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const source = await readFile(new URL('source/app.svg', icons));
  for (const size of appSizes) {
    await writeFile(new URL(`${String(size)}.png`, folder), await draw(source, 1024, size));
  }
}

async function drawTray(): Promise<void> {
  const folder = new URL('tray/', icons);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const icon of trayIcons) {
    const glyph = (style: TrayStyle, size: number): Promise<Buffer> =>
      draw(trayGlyph(icon, style), 24, size);
    const write = (name: string, bytes: Buffer): Promise<void> =>
      writeFile(new URL(name, folder), bytes);
    await write(`${icon}.png`, await glyph('colour', linuxTraySize));
    await write(`${icon}@2x.png`, await glyph('colour', 2 * linuxTraySize));
    await write(`${icon}Template.png`, await glyph('template', macTraySize));
    await write(`${icon}Template@2x.png`, await glyph('template', 2 * macTraySize));
    const sizes = await Promise.all(windowsTraySizes.map((size) => glyph('colour', size)));
    await write(`${icon}.ico`, await pngToIco(sizes));
  }
}

await drawApp();
await drawTray();
console.log(`Icons drawn into ${fileURLToPath(icons)}`);
