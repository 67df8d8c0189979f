import { fail } from '../../shared/domain/failure.ts';
import { largestPasted, pastedName } from '../../shared/domain/pasted-image.ts';

/** A bitmap on the clipboard is made a file at the moment of pasting; milliseconds that this may take. */
const FRESH_MS = 10_000;

/**
 * Whether a pasted file is a bitmap that some program copied: browsers call it `image.png` and give it the time
 * of the pasting.
 */
export function isPastedBitmap(
  { name, type, lastModified }: Pick<File, 'name' | 'type' | 'lastModified'>,
  nowMs: number,
): boolean {
  const nameless = name === '' || name === 'image.png';
  return nameless && type === 'image/png' && Math.abs(nowMs - lastModified) < FRESH_MS;
}

/** @throws `unsupported` for an image that is too large to be pasted */
export function checkPasted({ size }: Pick<File, 'size'>): void {
  if (size <= largestPasted) return;
  throw fail('unsupported', 'The pasted image is too large.', {
    hint: 'Save it as a file first, then drop the file.',
  });
}

/** The bitmap under the name of the file that it becomes. */
export function namedByDate(image: File): File {
  const { type, lastModified } = image;
  return new File([image], pastedName(new Date(lastModified)), { type, lastModified });
}
