import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ExifToolMetadata } from '../../../electron/engine/media/exiftool-metadata.ts';
import { WorkerMediaReader } from '../../../electron/engine/media/worker-media-reader.ts';
import type { Inspection } from '../../../electron/engine/ports/media-reader.ts';
import { fromNativeName } from '../../../electron/engine/scan/raw-path.ts';
import { describe as describeAsset } from '../../../shared/domain/describe.ts';
import { fail } from '../../../shared/domain/failure.ts';
import {
  box,
  heic,
  jpegHeader,
  movie,
  number,
  pngOfSize,
  tiffBlock,
  xmpPacket,
} from '../../support/media/builders.ts';
import {
  haveSharedPhotos,
  sharedPhotoNames,
  sharedPhotos,
} from '../../support/media/shared-photos.ts';
import { posixNames, rawNames } from '../../support/where.ts';

const never = new AbortController().signal;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

let folder = '';
let reader: WorkerMediaReader;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cloudroll-media-'));
  reader = new WorkerMediaReader({ threads: 2 });
});
afterAll(async () => {
  await reader.close();
  await rm(folder, { recursive: true, force: true });
});

async function inspect(name: string, bytes: Uint8Array): Promise<Inspection> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  const inspection = await reader.inspect(path, never);
  expect(inspection).toMatchObject({ sha256: sha256(bytes), bytes: bytes.length });
  return inspection;
}

const camera = { 0x010f: 'Canon', 0x0110: 'EOS', 0x0132: '2024:05:18 00:00:00' };
const exposure = {
  0x9003: '2024:05:17 12:00:00',
  0x9011: '+09:00',
  0x9291: '120',
  0x829a: [[1, 250]],
  0xa434: 'RF35mm',
} as const;
const place = {
  1: 'N',
  2: [
    [37, 1],
    [30, 1],
    [0, 1],
  ],
  3: 'W',
  4: [
    [127, 1],
    [0, 1],
    [36, 1],
  ],
} as const;

describe('metadata', () => {
  it('reads EXIF of a JPEG', async () => {
    const exif = tiffBlock(camera, exposure, place);
    const { tags, type, metadataFailure } = await inspect('a.jpg', jpegHeader({ exif }));
    expect(metadataFailure).toBeNull();
    expect(type).toEqual({ kind: 'photo', mime: 'image/jpeg' });
    expect(tags).toMatchObject({
      make: 'Canon',
      dateTimeOriginal: '2024:05:17 12:00:00',
      offsetTimeOriginal: '+09:00',
      subSecTimeOriginal: '120',
      exposureTime: 0.004,
      lens: 'RF35mm',
      latitude: 37.5,
      longitude: -127.01,
      width: 40,
      height: 30,
    });
  });

  it('reads rating, title and date of XMP', async () => {
    const xmp = xmpPacket(
      'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4" xmp:CreateDate="2020-01-02T03:04:05+09:00" xmlns:dc="http://purl.org/dc/elements/1.1/"',
      '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">제목 &lt;script&gt;alert(1)&lt;/script&gt;</rdf:li></rdf:Alt></dc:title>',
    );
    const { tags } = await inspect('xmp.jpg', jpegHeader({ xmp }));
    expect(tags).toMatchObject({ rating: 4, createDate: '2020-01-02T03:04:05+09:00' });
    expect(tags.title).toContain('제목');
  });

  it('reads a HEIC with a long ftyp box, turned by irot', async () => {
    const exif = tiffBlock({ ...camera, 0x0112: 1 }, exposure);
    const bytes = heic({ width: 4032, height: 3024, turns: 3, exif, brands: 12 });
    const { tags, type, metadataFailure } = await inspect('a.heic', bytes);
    expect({ type, metadataFailure }).toEqual({
      type: { kind: 'photo', mime: 'image/heic' },
      metadataFailure: null,
    });
    expect(tags).toMatchObject({ dateTimeOriginal: '2024:05:17 12:00:00', orientation: 6 });
    const facts = { fileName: 'a.heic', modifiedMs: 1, bornMs: null };
    const shown = describeAsset({ type: { kind: 'photo', mime: 'image/heic' }, tags }, facts);
    expect(shown).toMatchObject({ width: 3024, height: 4032 });
  });

  it('reads a film whose moov stands behind megabytes of data', async () => {
    const bytes = movie({
      createdSeconds: 3_798_759_600,
      durationSeconds: 12,
      upright: true,
      mdatBytes: 3 * 1024 * 1024,
      keys: {
        'com.apple.quicktime.creationdate': '2024-05-17T12:00:00+0900',
        'com.apple.quicktime.content.identifier': '6C4A0B2E-1111-2222-3333-444455556666',
        'com.apple.quicktime.location.ISO6709': '+37.5665+126.9780+038.000/',
        'com.apple.quicktime.make': 'Apple',
      },
    });
    const { tags, type } = await inspect('clip.mov', bytes);
    expect(type).toEqual({ kind: 'video', mime: 'video/quicktime' });
    expect(tags).toEqual({
      quickTimeCreateSeconds: 3_798_759_600,
      durationMs: 12_000,
      width: 1920,
      height: 1080,
      orientation: 6,
      quickTimeCreationDate: '2024-05-17T12:00:00+0900',
      contentIdentifier: '6C4A0B2E-1111-2222-3333-444455556666',
      latitude: 37.5665,
      longitude: 126.978,
      make: 'Apple',
    });
  });

  it('gives sidecars and other files a hash and no tags', async () => {
    const sidecar = await inspect('a.xmp', Buffer.from(xmpPacket('')));
    expect(sidecar).toMatchObject({ type: { kind: 'sidecar' }, tags: {}, metadataFailure: null });
    const other = await inspect('notes.txt', Buffer.from('hello'));
    expect(other).toMatchObject({ type: null, tags: {}, metadataFailure: null });
  });
});

describe('hostile files', () => {
  const loop = tiffBlock(camera);
  loop.writeUInt32BE(8, 8 + 2 + 5 * 12);
  const nested = (depth: number): Buffer => {
    const whole = Buffer.alloc(depth * 8);
    for (let level = 0; level < depth; level += 1) {
      whole.writeUInt32BE((depth - level) * 8, level * 8);
      whole.write('moov', level * 8 + 4);
    }
    return Buffer.concat([box('ftyp', Buffer.from('qt  '), number(0)), whole]);
  };
  const zeroBoxHeic = Buffer.concat([
    box('ftyp', Buffer.from('heic'), number(0), Buffer.from('mif1heic')),
    number(48),
    Buffer.from('meta'),
    Buffer.alloc(48),
  ]);
  const hugeExif = Buffer.concat([
    Buffer.of(0xff, 0xd8),
    ...Array.from({ length: 300 }, () =>
      Buffer.concat([Buffer.of(0xff, 0xe1, 0xff, 0xff), Buffer.alloc(0xfffd, 0x41)]),
    ),
    jpegHeader({ width: 70, height: 50 }).subarray(2),
  ]);

  it.each<[string, string, Uint8Array]>([
    ['no bytes', 'empty.jpg', new Uint8Array(0)],
    ['a cut JPEG', 'cut.jpg', jpegHeader({ exif: tiffBlock(camera) }).subarray(0, 60)],
    ['a cut HEIC', 'cut.heic', heic({ width: 9, height: 9 }).subarray(0, 90)],
    ['a cut film', 'cut.mov', movie({}).subarray(0, 70)],
    ['a HEIC with a box of length zero', 'zero.heic', zeroBoxHeic],
    ['a directory that points to itself', 'loop.tif', loop],
    ['boxes 10,000 deep', 'deep.mov', nested(10_000)],
    ['19 megabytes of EXIF segments', 'huge.jpg', hugeExif],
    ['noise', 'noise.nef', Buffer.from('II*\0\x08\0\0\0\xff\xff', 'latin1')],
    ['a PNG without chunks', 'none.png', pngOfSize(1, 1).subarray(0, 8)],
  ])('gives %s a hash and a clear message, and goes on', async (_, name, bytes) => {
    const { type, metadataFailure } = await inspect(name, bytes);
    expect(type).not.toBeNull();
    if (metadataFailure !== null) {
      expect(metadataFailure.code).toMatch(/^(?:corrupt|unsupported|timeout)$/u);
      expect(metadataFailure.message).toMatch(/^[A-Z].*\.$/u);
    }
  });

  it('says that an empty photo is empty', async () => {
    const { metadataFailure } = await inspect('zero.jpg', new Uint8Array(0));
    expect(metadataFailure).toEqual({ code: 'corrupt', message: 'The file is empty.' });
  });

  it('reads the claimed size of a bomb without unpacking it', async () => {
    const { tags } = await inspect('bomb.png', pngOfSize(65_536, 65_536));
    expect(tags).toMatchObject({ width: 65_536, height: 65_536 });
  });

  it('hashes whatever a damaged file holds', async () => {
    const samples: readonly (readonly [string, Buffer])[] = [
      ['f.jpg', jpegHeader({ exif: tiffBlock(camera, exposure, place), xmp: xmpPacket('a="1"') })],
      ['f.heic', heic({ width: 10, height: 20, exif: tiffBlock(camera, exposure) })],
      ['f.mov', movie({ keys: { 'com.apple.quicktime.make': 'Apple' } })],
      ['f.tif', tiffBlock(camera, exposure, place)],
      ['f.png', pngOfSize(3, 4)],
    ];
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...samples), damage, async ([name, sample], changes) => {
        const bytes = Buffer.from(sample);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        await inspect(name, bytes);
      }),
      { numRuns: 300 },
    );
  });
});

describe('what cannot be read', () => {
  it('says that a file is gone', async () => {
    const gone = reader.inspect(join(folder, 'gone.jpg'), never);
    await expect(gone).rejects.toMatchObject({ failure: { code: 'notFound' } });
  });

  it('refuses a folder', async () => {
    const refused = reader.hash(folder, never);
    await expect(refused).rejects.toMatchObject({ failure: { code: 'unreadable' } });
  });

  it.runIf(posixNames)('does not wait for a pipe', async () => {
    const path = join(folder, 'pipe.jpg');
    execFileSync('mkfifo', [path]);
    const refused = reader.inspect(path, never);
    await expect(refused).rejects.toMatchObject({ failure: { code: 'unreadable' } });
  });

  it.runIf(rawNames)('reads names that are not UTF-8', async () => {
    const name = Buffer.from([0x66, 0xff, 0xfe, 0x2e, 0x6a, 0x70, 0x67]);
    await writeFile(Buffer.concat([Buffer.from(`${folder}/`), name]), jpegHeader({}));
    const inspection = await reader.inspect(`${folder}/${fromNativeName(name)}`, never);
    expect(inspection.type?.mime).toBe('image/jpeg');
  });
});

describe('many files at once', () => {
  it('are each read by themselves, also where they follow each other in one thread', async () => {
    const single = new WorkerMediaReader({ threads: 1 });
    const names = Array.from({ length: 8 }, (_, index) => `Make ${String(index)}`);
    const paths = await Promise.all(
      names.map(async (make, index) => {
        const path = join(folder, `many-${String(index)}.jpg`);
        await writeFile(path, jpegHeader({ exif: tiffBlock({ 0x010f: make }) }));
        return path;
      }),
    );
    const stop = new AbortController();
    const given = paths.map((path, index) =>
      single.inspect(path, index === 1 || index === 5 ? stop.signal : never),
    );
    stop.abort();
    const results = await Promise.allSettled(given);
    expect(
      results.map((result) => (result.status === 'fulfilled' ? result.value.tags.make : null)),
    ).toEqual(names.map((make, index) => (index === 1 || index === 5 ? null : make)));
    await single.close();
  });
});

describe('cancelling', () => {
  it('stops hashing a file of 64 gigabytes', async () => {
    const single = new WorkerMediaReader({ threads: 1 });
    const path = join(folder, 'enormous.mov');
    const file = await open(path, 'w');
    await file.truncate(64 * 1024 ** 3);
    await file.close();
    const controller = new AbortController();
    const running = single.hash(path, controller.signal);
    const queued = single.hash(path, controller.signal);
    controller.abort();
    await expect(running).rejects.toMatchObject({ failure: { code: 'cancelled' } });
    await expect(queued).rejects.toMatchObject({ failure: { code: 'cancelled' } });
    // The only thread is free again: otherwise this would wait for the whole file.
    await writeFile(join(folder, 'next'), 'abc');
    expect((await single.hash(join(folder, 'next'), never)).bytes).toBe(3);
    await single.close();
    await rm(path);
  });

  it('does nothing for a signal that is aborted already', async () => {
    const refused = reader.hash(join(folder, 'any'), AbortSignal.abort());
    await expect(refused).rejects.toMatchObject({ failure: { code: 'cancelled' } });
  });

  it('rejects what is left when it is closed', async () => {
    const closing = new WorkerMediaReader({ threads: 1 });
    await closing.close();
    await expect(closing.hash('x', never)).rejects.toMatchObject({
      failure: { code: 'cancelled' },
    });
  });
});

describe('a parser that misbehaves', () => {
  const workerUrl = new URL('../../support/media/hostile-worker.ts', import.meta.url);
  let hostile: WorkerMediaReader;
  const start = (fallback: ConstructorParameters<typeof WorkerMediaReader>[0] = {}): void => {
    hostile = new WorkerMediaReader({
      threads: 1,
      parseTimeoutMs: 300,
      memoryMegabytes: 32,
      workerUrl,
      ...fallback,
    });
  };
  afterEach(() => hostile.close());

  it.each([
    ['hang', 'timeout'],
    ['memory', 'corrupt'],
    ['throw', 'corrupt'],
  ])('that does %s is killed, the hash stays', async (name, code) => {
    start({ parseTimeoutMs: name === 'hang' ? 300 : 15_000 });
    const inspection = await hostile.inspect(`/${name}`, never);
    expect(inspection).toMatchObject({ sha256: 'ab'.repeat(32), metadataFailure: { code } });
    const next = await hostile.inspect('/fine', never);
    expect(next).toMatchObject({ tags: { make: 'Fine' }, metadataFailure: null });
  });

  it('that takes the thread down before the hash fails only that file', async () => {
    start();
    const lost = hostile.inspect('/crash-before-hash', never);
    const behind = hostile.inspect('/fine', never);
    await expect(lost).rejects.toMatchObject({ failure: { code: 'bug' } });
    expect((await behind).metadataFailure).toBeNull();
    expect((await hostile.inspect('/fine', never)).metadataFailure).toBeNull();
  });

  it('leaves the file to the fallback', async () => {
    const close = (): Promise<void> => Promise.resolve();
    start({ fallback: { read: () => Promise.resolve({ make: 'Second' }), close } });
    expect(await hostile.inspect('/hang', never)).toMatchObject({
      tags: { make: 'Second' },
      metadataFailure: null,
    });
  });

  it('keeps its reason where the fallback fails, too', async () => {
    const close = (): Promise<void> => Promise.resolve();
    start({ fallback: { read: () => Promise.reject(fail('corrupt', 'No.')), close } });
    expect((await hostile.inspect('/hang', never)).metadataFailure?.code).toBe('timeout');
  });
});

describe('the fallback', () => {
  it('says what to install where there is no Perl', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = folder;
    try {
      const missing = new ExifToolMetadata().read('/x.crw', never);
      if (process.platform === 'win32') return;
      await expect(missing).rejects.toMatchObject({
        failure: { code: 'unsupported', hint: 'Install Perl to see when such files were taken.' },
      });
    } finally {
      process.env['PATH'] = path;
    }
  });

  it('is not given names that could be taken for options', async () => {
    const refused = new ExifToolMetadata().read('/a\n-delete.jpg', never);
    await expect(refused).rejects.toMatchObject({ failure: { code: 'unsupported' } });
  });
});

describe.skipIf(!haveSharedPhotos)('the shared photos', () => {
  it('are all read, hashed and described', async () => {
    const names = sharedPhotoNames();
    const failed: string[] = [];
    await Promise.all(
      names.map(async (name) => {
        const path = join(sharedPhotos, name);
        const inspection = await reader.inspect(path, never);
        expect(inspection.sha256).toBe(sha256(await readFile(path)));
        if (inspection.metadataFailure !== null) failed.push(name);
        if (inspection.type === null) throw new Error(`${name} has no type`);
        const facts = { fileName: name, modifiedMs: 1, bornMs: null };
        const shown = describeAsset({ type: inspection.type, tags: inspection.tags }, facts);
        expect(shown.captured.wall).toMatch(/^\d{4}-/u);
      }),
    );
    // Formats that only the fallback reads.
    expect(failed.sort()).toEqual([
      'exiftool/CanonRaw.crw',
      'exiftool/M2TS.mts',
      'exiftool/Pentax.avi',
      'exiftool/PhaseOne.iiq',
      'exiftool/RIFF.avi',
      'exiftool/Sigma.x3f',
      'exiftool/SigmaDP2.x3f',
      'imagemeta/testImages/CRW.CRW',
    ]);
  });
});
