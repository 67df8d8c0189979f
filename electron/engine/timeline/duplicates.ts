import { z } from 'zod';

import type { AppResult } from '../../../shared/contract/app/methods.ts';
import { fail } from '../../../shared/domain/failure.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { TimelineKey } from '../catalog/timeline.ts';
import { toDisplayPath } from '../scan/raw-path.ts';
import { pathOf } from './details.ts';
import { itemOf } from './items.ts';

const cursorSchema = z.tuple([z.string(), z.int()]);

/** Contents of which several files are known, newest first, page by page. */
export function duplicatesOf(
  catalog: Catalog,
  destinationIds: readonly number[],
  { cursor, limit }: { readonly cursor: string | null; readonly limit: number },
): AppResult<'duplicates.page'> {
  const { timeline, records, assets } = catalog;
  const ids = timeline.duplicates(cursor === null ? null : readCursor(cursor), limit);
  const entries = timeline.entries(ids, destinationIds);
  const last = entries.at(-1);
  return {
    duplicates: entries.map((entry) => ({
      item: itemOf(entry),
      bytes: assets.byId(entry.id).bytes,
      paths: records
        .files(entry.id)
        .filter(({ state }) => state !== 'absent')
        .map((file) => toDisplayPath(pathOf(file))),
    })),
    cursor: last === undefined || ids.length < limit ? null : JSON.stringify([last.wall, last.id]),
    total: timeline.countDuplicates(),
  };
}

function readCursor(text: string): TimelineKey {
  try {
    const [wall, id] = cursorSchema.parse(JSON.parse(text));
    return { wall, id };
  } catch (error) {
    throw fail('invalid', 'This page of the list does not exist.', { cause: error });
  }
}
