import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ProcessThumbnailer,
  type ProcessThumbnailerOptions,
} from '../../../electron/engine/media/thumbnails/process-thumbnailer.ts';
import { ThumbnailCache } from '../../../electron/engine/media/thumbnails/thumbnail-cache.ts';
import {
  forkThumbnailProcess,
  type SpawnThumbnailProcess,
} from '../../../electron/engine/media/thumbnails/thumbnail-process.ts';
import type { Thumbnail } from '../../../electron/engine/ports/thumbnailer.ts';
import { heic, jpegHeader, movie, pngOfSize } from '../../support/media/builders.ts';
import {
  haveSharedPhotos,
  sharedPhotoNames,
  sharedPhotos,
} from '../../support/media/shared-photos.ts';

const never = new AbortController().signal;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

let folder = '';
let thumbnailer: ProcessThumbnailer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cloudroll-thumbnails-'));
  thumbnailer = new ProcessThumbnailer({ directory: join(folder, 'cache'), processes: 2 });
});
afterAll(async () => {
  await thumbnailer.close();
  await rm(folder, { recursive: true, force: true });
});

async function make(name: string, bytes: Uint8Array): Promise<Thumbnail> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return thumbnailer.make(path, sha256(bytes), never);
}

const green = { r: 100, g: 150, b: 60 };
const plain = (width: number, height: number, background = green): Sharp =>
  sharp({ create: { width, height, channels: 3, background } });

async function centreOf(path: string | null): Promise<readonly number[]> {
  if (path === null) throw new Error('There is no picture.');
  const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
  const at =
    (Math.floor(info.height / 2) * info.width + Math.floor(info.width / 2)) * info.channels;
  return [...data.subarray(at, at + 3)];
}

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, index) => Math.abs(value - (b[index] ?? 0))));
}

describe('pictures', () => {
  it('get a grid and a preview size, a hash, and the size of the original', async () => {
    const made = await make('a.jpg', await plain(4000, 3000).jpeg().toBuffer());
    expect(made).toMatchObject({ width: 4000, height: 3000, placeholderReason: null });
    expect(await sharp(made.gridPath ?? '').metadata()).toMatchObject({ width: 427, height: 320 });
    expect(await sharp(made.previewPath ?? '').metadata()).toMatchObject({
      width: 1920,
      height: 1440,
    });
    expect(Buffer.from(made.thumbHash ?? '', 'base64').length).toBeGreaterThan(4);
  });

  it('are found again under the hash of their original', async () => {
    const bytes = await plain(64, 64).png().toBuffer();
    const made = await make('again.png', bytes);
    expect(await thumbnailer.find(sha256(bytes), 'grid')).toBe(made.gridPath);
    expect(await thumbnailer.find('00'.repeat(32), 'grid')).toBeNull();
  });

  it('stand upright', async () => {
    const bytes = await plain(400, 200).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const made = await make('upright.jpg', bytes);
    expect(made).toMatchObject({ width: 200, height: 400 });
    expect(await sharp(made.gridPath ?? '').metadata()).toMatchObject({ width: 160, height: 320 });
  });

  it('are not enlarged', async () => {
    const made = await make('small.png', await plain(20, 10).png().toBuffer());
    expect(await sharp(made.previewPath ?? '').metadata()).toMatchObject({ width: 20, height: 10 });
  });

  it('are in sRGB', async () => {
    const wide = await plain(64, 64).withIccProfile('p3').png().toBuffer();
    const untagged = await plain(64, 64).png().toBuffer();
    const [colour, same] = await Promise.all([
      make('wide.png', wide).then(({ gridPath }) => centreOf(gridPath)),
      make('untagged.png', untagged).then(({ gridPath }) => centreOf(gridPath)),
    ]);
    expect(distance(same, [100, 150, 60])).toBeLessThan(4);
    expect(distance(colour, [100, 150, 60])).toBeLessThan(4);
  });

  it.each<[string, () => Promise<Buffer>]>([
    ['cmyk.jpg', () => plain(300, 200).toColourspace('cmyk').jpeg().toBuffer()],
    ['sixteen.png', () => plain(300, 200).toColourspace('rgb16').png().toBuffer()],
    ['grey.jpg', () => plain(300, 200).greyscale().jpeg().toBuffer()],
    ['lzw.tif', () => plain(300, 200).tiff({ compression: 'lzw' }).toBuffer()],
    ['a.avif', () => plain(300, 200).avif({ effort: 0 }).toBuffer()],
    ['animated.webp', () => animation((frames) => frames.webp({ loop: 0 }))],
    ['animated.gif', () => animation((frames) => frames.gif({ loop: 0 }))],
  ])('of the kind %s are read', async (name, bytes) => {
    const made = await make(name, await bytes());
    expect(made).toMatchObject({ width: 300, height: 200, placeholderReason: null });
    expect(await sharp(made.gridPath ?? '').metadata()).toMatchObject({
      format: 'jpeg',
      space: 'srgb',
      depth: 'uchar',
      width: 300,
      height: 200,
    });
  });

  it('with transparency stand on white', async () => {
    const clear = { r: 0, g: 0, b: 0, alpha: 0 };
    const create = { width: 50, height: 50, channels: 4 as const, background: clear };
    const { gridPath } = await make('clear.png', await sharp({ create }).png().toBuffer());
    expect(distance(await centreOf(gridPath), [255, 255, 255])).toBeLessThan(3);
  });
});

async function animation(encode: (frames: Sharp) => Sharp): Promise<Buffer> {
  const frames = await Promise.all(
    [green, { r: 200, g: 0, b: 0 }].map((colour) => plain(300, 200, colour).png().toBuffer()),
  );
  return encode(sharp(frames, { join: { animated: true } })).toBuffer();
}

describe('files without a picture', () => {
  it.each<[string, string, string, () => Uint8Array | Promise<Uint8Array>]>([
    ['no bytes', 'empty.jpg', 'corrupt', () => new Uint8Array(0)],
    ['a header alone', 'head.jpg', 'corrupt', () => jpegHeader({})],
    [
      'a cut JPEG',
      'cut.jpg',
      'corrupt',
      async () => {
        const noise = sharp({
          create: {
            width: 900,
            height: 900,
            channels: 3,
            background: green,
            noise: { type: 'gaussian', mean: 128, sigma: 30 },
          },
        });
        return (await noise.jpeg().toBuffer()).subarray(0, 40_000);
      },
    ],
    ['a bomb of 4 gigapixels', 'bomb.png', 'unsupported', () => pngOfSize(65_536, 65_536)],
    ['a HEIC', 'a.heic', 'unsupported', () => heic({ width: 10, height: 10 })],
    ['a RAW', 'a.dng', 'unsupported', () => Buffer.from('II*\0\x08\0\0\0', 'latin1')],
    ['a film', 'a.mov', 'unsupported', () => movie({})],
    ['text', 'a.txt', 'unsupported', () => Buffer.from('hello')],
    [
      'a script',
      'a.svg',
      'unsupported',
      () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
    ],
  ])('%s: %s is %s', async (_, name, code, bytes) => {
    const made = await make(name, await bytes());
    expect(made).toMatchObject({ gridPath: null, previewPath: null, placeholderReason: { code } });
    expect(made.placeholderReason?.message).toMatch(/^[A-Z].*\.$/u);
  });

  it('are told from those that changed meanwhile', async () => {
    const path = join(folder, 'changed.jpg');
    await writeFile(path, await plain(10, 10).jpeg().toBuffer());
    const made = await thumbnailer.make(path, '00'.repeat(32), never);
    expect(made.placeholderReason?.code).toBe('changed');
  });

  it('are told from those that are gone', async () => {
    const made = await thumbnailer.make(join(folder, 'gone.jpg'), '00'.repeat(32), never);
    expect(made.placeholderReason?.code).toBe('unreadable');
  });
});

describe('a decoder that misbehaves', () => {
  async function withSpawn(
    options: Omit<ProcessThumbnailerOptions, 'directory'>,
    use: (thumbnailer: ProcessThumbnailer) => Promise<void>,
  ): Promise<void> {
    const own = new ProcessThumbnailer({
      directory: join(folder, 'own'),
      processes: 1,
      ...options,
    });
    try {
      await use(own);
    } finally {
      await own.close();
    }
  }

  it('is killed when it takes too long, and the next picture gets a new process', async () => {
    let killed = 0;
    let started = 0;
    const real = forkThumbnailProcess();
    const spawn: SpawnThumbnailProcess = (events) => {
      started += 1;
      if (started > 1) return real(events);
      return {
        send: () => undefined,
        kill: () => {
          killed += 1;
        },
      };
    };
    const bytes = await plain(10, 10).png().toBuffer();
    const path = join(folder, 'slow.png');
    await writeFile(path, bytes);
    await withSpawn({ spawn, timeoutMs: 5_000 }, async (own) => {
      const slow = await own.make(path, sha256(bytes), never);
      expect(slow.placeholderReason?.code).toBe('timeout');
      expect(killed).toBe(1);
      const next = await own.make(path, sha256(bytes), never);
      expect(next.placeholderReason).toBeNull();
    });
  });

  it('ends itself when it takes too much memory', async () => {
    const bytes = await plain(8000, 8000).png().toBuffer();
    const path = join(folder, 'large.png');
    await writeFile(path, bytes);
    await withSpawn({ spawn: forkThumbnailProcess({ memoryMegabytes: 20 }) }, async (own) => {
      const made = await own.make(path, sha256(bytes), never);
      expect(made.placeholderReason?.message).toContain('memory');
    });
  });

  it('that crashes costs one picture', async () => {
    const spawn: SpawnThumbnailProcess = (events) => ({
      send: () => {
        events.onExit(null);
      },
      kill: () => undefined,
    });
    await withSpawn({ spawn }, async (own) => {
      const made = await own.make(join(folder, 'a.jpg'), '00'.repeat(32), never);
      expect(made.placeholderReason?.code).toBe('corrupt');
    });
  });

  it('is not waited for when the work is cancelled', async () => {
    const spawn: SpawnThumbnailProcess = () => ({ send: () => undefined, kill: () => undefined });
    await withSpawn({ spawn }, async (own) => {
      const controller = new AbortController();
      const running = own.make('/a.jpg', '00'.repeat(32), controller.signal);
      const queued = own.make('/b.jpg', '00'.repeat(32), controller.signal);
      controller.abort();
      await expect(running).rejects.toMatchObject({ failure: { code: 'cancelled' } });
      await expect(queued).rejects.toMatchObject({ failure: { code: 'cancelled' } });
    });
  });
});

describe('the cache', () => {
  const hashes = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(64));
  const [first = '', second = '', third = '', fourth = ''] = hashes;

  it('evicts what was not used for longest', async () => {
    const cache = new ThumbnailCache(join(folder, 'evict'), 350);
    const picture = Buffer.alloc(100);
    for (const [index, hash] of [first, second, third].entries()) {
      const path = await cache.store(hash, 'grid', picture);
      await utimes(path ?? '', 1000 + index, 1000 + index);
    }
    // Looking at the oldest picture makes it the newest.
    expect(await cache.find(first, 'grid')).not.toBeNull();
    await cache.store(fourth, 'grid', picture);
    const left = await Promise.all(hashes.map((hash) => cache.find(hash, 'grid')));
    expect(left.map((path) => path !== null)).toEqual([true, false, true, true]);
  });

  it('gives up quietly where nothing can be written', async () => {
    const blocked = join(folder, 'blocked');
    await writeFile(blocked, 'a file in the place of the folder');
    expect(
      await new ThumbnailCache(blocked, 1000).store(first, 'grid', Buffer.alloc(9)),
    ).toBeNull();
    const own = new ProcessThumbnailer({ directory: blocked, processes: 1 });
    const bytes = await plain(10, 10).png().toBuffer();
    const path = join(folder, 'unstored.png');
    await writeFile(path, bytes);
    const made = await own.make(path, sha256(bytes), never);
    expect(made).toMatchObject({ gridPath: null, placeholderReason: { code: 'diskFull' } });
    await own.close();
  });

  it('holds plain JPEGs under the hash', async () => {
    const cache = new ThumbnailCache(join(folder, 'layout'), 1000);
    const path = await cache.store(first, 'preview', Buffer.from('x'));
    expect(path).toBe(join(folder, 'layout', 'aa', 'aa', `${first}.preview.jpg`));
  });
});

describe.skipIf(!haveSharedPhotos)('the shared photos', () => {
  it('all get pictures or a reason', { timeout: 180_000 }, async () => {
    const names = sharedPhotoNames();
    const reasons = new Map<string, string>();
    let made = 0;
    await Promise.all(
      names.map(async (name) => {
        const path = join(sharedPhotos, name);
        const hash = sha256(await readFile(path));
        const result = await thumbnailer.make(path, hash, never, 'grid');
        if (result.placeholderReason !== null) reasons.set(name, result.placeholderReason.code);
        else if (existsSync(result.gridPath ?? '')) made += 1;
      }),
    );
    expect(made + reasons.size).toBe(names.length);
    expect(made).toBeGreaterThan(100);
    expect(
      [...reasons.values()].every((code) => code === 'unsupported' || code === 'corrupt'),
    ).toBe(true);
  });

  it('show the same way up whatever their orientation tag', async () => {
    const upright = names('Landscape').map((name) => make(name));
    for (const { width, height } of await Promise.all(upright)) {
      expect([width, height]).toEqual([1800, 1200]);
    }
    function names(kind: string): readonly string[] {
      return Array.from({ length: 9 }, (_, index) => `orientation/${kind}_${String(index)}.jpg`);
    }
    async function make(name: string): Promise<Thumbnail> {
      const path = join(sharedPhotos, name);
      return thumbnailer.make(path, sha256(await readFile(path)), never, 'grid');
    }
  });
});
