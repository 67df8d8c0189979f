/** Images that came from the clipboard and are no file yet. */

/** Folder below the one for uploads that they are kept in. */
export const pastedFolder = 'Pasted';

/** The largest that is taken, bytes. */
export const largestPasted = 128 * 1024 * 1024;

/** PNG (Third Edition), 5.2: what every file begins with. */
const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;

export function isPng(bytes: Uint8Array): boolean {
  return pngSignature.every((byte, index) => bytes[index] === byte);
}

/** The name of the file that an image becomes, by the wall time of its pasting: `Pasted 2026-11-23 09.41.07.png`. */
export function pastedName(at: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [String(at.getFullYear()), two(at.getMonth() + 1), two(at.getDate())].join('-');
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join('.');
  return `Pasted ${day} ${time}.png`;
}
