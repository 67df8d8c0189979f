import { count } from '../support/bench.ts';
import { copyWithPeer, copyWithPictures, copyWithUs } from '../support/copies.ts';
import type { Command } from '../support/measure.ts';
import { rcloneToFolder } from '../support/rclone.ts';
import { inTurn, type Contestant } from '../support/repeat.ts';
import { rowOf, present, timesPeer } from '../support/row.ts';
import { copyRows } from './copy-rows.ts';
import type { Group } from './group.ts';

const rounds = 3;
type Side = 'ours' | 'behind' | 'rclone' | 'durable' | 'cp' | 'disk';

/** The first sync of the library to a folder, with every byte read back, against tools that copy. */
export const folderGroup: Group = {
  name: 'folder',
  measure: async (bench) => {
    const library = await bench.inputs.library();
    const sides: Contestant<Side>[] = [
      ['ours', () => copyWithUs(bench, library)],
      ['behind', () => copyWithPictures(bench, library)],
    ];
    if (bench.peers.has('rclone')) {
      const rclone = (target: string): Command =>
        rcloneToFolder(library.path, target, ['--checksum']);
      sides.push(['rclone', () => copyWithPeer(bench, library, rclone)]);
      sides.push(['durable', () => copyWithPeer(bench, library, (to) => durably(rclone(to), to))]);
    }
    if (bench.peers.has('cp')) {
      const cp = (target: string): Command => ({
        program: 'cp',
        args: ['-r', library.path, target],
      });
      sides.push(['cp', () => copyWithPeer(bench, library, cp)]);
      sides.push(['disk', () => copyWithPeer(bench, library, (to) => durably(cp(to), to))]);
    }
    const medians = await inTurn(rounds, sides, bench.signal);
    const [ours, behind] = [medians.get('ours'), medians.get('behind')];
    const what = `First sync of ${count(library.files.length, 'photos')} to a folder`;
    const rclone = { name: 'rclone copy --checksum', measured: medians.get('rclone') };
    return [
      ...copyRows({
        id: 'folder',
        what: `${what}, verified`,
        ours,
        peer: rclone,
        goals: { time: timesPeer('atMost', 0.5), memory: timesPeer('atMost', 2) },
      }),
      ...present([
        rowOf({
          id: 'folder-durable-time',
          what: `${what}, verified`,
          unit: 's',
          ours: ours?.seconds,
          peer: { name: `${rclone.name}, then sync`, value: medians.get('durable')?.seconds },
        }),
        rowOf({
          id: 'folder-cp-time',
          what: `${what}, verified`,
          unit: 's',
          ours: ours?.seconds,
          peer: { name: 'cp -r, which verifies nothing', value: medians.get('cp')?.seconds },
        }),
        rowOf({
          id: 'folder-disk-time',
          what: `${what}, verified`,
          unit: 's',
          ours: ours?.seconds,
          peer: {
            name: 'cp -r, then sync: the limit that the disk sets to a copy that lasts',
            value: medians.get('disk')?.seconds,
          },
        }),
        rowOf({
          id: 'previews-time',
          what: `${what}, until backed up, pictures to follow`,
          unit: 's',
          ours: behind?.seconds,
          peer: { name: rclone.name, value: rclone.measured?.seconds },
          goal: timesPeer('atMost', 0.5),
        }),
      ]),
    ];
  },
};

/** A command, and the wait until the disk has what it wrote: no peer does that by itself, and ours does. */
function durably(command: Command, target: string): Command {
  const { program, args } = command;
  const script = 'target="$1"; shift; "$@" && sync -f "$target"';
  return { ...command, program: 'sh', args: ['-c', script, 'sh', target, program, ...args] };
}
