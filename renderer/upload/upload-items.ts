import type { UploadBatch, UploadItem } from '../../shared/contract/app/uploads.ts';

/** What became of an item, for people: results, failures, and what is still on its way. */
export type ItemGroup = 'failed' | 'going' | 'backedUp' | 'already' | 'ignored' | 'cancelled';

const GROUPS: Readonly<Record<UploadItem['state'], ItemGroup>> = {
  waiting: 'going',
  receiving: 'going',
  reading: 'going',
  uploading: 'going',
  backedUp: 'backedUp',
  alreadyBackedUp: 'already',
  ignored: 'ignored',
  failed: 'failed',
  cancelled: 'cancelled',
};

export function groupOf(item: UploadItem): ItemGroup {
  return GROUPS[item.state];
}

export type GroupCounts = Readonly<Record<ItemGroup, number>>;

/** How many items of each group there are. They add up to the number of items. */
export function countGroups(items: readonly UploadItem[]): GroupCounts {
  const counts = { failed: 0, going: 0, backedUp: 0, already: 0, ignored: 0, cancelled: 0 };
  for (const item of items) counts[groupOf(item)] += 1;
  return counts;
}

/** Whether nothing of the batch is on its way any more. */
export function isFinished(batch: UploadBatch): boolean {
  return !batch.collecting && batch.items.every((item) => groupOf(item) !== 'going');
}

/**
 * How far all items are, 0 to 1 by bytes; each item counts a little beside its bytes, so that empty ones count
 * too. Never 1 while something is on its way; null without items.
 */
export function overallProgress(items: readonly UploadItem[]): number | null {
  if (items.length === 0) return null;
  let all = 0;
  let done = 0;
  let going = false;
  for (const item of items) {
    const weight = item.bytes + 1000;
    const isGoing = groupOf(item) === 'going';
    all += weight;
    done += weight * (isGoing ? item.progress : 1);
    going ||= isGoing;
  }
  return going ? Math.min(done / all, 0.99) : 1;
}

/** What needs a person first, then what is on its way, then results; otherwise the order stays. */
export function inOrder(items: readonly UploadItem[]): readonly UploadItem[] {
  const rank = (item: UploadItem): number => {
    const group = groupOf(item);
    return group === 'failed' ? 0 : group === 'going' ? 1 : 2;
  };
  return items.toSorted((one, other) => rank(one) - rank(other));
}

/** The batches with one that changed or is new, newest first. */
export function withBatch(
  batches: readonly UploadBatch[],
  batch: UploadBatch,
): readonly UploadBatch[] {
  const known = batches.some(({ id }) => id === batch.id);
  const changed = known
    ? batches.map((each) => (each.id === batch.id ? batch : each))
    : [...batches, batch];
  return changed.toSorted((one, other) => other.startedMs - one.startedMs);
}

/** Bytes that this window still has to send count as progress of receiving them: the larger of both counts. */
export function withSent(
  items: readonly UploadItem[],
  sent: (item: string) => number | null,
): readonly UploadItem[] {
  return items.map((item) => {
    const share = groupOf(item) === 'going' ? sent(item.id) : null;
    // Sending is half of the way: after it the item still has to reach its destinations.
    return share === null || share / 2 <= item.progress ? item : { ...item, progress: share / 2 };
  });
}
