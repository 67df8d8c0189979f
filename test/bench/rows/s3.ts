import { join } from 'node:path';

import type { S3Access } from '../../support/services/rados-gateway.ts';
import type { InputFolder } from '../inputs/manifest.ts';
import { count, withFolder, type Bench } from '../support/bench.ts';
import { requireInBucket, withBucket } from '../support/bucket.ts';
import { requireSummary, syncToBucket } from '../support/cloudroll.ts';
import { startDelayProxy } from '../support/delay-proxy.ts';
import { measure, type Measured } from '../support/measure.ts';
import { rcloneToBucket } from '../support/rclone.ts';
import { inTurn, type Contestant } from '../support/repeat.ts';
import { timesPeer } from '../support/row.ts';
import { withS3Server, type Reached } from '../support/s3-server.ts';
import { copyRows } from './copy-rows.ts';
import type { Group } from './group.ts';
import { delayMs, latencyRows, libraryTransfers, smallTransfers } from './s3-rows.ts';

type Side = 'ours' | 'rclone';

/** The first sync of the library to a real S3 server on this machine. */
export const s3Group: Group = {
  name: 's3',
  measure: async (bench) => {
    const library = await bench.inputs.library();
    const medians = await withS3Server((access) =>
      uploadInTurn(bench, library, { access, through: access, transfers: libraryTransfers }),
    );
    const atOnce = `${String(libraryTransfers)} at once`;
    return copyRows({
      id: 's3',
      what: `First sync of ${count(library.files.length, 'photos')} to a local S3 server, ${atOnce}`,
      ours: medians.get('ours'),
      peer: {
        name: `rclone copy --transfers ${String(libraryTransfers)}`,
        measured: medians.get('rclone'),
      },
      goals: {
        time: timesPeer('atMost', 0.5),
        cpu: timesPeer('atMost', 0.5),
        memory: timesPeer('atMost', 2),
      },
    });
  },
};

/** Many small files over a line on which each reply takes its time. */
export const latencyGroup: Group = {
  name: 'latency',
  measure: async (bench) => {
    const files = await bench.inputs.smallFiles();
    const medians = await withS3Server(async (access) => {
      const proxy = await startDelayProxy(access.endpoint, delayMs);
      try {
        const through = { ...access, endpoint: proxy.endpoint };
        return await uploadInTurn(bench, files, { access, through, transfers: smallTransfers });
      } finally {
        await proxy.close();
      }
    });
    return latencyRows({
      id: 'latency',
      where: 'S3',
      files: files.files.length,
      ours: medians.get('ours'),
      rclone: medians.get('rclone'),
    });
  },
};

interface Line {
  /** The server itself, to look at what it holds. */
  readonly access: S3Access;
  /** The way there that is measured. */
  readonly through: S3Access;
  readonly transfers: number;
}

function uploadInTurn(
  bench: Bench,
  input: InputFolder,
  line: Line,
): Promise<ReadonlyMap<Side, Measured>> {
  const sides: Contestant<Side>[] = [
    [
      'ours',
      () =>
        upload(bench, input, line, async (reached, folder) => {
          const command = syncToBucket(input.path, reached, join(folder, 'data'));
          const measured = await measure(command, bench.signal);
          requireSummary(measured, { uploaded: input.files.length });
          return measured;
        }),
    ],
  ];
  if (bench.peers.has('rclone')) {
    const rclone = (reached: Reached): Promise<Measured> =>
      measure(rcloneToBucket(input.path, reached), bench.signal);
    sides.push(['rclone', () => upload(bench, input, line, rclone)]);
  }
  // Once: it takes long enough to be steady.
  return inTurn(1, sides, bench.signal);
}

function upload(
  bench: Bench,
  input: InputFolder,
  { access, through, transfers }: Line,
  run: (reached: Reached, folder: string) => Promise<Measured>,
): Promise<Measured> {
  return withFolder(bench, (folder) =>
    withBucket(access, async (bucket) => {
      const measured = await run({ access: through, bucket, transfers }, folder);
      await requireInBucket(access, bucket, input);
      return measured;
    }),
  );
}
