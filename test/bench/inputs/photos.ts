import sharp from 'sharp';

import type { Planned } from './manifest.ts';

const megapixels12 = { width: 4032, height: 3024 };
const small = { width: 32, height: 24 };
/** Pictures that are really drawn; the photos are these with other dates. */
const scenes = 12;
/** Makes 12 megapixels come to about 3.3 MB, as a phone's do. */
const grain = 16;
const firstMs = Date.UTC(2005, 0, 1);
const twentyYearsMs = 7305 * 86_400_000;
const dateLength = '2005:01:01 00:00:00'.length;

/** Photos of 12 megapixels and about 3.3 MB, each with a date and so with a content of its own. */
export async function* largePhotos(count: number): AsyncGenerator<Planned> {
  const drawn: Scene[] = [];
  for (let scene = 0; scene < Math.min(scenes, count); scene += 1) {
    drawn.push(await drawScene(megapixels12, scene));
  }
  for (let index = 0; index < count; index += 1) {
    const scene = drawn[index % drawn.length];
    if (scene !== undefined) yield photoOf(scene, index, count, 100);
  }
}

/** Tiny photos, 78 to a folder. */
export async function* smallPhotos(count: number): AsyncGenerator<Planned> {
  const scene = await drawScene(small, 0);
  for (let index = 0; index < count; index += 1) yield photoOf(scene, index, count, 78);
}

/** A JPEG and where its date stands in it. */
interface Scene {
  readonly jpeg: Buffer;
  readonly dateAt: number;
}

function photoOf(scene: Scene, index: number, count: number, perFolder: number): Planned {
  // Whole seconds, so that no two photos of a million have the same.
  const takenMs = firstMs + Math.floor((index * twentyYearsMs) / count / 1000) * 1000;
  const modified = new Date(takenMs);
  const date = modified.toISOString().slice(0, dateLength).replaceAll('-', ':').replace('T', ' ');
  const content = Buffer.from(scene.jpeg);
  content.write(date, scene.dateAt, 'latin1');
  const folder = String(Math.floor(index / perFolder)).padStart(4, '0');
  return {
    name: `event ${folder}/IMG_${String(index).padStart(6, '0')}.jpg`,
    content,
    modified,
  };
}

async function drawScene(
  { width, height }: { readonly width: number; readonly height: number },
  seed: number,
): Promise<Scene> {
  const pixels = paint(width, height, seed);
  const placeholder = '2005:01:01 00:00:00';
  const jpeg = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .withExif({
      IFD0: { Make: 'Cloudroll', Model: 'Benchmark' },
      IFD2: { DateTimeOriginal: placeholder },
    })
    .jpeg({ quality: 88 })
    .toBuffer();
  const dateAt = jpeg.indexOf(placeholder);
  if (dateAt < 0) throw new Error('the picture has no date');
  return { jpeg, dateAt };
}

/** A sky, hills and the sensor's grain. */
function paint(width: number, height: number, seed: number): Buffer {
  const noise = grainTile(seed);
  const hills = Float64Array.from({ length: width }, (_, x) => {
    const along = (x / width) * Math.PI * 2;
    return height * (0.55 + 0.15 * Math.sin(along * 2 + seed) + 0.05 * Math.sin(along * 9 - seed));
  });
  const pixels = Buffer.allocUnsafe(width * height * 3);
  let at = 0;
  for (let y = 0; y < height; y += 1) {
    const shade = 90 * (y / height);
    for (let x = 0; x < width; x += 1) {
      const ground = y > (hills[x] ?? 0);
      const light = (noise[(y * 4093 + x) & (noise.length - 1)] ?? 0) + 110 - shade / 2;
      pixels[at] = light + (ground ? 10 : 0);
      pixels[at + 1] = light + (ground ? 30 : 10);
      pixels[at + 2] = light + (ground ? -30 : 60);
      at += 3;
    }
  }
  return pixels;
}

/** Nearly Gaussian noise, the same for the same seed (xorshift32, Marsaglia 2003). */
function grainTile(seed: number): Float32Array {
  let state = seed + 0x9e3779b9;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
  return Float32Array.from({ length: 2 ** 20 }, () => grain * (next() + next() + next() - 1.5));
}
