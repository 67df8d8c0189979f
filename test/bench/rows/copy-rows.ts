import type { Measured } from '../support/measure.ts';
import { present, rowOf, type Goal, type Row } from '../support/row.ts';

/** Time, processor time and memory of one copy against another's. */
export function copyRows(copies: {
  readonly id: string;
  readonly what: string;
  readonly ours: Measured | undefined;
  readonly peer: { readonly name: string; readonly measured: Measured | undefined };
  readonly goals?: { readonly time?: Goal; readonly cpu?: Goal; readonly memory?: Goal };
}): Row[] {
  const { id, what, ours, peer, goals } = copies;
  const { name, measured: theirs } = peer;
  return present([
    rowOf({
      id: `${id}-time`,
      what,
      unit: 's',
      ours: ours?.seconds,
      peer: { name, value: theirs?.seconds },
      ...(goals?.time === undefined ? {} : { goal: goals.time }),
    }),
    rowOf({
      id: `${id}-cpu`,
      what: `${what}: processor time`,
      unit: 's',
      ours: ours?.cpuSeconds,
      peer: { name, value: theirs?.cpuSeconds },
      ...(goals?.cpu === undefined ? {} : { goal: goals.cpu }),
    }),
    rowOf({
      id: `${id}-memory`,
      what: `${what}: peak memory`,
      unit: 'MB',
      ours: ours?.peakMegabytes,
      peer: { name, value: theirs?.peakMegabytes },
      ...(goals?.memory === undefined ? {} : { goal: goals.memory }),
    }),
  ]);
}
