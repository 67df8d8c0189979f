import { readdir, stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import type { InputFile } from '../inputs/manifest.ts';
import { count, withFolder, type Bench } from '../support/bench.ts';
import { measure, type Measured } from '../support/measure.ts';
import { runProgram } from '../support/program.ts';
import { inTurn, type Contestant } from '../support/repeat.ts';
import { present, rowOf, timesPeer } from '../support/row.ts';
import { perFile, perProcess } from '../support/spread.ts';
import type { Group } from './group.ts';

const rounds = 3;
const processes = Math.min(4, availableParallelism());
/** The box of our small picture (`media/thumbnails/render.ts`): the peer has to make the same. */
const box = '512x320';
type Side = 'grid' | 'both' | 'vipsthumbnail' | 'eighth' | 'half';

/** Pictures for the timeline, against the command of the same library and against decoding alone. */
export const thumbnailsGroup: Group = {
  name: 'thumbnails',
  measure: async (bench) => {
    const photos = (await bench.inputs.library()).files.slice(0, bench.sizes.pictures);
    const sides: Contestant<Side>[] = [
      ['grid', () => renderWithUs(bench, photos, 'grid')],
      ['both', () => renderWithUs(bench, photos, 'all')],
    ];
    if (bench.peers.has('vipsthumbnail')) {
      sides.push(['vipsthumbnail', () => renderWithVips(bench, photos)]);
    }
    if (bench.peers.has('djpeg')) {
      sides.push(['eighth', () => decode(bench, photos, '1/8')]);
      sides.push(['half', () => decode(bench, photos, '1/2')]);
    }
    const medians = await inTurn(rounds, sides, bench.signal);
    const rate = (side: Side): number | undefined => {
      const measured = medians.get(side);
      return measured === undefined ? undefined : photos.length / measured.seconds;
    };
    const ofPhotos = `of ${count(photos.length, 'photos')}, ${String(processes)} at once`;
    const small = { what: `Small pictures ${ofPhotos}`, unit: 'photos/s', ours: rate('grid') };
    return present([
      rowOf({
        id: 'thumbnails-vips',
        ...small,
        peer: { name: `vipsthumbnail -s ${box}`, value: rate('vipsthumbnail') },
        goal: timesPeer('atLeast', 1.3),
      }),
      rowOf({
        id: 'thumbnails-djpeg',
        ...small,
        peer: { name: 'djpeg -scale 1/8, decoding alone', value: rate('eighth') },
        goal: timesPeer('atLeast', 0.85),
      }),
      rowOf({
        id: 'thumbnails-both',
        what: `Both sizes ${ofPhotos}`,
        unit: 'photos/s',
        ours: rate('both'),
        peer: { name: 'djpeg -scale 1/2, decoding alone', value: rate('half') },
        goal: timesPeer('atLeast', 0.75),
      }),
    ]);
  },
};

function renderWithUs(
  bench: Bench,
  photos: readonly InputFile[],
  sizes: 'grid' | 'all',
): Promise<Measured> {
  return withFolder(bench, async (folder) => {
    const list = join(folder, 'photos.json');
    await writeFile(list, JSON.stringify(photos));
    const args = [String(processes), sizes, join(folder, 'thumbnails'), list];
    const measured = await runProgram('thumbnails', args, bench);
    if (measured.report['made'] !== photos.length) throw new Error('thumbnails are missing');
    return measured;
  });
}

function renderWithVips(bench: Bench, photos: readonly InputFile[]): Promise<Measured> {
  return withFolder(bench, async (folder) => {
    const paths = photos.map(({ path }) => path);
    const command = ['vipsthumbnail', '-s', box, '-o', join(folder, '%s.jpg')];
    // One thread each, as ours: the processes are as many as the cores.
    const single = { VIPS_CONCURRENCY: '1' };
    const measured = await measure(perProcess(processes, command, paths, single), bench.signal);
    const made = await Promise.all((await readdir(folder)).map((name) => stat(join(folder, name))));
    if (made.filter(({ size }) => size > 0).length !== photos.length) {
      throw new Error('thumbnails of vipsthumbnail are missing');
    }
    return measured;
  });
}

function decode({ signal }: Bench, photos: readonly InputFile[], scale: string): Promise<Measured> {
  const paths = photos.map(({ path }) => path);
  const command = ['djpeg', '-scale', scale, '-outfile', '/dev/null'];
  return measure(perFile(processes, command, paths), signal);
}
