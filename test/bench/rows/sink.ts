import { join } from 'node:path';

import type { InputFolder } from '../inputs/manifest.ts';
import { count, withFolder, withMemoryFolder, type Bench } from '../support/bench.ts';
import { requireSummary, syncToBucket } from '../support/cloudroll.ts';
import { startDelayProxy } from '../support/delay-proxy.ts';
import { measure, type Command, type Measured } from '../support/measure.ts';
import { rcloneToBucket } from '../support/rclone.ts';
import { inTurn, type Contestant } from '../support/repeat.ts';
import { timesPeer, type Row } from '../support/row.ts';
import { withS3Sink } from '../support/s3-sink.ts';
import type { Reached } from '../support/s3-server.ts';
import { requireStored } from '../support/stored.ts';
import { copyRows } from './copy-rows.ts';
import type { Group } from './group.ts';
import { delayMs, latencyRows, libraryTransfers, smallTransfers } from './s3-rows.ts';

const rounds = 3;
type Side = 'ours' | 'rclone';

/**
 * The same uploads as to the S3 server, to one that does as little as it can: a whole S3 server on the same two
 * cores takes more of them than its clients, and it is these that are to be compared.
 */
export const sinkGroup: Group = {
  name: 'sink',
  measure: async (bench) => [...(await library(bench)), ...(await smallFiles(bench))],
};

async function library(bench: Bench): Promise<Row[]> {
  const input = await bench.inputs.library();
  const medians = await uploadInTurn(bench, input, { transfers: libraryTransfers, delayMs: 0 });
  const atOnce = String(libraryTransfers);
  return copyRows({
    id: 'sink',
    what: `First sync of ${count(input.files.length, 'photos')} to an S3 sink on loopback, ${atOnce} at once`,
    ours: medians.get('ours'),
    peer: { name: `rclone copy --transfers ${atOnce}`, measured: medians.get('rclone') },
    goals: {
      time: timesPeer('atMost', 0.5),
      cpu: timesPeer('atMost', 0.5),
      memory: timesPeer('atMost', 2),
    },
  });
}

async function smallFiles(bench: Bench): Promise<Row[]> {
  const input = await bench.inputs.smallFiles();
  const medians = await uploadInTurn(bench, input, { transfers: smallTransfers, delayMs });
  return latencyRows({
    id: 'sink-latency',
    where: 'an S3 sink',
    files: input.files.length,
    ours: medians.get('ours'),
    rclone: medians.get('rclone'),
  });
}

interface Line {
  readonly transfers: number;
  /** How much later every reply arrives, milliseconds. */
  readonly delayMs: number;
}

function uploadInTurn(
  bench: Bench,
  input: InputFolder,
  line: Line,
): Promise<ReadonlyMap<Side, Measured>> {
  const sides: Contestant<Side>[] = [
    [
      'ours',
      async () => {
        const measured = await upload(bench, input, line, (reached, folder) =>
          syncToBucket(input.path, reached, join(folder, 'data')),
        );
        requireSummary(measured, { uploaded: input.files.length });
        return measured;
      },
    ],
  ];
  if (bench.peers.has('rclone')) {
    sides.push([
      'rclone',
      () => upload(bench, input, line, (reached) => rcloneToBucket(input.path, reached)),
    ]);
  }
  return inTurn(rounds, sides, bench.signal);
}

/** One upload to a sink of its own, and the bytes that it stored. */
function upload(
  bench: Bench,
  input: InputFolder,
  line: Line,
  commandFor: (reached: Reached, folder: string) => Command,
): Promise<Measured> {
  return withFolder(bench, (folder) =>
    withMemoryFolder(bench, (stored) =>
      withS3Sink(stored, async (access) => {
        const proxy =
          line.delayMs > 0 ? await startDelayProxy(access.endpoint, line.delayMs) : null;
        try {
          const through = { ...access, endpoint: proxy?.endpoint ?? access.endpoint };
          const reached = { access: through, bucket: 'bench', transfers: line.transfers };
          const measured = await measure(commandFor(reached, folder), bench.signal);
          await requireStored(stored, input, bench.signal);
          return measured;
        } finally {
          await proxy?.close();
        }
      }),
    ),
  );
}
