import { thumbHashToAverageRGBA, thumbHashToDataURL } from 'thumbhash';

/** Placeholders that are kept drawn. */
const KEPT = 3000;
const drawn = new Map<string, string>();

/** A ThumbHash in base64 as the address of a tiny blurred picture; null where it is none. */
export function placeholderOf(thumbHash: string): string | null {
  const known = drawn.get(thumbHash);
  if (known !== undefined) return known;
  const address = draw(thumbHash);
  if (address === null) return null;
  drawn.set(thumbHash, address);
  const [oldest] = drawn.keys();
  if (drawn.size > KEPT && oldest !== undefined) drawn.delete(oldest);
  return address;
}

const colours = new Map<string, string>();

/** The average colour of a ThumbHash in base64; undefined where it is none. */
export function averageOf(thumbHash: string | null): string | undefined {
  if (thumbHash === null) return undefined;
  const known = colours.get(thumbHash);
  if (known !== undefined) return known;
  const bytes = bytesOf(thumbHash);
  if (bytes === null) return undefined;
  const { r, g, b } = thumbHashToAverageRGBA(bytes);
  const colour = `rgb(${[r, g, b].map((part) => Math.round(part * 255)).join(' ')})`;
  if (colours.size > KEPT) colours.clear();
  colours.set(thumbHash, colour);
  return colour;
}

function draw(thumbHash: string): string | null {
  const bytes = bytesOf(thumbHash);
  return bytes === null ? null : thumbHashToDataURL(bytes);
}

/** A ThumbHash has at most 5 bytes of header and 20 of waves; anything else is none. */
function bytesOf(thumbHash: string): Uint8Array | null {
  try {
    const bytes = Uint8Array.from(atob(thumbHash), (letter) => letter.charCodeAt(0));
    return bytes.length < 6 || bytes.length > 40 ? null : bytes;
  } catch {
    return null;
  }
}
