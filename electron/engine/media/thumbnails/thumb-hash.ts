import { rgbaToThumbHash } from 'thumbhash';

/** Pixels in rows from the top, 8 bits a channel: grey or red, green, blue. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
}

/** ThumbHash keeps a handful of frequencies: 32 px hold them all. */
const longestSide = 32;

/** The ThumbHash (evanw.github.io/thumbhash) of an opaque picture, base64. */
export function thumbHashOf(picture: Pixels): string {
  const scale = Math.min(1, longestSide / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const hash = rgbaToThumbHash(width, height, average(picture, width, height));
  return Buffer.from(hash).toString('base64');
}

/** Each pixel is the mean of those that it stands for; the result is opaque RGBA. */
function average(picture: Pixels, width: number, height: number): Uint8Array {
  const rgba = new Uint8Array(width * height * 4);
  const edge = (index: number, count: number, length: number): number =>
    Math.floor((index * length) / count);
  let to = 0;
  for (let y = 0; y < height; y += 1) {
    const top = edge(y, height, picture.height);
    const bottom = edge(y + 1, height, picture.height);
    for (let x = 0; x < width; x += 1) {
      const left = edge(x, width, picture.width);
      const right = edge(x + 1, width, picture.width);
      writeMean(picture, { top, bottom, left, right }, rgba, to);
      to += 4;
    }
  }
  return rgba;
}

interface Box {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

function writeMean(
  { data, width, channels }: Pixels,
  { top, bottom, left, right }: Box,
  rgba: Uint8Array,
  to: number,
): void {
  const green = channels < 3 ? 0 : 1;
  const blue = channels < 3 ? 0 : 2;
  let sumRed = 0;
  let sumGreen = 0;
  let sumBlue = 0;
  for (let y = top; y < bottom; y += 1) {
    const end = (y * width + right) * channels;
    for (let at = (y * width + left) * channels; at < end; at += channels) {
      sumRed += data[at] ?? 0;
      sumGreen += data[at + green] ?? 0;
      sumBlue += data[at + blue] ?? 0;
    }
  }
  const count = (bottom - top) * (right - left);
  rgba[to] = sumRed / count;
  rgba[to + 1] = sumGreen / count;
  rgba[to + 2] = sumBlue / count;
  rgba[to + 3] = 255;
}
