import { availableParallelism } from 'node:os';

import type { InputFolder } from '../inputs/manifest.ts';
import type { Bench } from '../support/bench.ts';
import { measure, type Measured } from '../support/measure.ts';
import { runProgram } from '../support/program.ts';
import { inTurn, type Contestant } from '../support/repeat.ts';
import { present, rowOf } from '../support/row.ts';
import { requireSame } from '../support/stored.ts';
import { perProcess } from '../support/spread.ts';
import type { Group } from './group.ts';

const rounds = 3;
const threads = Math.min(4, availableParallelism());

/** SHA-256 of large files, on as many cores as the peer gets. */
export const hashingGroup: Group = {
  name: 'hashing',
  measure: async (bench) => {
    const input = await bench.inputs.largeFiles();
    const sides: Contestant<'ours' | 'sha256sum'>[] = [['ours', () => hashWithUs(bench, input)]];
    if (bench.peers.has('sha256sum')) {
      sides.push(['sha256sum', () => hashWithPeer(bench, input)]);
    }
    const medians = await inTurn(rounds, sides, bench.signal);
    const rate = (measured: Measured | undefined): number | undefined =>
      measured === undefined ? undefined : input.bytes / 1e6 / measured.seconds;
    return present([
      rowOf({
        id: 'hashing-rate',
        what: `SHA-256 of ${(input.bytes / 1e6).toFixed(0)} MB in ${String(input.files.length)} files, ${String(threads)} at once`,
        unit: 'MB/s',
        ours: rate(medians.get('ours')),
        peer: { name: 'sha256sum, as many at once', value: rate(medians.get('sha256sum')) },
      }),
    ]);
  },
};

async function hashWithUs(bench: Bench, input: InputFolder): Promise<Measured> {
  const paths = input.files.map(({ path }) => path);
  const measured = await runProgram('hash', [String(threads), ...paths], bench);
  requireHashes(measured, input);
  return measured;
}

async function hashWithPeer({ signal }: Bench, input: InputFolder): Promise<Measured> {
  const paths = input.files.map(({ path }) => path);
  const measured = await measure(perProcess(threads, ['sha256sum'], paths), signal);
  requireHashes(measured, input);
  return measured;
}

function requireHashes({ lines }: Measured, input: InputFolder): void {
  requireSame(
    lines.flatMap((line) => line.match(/[0-9a-f]{64}/gu) ?? []),
    input.files.map(({ sha256 }) => sha256),
  );
}
