import { fail } from '../../shared/domain/failure.ts';

/**
 * Puts a picture on the clipboard as PNG, the one format that browsers write (W3C Clipboard API, 6.3).
 *
 * @throws CloudrollError `unsupported` where the browser does not let a page do so, `unreadable` where there
 * is no picture
 */
export async function copyPicture(address: string): Promise<void> {
  const { clipboard } = navigator;
  if (typeof ClipboardItem === 'undefined') {
    throw fail('unsupported', 'This browser does not let a page copy pictures.');
  }
  // The promise goes in as it is: some browsers allow copying only right at the click.
  await clipboard.write([new ClipboardItem({ 'image/png': pngOf(address) })]);
}

async function pngOf(address: string): Promise<Blob> {
  const response = await fetch(address);
  if (!response.ok) throw fail('unreadable', 'There is no picture of this photo to copy.');
  const bitmap = await createImageBitmap(await response.blob());
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas.convertToBlob({ type: 'image/png' });
}
