import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { keepPasted } from '../../../electron/main/pasted/keep-pasted.ts';
import { desktopRequests } from '../../../shared/contract/desktop/requests.ts';
import { largestPasted } from '../../../shared/domain/pasted-image.ts';
import { temporaryDirectory } from '../../support/catalog/temporary-directory.ts';

const at = new Date(2026, 10, 23, 9, 41, 7);
const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3);

test('an image from the clipboard becomes a file named by the time, and replaces none', async () => {
  const folder = join(await temporaryDirectory(), 'Pictures', 'Cloudroll', 'Pasted');
  const first = await keepPasted(folder, png, at);
  expect(first).toBe(join(folder, 'Pasted 2026-11-23 09.41.07.png'));
  expect(new Uint8Array(await readFile(first))).toEqual(png);
  const second = await keepPasted(folder, png, at);
  expect(second).toBe(join(folder, 'Pasted 2026-11-23 09.41.07 (2).png'));
});

test('what is no PNG or too large is refused, and leaves nothing', async () => {
  const folder = await temporaryDirectory();
  const html = new TextEncoder().encode('<script>alert(1)</script>');
  const large = new Uint8Array(largestPasted + 1);
  large.set(png);
  for (const image of [html, new Uint8Array(0), large]) {
    await expect(keepPasted(folder, image, at)).rejects.toMatchObject({
      failure: { code: 'unsupported' },
    });
  }
  expect(await readdir(folder)).toEqual([]);
  expect(desktopRequests.keepPasted.safeParse({ image: large }).success).toBe(false);
  expect(desktopRequests.keepPasted.safeParse({ image: [1, 2] }).success).toBe(false);
  expect(desktopRequests.keepPasted.safeParse({ image: png, path: '/etc' }).success).toBe(false);
});

test('a folder that cannot be made is said', async () => {
  const folder = await temporaryDirectory();
  await mkdir(join(folder, 'Pictures'));
  await writeFile(join(folder, 'Pictures', 'Cloudroll'), 'a file is in the way');
  await expect(
    keepPasted(join(folder, 'Pictures', 'Cloudroll', 'Pasted'), png, at),
  ).rejects.toThrow();
});
