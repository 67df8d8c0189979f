import { rgbaToThumbHash } from 'thumbhash';

import { noise, pick } from './number-noise.ts';

/** Pictures of nowhere: skies over hills, so that a generated library looks like one. */
export const sceneCount = 96;

type Colour = readonly [number, number, number];

interface Scene {
  readonly top: Colour;
  readonly bottom: Colour;
  readonly land: Colour;
  readonly sun: { readonly x: number; readonly y: number; readonly r: number };
  readonly seed: number;
}

const SKIES: readonly [
  readonly [Colour, Colour, Colour],
  ...(readonly [Colour, Colour, Colour])[],
] = [
  [
    [41, 87, 142],
    [201, 222, 236],
    [58, 94, 72],
  ],
  [
    [250, 150, 96],
    [253, 222, 168],
    [84, 58, 66],
  ],
  [
    [28, 34, 66],
    [120, 96, 140],
    [22, 26, 40],
  ],
  [
    [120, 178, 208],
    [242, 246, 240],
    [148, 168, 122],
  ],
  [
    [236, 120, 110],
    [250, 208, 150],
    [60, 50, 80],
  ],
  [
    [96, 150, 170],
    [220, 214, 190],
    [186, 152, 104],
  ],
  [
    [200, 214, 224],
    [246, 248, 250],
    [208, 216, 224],
  ],
  [
    [24, 70, 96],
    [150, 206, 196],
    [18, 60, 62],
  ],
];

function sceneOf(index: number): Scene {
  const [top, bottom, land] = pick(SKIES, index, 1);
  const shift = (colour: Colour, salt: number): Colour => {
    const by = (noise(index, salt) - 0.5) * 44;
    return [colour[0] + by, colour[1] + by * 0.7, colour[2] - by * 0.5];
  };
  return {
    top: shift(top, 2),
    bottom: shift(bottom, 3),
    land: shift(land, 4),
    sun: {
      x: 0.15 + noise(index, 5) * 0.7,
      y: 0.15 + noise(index, 6) * 0.4,
      r: 0.04 + noise(index, 7) * 0.06,
    },
    seed: index,
  };
}

function css([r, g, b]: Colour, darken = 1): string {
  const part = (value: number): string =>
    String(Math.round(Math.min(255, Math.max(0, value * darken))));
  return `rgb(${part(r)},${part(g)},${part(b)})`;
}

/** Height of a ridge from 0 (top) to 1 at a place from 0 to 1. */
function ridge(scene: Scene, layer: number, x: number): number {
  const wave = (salt: number, frequency: number): number =>
    Math.sin(x * frequency * (1 + noise(scene.seed, salt)) + noise(scene.seed, salt + 1) * 6.3);
  return 0.52 + layer * 0.13 + 0.07 * wave(10 + layer * 7, 3.1) + 0.03 * wave(12 + layer * 7, 9.7);
}

/** The scene as SVG of that many pixels. */
export function sceneSvg(index: number, width: number, height: number): string {
  const scene = sceneOf(index);
  const hills = [0, 1, 2].map((layer) => {
    const points = Array.from({ length: 41 }, (_, step) => {
      const x = step / 40;
      return `${(x * width).toFixed(1)},${(ridge(scene, layer, x) * height).toFixed(1)}`;
    });
    const colour = css(scene.land, 1.25 - layer * 0.35);
    return `<polygon fill="${colour}" points="0,${height} ${points.join(' ')} ${width},${height}"/>`;
  });
  const { x, y, r } = scene.sun;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
<defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="${css(scene.top)}"/><stop offset=".65" stop-color="${css(scene.bottom)}"/></linearGradient></defs>
<rect width="100%" height="100%" fill="url(#sky)"/>
<circle cx="${x * width}" cy="${y * height}" r="${r * Math.min(width, height)}" fill="rgb(255,250,236)" fill-opacity=".85"/>
${hills.join('\n')}
</svg>`;
}

const hashes = new Map<number, string>();

/** The scene's ThumbHash in base64. */
export function sceneThumbHash(index: number): string {
  const known = hashes.get(index);
  if (known !== undefined) return known;
  const scene = sceneOf(index);
  const [width, height] = [24, 18];
  const pixels = new Uint8Array(width * height * 4);
  for (let place = 0; place < width * height; place++) {
    const x = (place % width) / width;
    const y = Math.floor(place / width) / height;
    const blend = Math.min(1, y / 0.65);
    const isLand = y > ridge(scene, 0, x);
    const colour = isLand
      ? scene.land
      : scene.top.map((value, part) => value + ((scene.bottom[part] ?? 0) - value) * blend);
    pixels.set([...colour.map((value) => Math.min(255, Math.max(0, value))), 255], place * 4);
  }
  const hash = btoa(String.fromCharCode(...rgbaToThumbHash(width, height, pixels)));
  hashes.set(index, hash);
  return hash;
}
