import { withFolder } from '../support/bench.ts';
import { cloudroll } from '../support/cloudroll.ts';
import { measure } from '../support/measure.ts';
import { inTurn } from '../support/repeat.ts';
import { present, rowOf } from '../support/row.ts';
import type { Group } from './group.ts';

const rounds = 7;

/** How long a person waits for the command itself. */
export const startGroup: Group = {
  name: 'start',
  measure: (bench) =>
    withFolder(bench, async (folder) => {
      const { signal } = bench;
      const nothing = { program: process.execPath, args: ['--eval', '0'] };
      const medians = await inTurn(
        rounds,
        [
          ['help', () => measure(cloudroll(['--help']), signal)],
          ['status', () => measure(cloudroll(['status', '--data', folder]), signal)],
          ['node', () => measure(nothing, signal)],
        ],
        signal,
      );
      const peer = { name: 'Node that does nothing', value: medians.get('node')?.seconds };
      const [help, status] = [medians.get('help')?.seconds, medians.get('status')?.seconds];
      return present([
        rowOf({ id: 'start-help', what: '`cloudroll --help`', unit: 's', ours: help, peer }),
        rowOf({
          id: 'start-status',
          what: '`cloudroll status`, nothing backed up yet',
          unit: 's',
          ours: status,
          peer,
        }),
      ]);
    }),
};
