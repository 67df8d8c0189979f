import { join } from 'node:path';

import type { InputFolder } from '../inputs/manifest.ts';
import { count, withFolder, type Bench } from '../support/bench.ts';
import { find } from '../support/find.ts';
import { measure, type Measured } from '../support/measure.ts';
import { runProgram } from '../support/program.ts';
import { inTurn, type Contestant } from '../support/repeat.ts';
import { present, rowOf, timesPeer } from '../support/row.ts';
import type { Group } from './group.ts';

const rounds = 3;

/** The first look at a folder: walked, and each file recorded in a new catalogue, none read. */
export const scanGroup: Group = {
  name: 'scan',
  measure: async (bench) => {
    const tree = await bench.inputs.tree();
    const sides: Contestant<'ours' | 'find'>[] = [['ours', () => scan(bench, tree)]];
    if (bench.peers.has('find')) {
      sides.unshift(['find', () => measure(find(tree.path), bench.signal)]);
    }
    const medians = await inTurn(rounds, sides, bench.signal);
    const ours = medians.get('ours');
    const what = `First scan of ${count(tree.files.length, 'files')} into the catalogue, none read`;
    return present([
      rowOf({
        id: 'scan-time',
        what,
        unit: 's',
        ours: ours?.seconds,
        peer: { name: 'find -printf', value: medians.get('find')?.seconds },
        goal: timesPeer('atMost', 2),
      }),
      rowOf({
        id: 'scan-memory',
        what: `${what}: peak memory`,
        unit: 'MB',
        ours: ours?.peakMegabytes,
      }),
    ]);
  },
};

function scan(bench: Bench, tree: InputFolder): Promise<Measured> {
  return withFolder(bench, async (folder) => {
    const measured = await runProgram('scan', [tree.path, join(folder, 'data')], bench);
    if (measured.report['files'] !== tree.files.length) throw new Error('files are missing');
    return measured;
  });
}
