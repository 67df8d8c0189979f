import { failureSchema } from '../../../shared/contract/app/failure-schema.ts';
import type { TimelineItem } from '../../../shared/contract/app/timeline.ts';
import type { Failure } from '../../../shared/domain/failure.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { TimelineEntry } from '../catalog/timeline.ts';
import { toDisplayPath } from '../scan/raw-path.ts';
import { opaqueId } from './opaque-id.ts';
import type { CurrentDestination } from './ports.ts';

/** A destination with the number that the catalogue knows it by. */
export interface NumberedDestination extends CurrentDestination {
  readonly rowId: number;
}

/** The current destinations that the catalogue knows already. */
export function numbered(
  catalog: Catalog,
  current: readonly CurrentDestination[],
): NumberedDestination[] {
  const rows = catalog.deliveries.destinations();
  return current.flatMap((destination) => {
    const row = rows.find(({ url }) => url === destination.url);
    return row === undefined ? [] : [{ ...destination, rowId: row.id }];
  });
}

/** What a tile shows, for a window. */
export function itemOf(entry: TimelineEntry): TimelineItem {
  return {
    id: opaqueId(entry.id),
    wall: entry.wall,
    name: toDisplayPath(entry.name),
    kind: entry.kind,
    width: entry.width,
    height: entry.height,
    durationMs: entry.durationMs,
    thumbHash: entry.thumbHash,
    picture: entry.preview,
    live: entry.live,
    copies: entry.copies,
    state: entry.standing,
  };
}

/** A failure as the catalogue keeps it; null for none, and for one that cannot be read. */
export function storedFailure(json: string | null): Failure | null {
  if (json === null) return null;
  const parsed = failureSchema.safeParse(JSON.parse(json));
  return parsed.success ? parsed.data : null;
}
