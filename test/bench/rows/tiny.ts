import { count } from '../support/bench.ts';
import { copyWithPeer, copyWithUs } from '../support/copies.ts';
import { rcloneToFolder } from '../support/rclone.ts';
import { inTurn, type Contestant } from '../support/repeat.ts';
import { copyRows } from './copy-rows.ts';
import type { Group } from './group.ts';

/**
 * Many tiny files to a folder: what each file costs beside its bytes. Ours waits until the disk has each of
 * them, which no peer here does.
 */
export const tinyGroup: Group = {
  name: 'tiny',
  measure: async (bench) => {
    const files = await bench.inputs.smallFiles();
    const sides: Contestant<'ours' | 'rclone'>[] = [['ours', () => copyWithUs(bench, files)]];
    if (bench.peers.has('rclone')) {
      const rclone = (target: string) => rcloneToFolder(files.path, target, ['--checksum']);
      sides.push(['rclone', () => copyWithPeer(bench, files, rclone)]);
    }
    const medians = await inTurn(1, sides, bench.signal);
    return copyRows({
      id: 'tiny',
      what: `First sync of ${count(files.files.length, 'tiny photos')} to a folder, verified and on the disk`,
      ours: medians.get('ours'),
      peer: {
        name: 'rclone copy --checksum, which leaves them to the cache',
        measured: medians.get('rclone'),
      },
    });
  },
};
