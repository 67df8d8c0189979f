import { count } from '../support/bench.ts';
import type { Measured } from '../support/measure.ts';
import { present, rowOf, timesPeer, type Row } from '../support/row.ts';

/** Transfers at once of large photos, and of small ones over a slow line. */
export const libraryTransfers = 8;
export const smallTransfers = 32;
/** How much later every reply arrives on a slow line, milliseconds. */
export const delayMs = 50;

/** Rate, processor time and memory of many small files over a slow line. */
export function latencyRows(runs: {
  readonly id: string;
  /** The server, as the table names it. */
  readonly where: string;
  readonly files: number;
  readonly ours: Measured | undefined;
  readonly rclone: Measured | undefined;
}): Row[] {
  const { id, where, files, ours, rclone } = runs;
  const rate = (measured: Measured | undefined): number | undefined =>
    measured === undefined ? undefined : files / measured.seconds;
  const atOnce = String(smallTransfers);
  const what = `${count(files, 'small photos')} to ${where} at ${String(delayMs)} ms a reply, ${atOnce} at once`;
  const name = `rclone copy --transfers ${atOnce}`;
  return present([
    rowOf({
      id: `${id}-rate`,
      what,
      unit: 'files/s',
      ours: rate(ours),
      peer: { name, value: rate(rclone) },
      goal: timesPeer('atLeast', 1.9),
    }),
    rowOf({
      id: `${id}-cpu`,
      what: `${what}: processor time`,
      unit: 's',
      ours: ours?.cpuSeconds,
      peer: { name, value: rclone?.cpuSeconds },
    }),
    rowOf({
      id: `${id}-memory`,
      what: `${what}: peak memory`,
      unit: 'MB',
      ours: ours?.peakMegabytes,
      peer: { name, value: rclone?.peakMegabytes },
    }),
  ]);
}
