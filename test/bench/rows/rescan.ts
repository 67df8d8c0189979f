import { join } from 'node:path';

import type { InputFolder } from '../inputs/manifest.ts';
import { count, withMemoryFolder, type Bench } from '../support/bench.ts';
import { cloudroll, requireSummary, syncToFolder } from '../support/cloudroll.ts';
import { find } from '../support/find.ts';
import { measure, type Measured } from '../support/measure.ts';
import { rcloneToFolder } from '../support/rclone.ts';
import { inTurn, type Contestant } from '../support/repeat.ts';
import { atMost, present, rowOf, timesPeer, type Row } from '../support/row.ts';
import { requireStored } from '../support/stored.ts';
import { watchQuietly } from '../support/watching.ts';
import { copyRows } from './copy-rows.ts';
import type { Group } from './group.ts';

const rounds = 3;
type Side = 'ours' | 'rclone' | 'find' | 'status';

/**
 * A tree that is backed up: a second sync, the status, and watching it. The backup lies in memory, where
 * there is such a place, because only getting there waits for a disk, and long: what is measured reads.
 */
export const rescanGroup: Group = {
  name: 'rescan',
  measure: async (bench) => {
    const tree = await bench.inputs.tree();
    return withMemoryFolder(bench, async (folder) => {
      const places = { target: join(folder, 'backup'), data: join(folder, 'data') };
      const copy = join(folder, 'copy');
      await backUp(bench, tree, places);
      if (bench.peers.has('rclone')) await copyTree(bench, tree, copy);
      return [
        ...(await unchanged(bench, tree, places, copy)),
        ...(await watched(bench, tree, places)),
      ];
    });
  },
};

interface Places {
  readonly target: string;
  readonly data: string;
}

async function backUp(
  { signal }: Bench,
  tree: InputFolder,
  { target, data }: Places,
): Promise<void> {
  const measured = await measure(syncToFolder(tree.path, target, data), signal);
  requireSummary(measured, { uploaded: tree.files.length });
  await requireStored(target, tree, signal);
}

async function copyTree({ signal }: Bench, tree: InputFolder, copy: string): Promise<void> {
  await measure(rcloneToFolder(tree.path, copy), signal);
  await requireStored(copy, tree, signal);
}

async function unchanged(
  { signal, peers }: Bench,
  tree: InputFolder,
  { target, data }: Places,
  copy: string,
): Promise<Row[]> {
  const again = async (): Promise<Measured> => {
    const measured = await measure(syncToFolder(tree.path, target, data), signal);
    requireSummary(measured, { alreadyBackedUp: tree.files.length });
    return measured;
  };
  const sides: Contestant<Side>[] = [
    ['ours', again],
    ['status', () => measure(cloudroll(['status', '--data', data]), signal)],
  ];
  if (peers.has('find')) sides.push(['find', () => measure(find(tree.path), signal)]);
  if (peers.has('rclone')) {
    sides.push(['rclone', () => measure(rcloneToFolder(tree.path, copy), signal)]);
  }
  const medians = await inTurn(rounds, sides, signal);
  const what = `Unchanged sync of ${count(tree.files.length, 'files')}, the whole command`;
  return [
    ...copyRows({
      id: 'rescan',
      what,
      ours: medians.get('ours'),
      peer: { name: 'rclone copy', measured: medians.get('rclone') },
      goals: { time: timesPeer('atMost', 0.75) },
    }),
    ...present([
      rowOf({
        id: 'rescan-find-time',
        what,
        unit: 's',
        ours: medians.get('ours')?.seconds,
        peer: { name: 'find -printf', value: medians.get('find')?.seconds },
        goal: timesPeer('atMost', 2.5),
      }),
      rowOf({
        id: 'status-time',
        what: `\`cloudroll status\` over ${count(tree.files.length, 'photos')}`,
        unit: 's',
        ours: medians.get('status')?.seconds,
      }),
    ]),
  ];
}

async function watched(
  { signal }: Bench,
  tree: InputFolder,
  { target, data }: Places,
): Promise<Row[]> {
  const command = syncToFolder(tree.path, target, data, ['--no-previews', '--watch']);
  const quiet = await watchQuietly(command, signal);
  if (quiet === null) return [];
  const what = `Watching ${count(tree.files.length, 'photos')}`;
  return present([
    rowOf({
      id: 'watch-memory',
      what: `${what}: resident memory`,
      unit: 'MB',
      ours: quiet.residentMegabytes,
      goal: atMost(120),
    }),
    rowOf({
      id: 'watch-idle',
      what: `${what}: idle, share of a core`,
      unit: '%',
      ours: quiet.idlePercent,
      goal: atMost(0.2),
    }),
  ]);
}
