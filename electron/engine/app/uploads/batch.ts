import type { UploadItem } from '../../../../shared/contract/app/uploads.ts';
import type { UploadBatchRow, UploadItemRow } from '../../catalog/uploads.ts';
import { isFinal, standingOf, type ItemFacts } from './item-standing.ts';

/** What was dropped, pasted or chosen at one go. */
export interface Batch {
  readonly row: UploadBatchRow;
  readonly destinations: readonly string[];
  readonly items: Map<number, Item>;
  readonly stop: AbortController;
  collecting: boolean;
}

/** One file of a batch. */
export interface Item {
  row: UploadItemRow;
  shown: UploadItem;
  /** Part that was received; null while it is not being received. */
  received: number | null;
}

/** Adds an item of which nothing is known yet but its row. */
export function addItem(batch: Batch, row: UploadItemRow): void {
  const { id, name, bytes } = row;
  const standing = standingOf(row, batch.row, nothingKnown);
  const item = { id: String(id), name, bytes, ...standing };
  batch.items.set(id, { row, shown: item, received: null });
}

/** Whether nothing is left to do. */
export function isFinished({ collecting, items }: Batch): boolean {
  return !collecting && [...items.values()].every((item) => isFinal(item.shown.state));
}

/** The items of those ids that there are. */
export function chosen(batch: Batch, ids: readonly string[]): Item[] {
  return ids.flatMap((id) => batch.items.get(Number(id)) ?? []);
}

const nothingKnown: ItemFacts = {
  file: null,
  deliveries: [],
  taken: [],
  received: null,
  held: null,
};
