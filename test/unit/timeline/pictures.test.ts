import { readFile, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

import { NodeFileSystem } from '../../../electron/engine/adapters/node-file-system.ts';
import type { Thumbnail, Thumbnailer } from '../../../electron/engine/ports/thumbnailer.ts';
import { LatestFirst } from '../../../electron/engine/timeline/latest-first.ts';
import { Pictures } from '../../../electron/engine/timeline/pictures.ts';
import type { FailureCode } from '../../../shared/domain/failure.ts';
import { describedAs, TestCatalog } from '../../support/catalog/test-catalog.ts';
import { temporaryDirectory } from '../../support/catalog/temporary-directory.ts';
import { patient } from '../../support/timeline/timeline-under-test.ts';

/** Makes "pictures" that say of what they are. */
class TestThumbnailer implements Thumbnailer {
  readonly made: string[] = [];
  refusal: FailureCode | null = null;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async make(
    _path: string,
    hash: string,
    _signal: AbortSignal,
    sizes: 'grid' | 'all' = 'all',
  ): Promise<Thumbnail> {
    this.made.push(sizes);
    const none = { gridPath: null, previewPath: null, width: null, height: null, thumbHash: null };
    if (this.refusal !== null) {
      return { ...none, placeholderReason: { code: this.refusal, message: 'No picture.' } };
    }
    for (const size of sizes === 'all' ? ['grid', 'preview'] : ['grid']) {
      await writeFile(this.#pathOf(hash, size), `${size} of ${hash}`);
    }
    return { ...none, thumbHash: 'AAAA', placeholderReason: null };
  }

  async find(hash: string, size: 'grid' | 'preview'): Promise<string | null> {
    const file = this.#pathOf(hash, size);
    return readFile(file).then(
      () => file,
      () => null,
    );
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #pathOf(hash: string, size: string): string {
    return path.join(this.#folder, `${hash}.${size}`);
  }
}

async function setUp() {
  const folder = await temporaryDirectory();
  const test = new TestCatalog(1, 'aa', folder);
  const file = path.join(folder, 'a.jpg');
  await writeFile(file, 'the bytes!');
  const modifiedMs = 1_700_000_000_000;
  await utimes(file, modifiedMs / 1000, modifiedMs / 1000);
  const added = test.addFile('a.jpg', 'media', null, { size: 10, modifiedMs });
  const id = test.read(added.id, 'the bytes!').toString(36);
  const thumbnailer = new TestThumbnailer(await temporaryDirectory());
  const told: string[] = [];
  const pictures = new Pictures({
    catalog: test.catalog,
    fileSystem: new NodeFileSystem(),
    thumbnailer,
    onMade: (asset) => told.push(asset),
  });
  return { test, file, id, thumbnailer, told, pictures };
}

describe('a picture', () => {
  it('is made once when it is first asked for, and told of', async () => {
    const { test, id, thumbnailer, told, pictures } = await setUp();
    const grid = await pictures.find(id, 'grid', patient);
    expect(grid).toMatchObject({ mime: 'image/jpeg' });
    expect(await readFile(grid?.path ?? '', 'utf8')).toMatch(/^grid of/u);
    expect(grid?.size).toBe((await readFile(grid?.path ?? '')).length);
    const again = await pictures.find(id, 'grid', patient);
    expect(again?.tag).toBe(grid?.tag);
    expect(thumbnailer.made).toEqual(['grid']);
    expect(told).toEqual([id]);
    expect(test.rows('SELECT preview_state, thumb_hash FROM assets')).toEqual([
      { preview_state: 'made', thumb_hash: 'AAAA' },
    ]);
    expect((await pictures.find(id, 'preview', patient))?.tag).not.toBe(grid?.tag);
    expect(told).toEqual([id]);
  });

  it('is none for good where none can be made, and none for now where that may pass', async () => {
    const { test, id, thumbnailer, pictures } = await setUp();
    thumbnailer.refusal = 'busy';
    expect(await pictures.find(id, 'grid', patient)).toBeNull();
    expect(test.rows('SELECT preview_state FROM assets')).toEqual([{ preview_state: 'none' }]);
    thumbnailer.refusal = 'corrupt';
    expect(await pictures.find(id, 'grid', patient)).toBeNull();
    expect(await pictures.find(id, 'preview', patient)).toBeNull();
    expect(thumbnailer.made).toHaveLength(2);
    expect(test.rows('SELECT preview_state FROM assets')).toEqual([
      { preview_state: 'placeholder' },
    ]);
  });

  it('is the file itself only while that is what was read', async () => {
    const { id, file, pictures } = await setUp();
    expect(await pictures.find(id, 'original', patient)).toMatchObject({
      path: file,
      size: 10,
      mime: 'image/jpeg',
    });
    await utimes(file, 1_700_000_001, 1_700_000_001);
    expect(await pictures.find(id, 'original', patient)).toBeNull();
    await writeFile(file, 'other bytes, more of them');
    expect(await pictures.find(id, 'original', patient)).toBeNull();
    await rm(file);
    expect(await pictures.find(id, 'original', patient)).toBeNull();
    expect(await pictures.find(id, 'grid', patient)).toBeNull();
  });

  it('is none for a sidecar and for what is not known', async () => {
    const { test, pictures } = await setUp();
    const sidecar = test.addFile('a.jpg.xmp', 'sidecar', 'a.jpg');
    const asset = test.read(sidecar.id, 'xmp', describedAs(undefined, 'sidecar'));
    expect(await pictures.find(asset.toString(36), 'original', patient)).toBeNull();
    expect(await pictures.find('zz', 'grid', patient)).toBeNull();
    await expect(pictures.find('0a', 'grid', patient)).rejects.toMatchObject({
      failure: { code: 'notFound' },
    });
  });
});

describe('LatestFirst', () => {
  function gated() {
    const order: string[] = [];
    const gates = new Map<string, PromiseWithResolvers<undefined>>();
    const work = (name: string) => async (signal: AbortSignal) => {
      order.push(name);
      const gate = Promise.withResolvers<undefined>();
      gates.set(name, gate);
      signal.addEventListener('abort', () => {
        order.push(`${name} stopped`);
        gate.resolve(undefined);
      });
      await gate.promise;
    };
    return { order, gates, work };
  }

  it('runs what was asked for last first, and the same piece once', async () => {
    const { order, gates, work } = gated();
    const jobs = new LatestFirst(1);
    const first = jobs.run('a', work('a'), patient);
    const others = ['b', 'c', 'b'].map((key) => jobs.run(key, work(key), patient));
    for (const key of ['a', 'b', 'c']) {
      gates.get(key)?.resolve(undefined);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all([first, ...others]);
    expect(order).toEqual(['a', 'b', 'c']);
  });

  it('never begins what nobody waits for any more, and stops what is running', async () => {
    const { order, gates, work } = gated();
    const jobs = new LatestFirst(1);
    const leaving = new AbortController();
    const running = jobs.run('a', work('a'), leaving.signal);
    const waiting = jobs.run('b', work('b'), leaving.signal);
    const staying = jobs.run('c', work('c'), patient);
    leaving.abort();
    await expect(running).rejects.toMatchObject({ failure: { code: 'cancelled' } });
    await expect(waiting).rejects.toMatchObject({ failure: { code: 'cancelled' } });
    await new Promise((resolve) => setImmediate(resolve));
    gates.get('c')?.resolve(undefined);
    await staying;
    expect(order).toEqual(['a', 'a stopped', 'c']);
  });

  it('goes on after a piece that fails', async () => {
    const jobs = new LatestFirst(1);
    await expect(jobs.run('a', () => Promise.reject(new Error('broken')), patient)).rejects.toThrow(
      'broken',
    );
    await jobs.run('a', () => Promise.resolve(), patient);
  });
});
