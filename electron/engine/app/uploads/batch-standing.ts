import { dirname } from 'node:path';

import type { Failure } from '../../../../shared/domain/failure.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { UploadItemRow } from '../../catalog/uploads.ts';
import { relativeTo } from '../../scan/roots.ts';
import type { StoredDestination } from '../settings/stored-settings.ts';
import type { Batch, Item } from './batch.ts';
import { isFinal, standingOf, type ItemFacts } from './item-standing.ts';
import { split, type Picked } from './picked-files.ts';

/** A watched folder, and whether a file in it is backed up with it. */
export interface UploadFolder {
  readonly path: string;
  readonly includes: (relative: string) => boolean;
}

export interface BatchStandingPorts {
  readonly catalog: Catalog;
  readonly folders: () => readonly UploadFolder[];
  readonly destinations: () => readonly StoredDestination[];
  /** Why a destination takes nothing now; null while it works. */
  readonly stopped: (url: string) => Failure | null;
}

/** How the items of batches stand: what the catalogue, the folders and the transfers say of them. */
export class BatchStanding {
  readonly #ports: BatchStandingPorts;
  /** Bytes that a destination has taken of an object, by its URL and key. */
  readonly #taken = new Map<string, number>();

  constructor(ports: BatchStandingPorts) {
    this.#ports = ports;
  }

  /** A destination has taken that much of an object. */
  taken(url: string, key: string, bytes: number): void {
    this.#taken.set(`${url} ${key}`, bytes);
  }

  /** No transfer is going on any more. */
  forgetTaken(): void {
    this.#taken.clear();
  }

  /** Looks up how items stand and keeps it in them. */
  look(batch: Batch, items: Iterable<Item>): void {
    const destinations = this.destinationsOf(batch);
    const rowIds = this.rowIds(batch);
    const stopped = destinations.map(({ url }) => this.#ports.stopped(url)).find(Boolean) ?? null;
    for (const item of items) {
      const facts = this.#facts(item, destinations, rowIds, stopped);
      const { id, name, bytes } = item.row;
      const standing = standingOf(item.row, batch.row, facts);
      item.shown = { id: String(id), name, bytes, ...standing };
    }
  }

  #facts(
    item: Item,
    destinations: readonly StoredDestination[],
    rowIds: readonly number[],
    held: Failure | null,
  ): ItemFacts {
    const { uploads } = this.#ports.catalog;
    const file = item.row.path === null ? null : this.fileOf(item.row);
    const assetId = file?.assetId ?? null;
    const deliveries = rowIds.map((id) =>
      assetId === null ? null : uploads.delivery(assetId, id),
    );
    const taken = deliveries.map((delivery, index) => {
      const url = destinations[index]?.url ?? '';
      const bytes = this.#taken.get(`${url} ${delivery?.key ?? ''}`) ?? 0;
      return item.row.bytes === 0 ? 0 : Math.min(1, bytes / item.row.bytes);
    });
    return { file, deliveries, taken, received: item.received, held };
  }

  /** The file of an item as the catalogue knows it; null where it does not. */
  fileOf({ path, root }: UploadItemRow) {
    if (path === null) return null;
    const place = this.watchedPlace(path);
    const base = place?.root ?? root ?? dirname(path);
    const relative = place?.relative ?? relativeTo(base, path);
    if (relative === null) return null;
    const { directory, name } = split(relative);
    return this.#ports.catalog.uploads.file(base, directory, name);
  }

  /** Where a file lies in the watched folder that it is backed up with; null where there is none. */
  watchedPlace(path: string): { root: string; relative: string } | null {
    for (const folder of this.#ports.folders()) {
      const relative = relativeTo(folder.path, path);
      if (relative !== null && folder.includes(relative)) return { root: folder.path, relative };
    }
    return null;
  }

  /** Picked files that lie in no watched folder and are not finished. */
  openPicks(batch: Batch): Picked[] {
    const picks: Picked[] = [];
    for (const { row, shown: item } of batch.items.values()) {
      if (row.path === null || row.root === null || isFinal(item.state)) continue;
      if (this.watchedPlace(row.path) === null) picks.push({ root: row.root, path: row.path });
    }
    return picks;
  }

  /** Where a batch goes; one without a choice goes everywhere. */
  destinationsOf({ destinations }: Batch): StoredDestination[] {
    const all = this.#ports.destinations();
    return all.filter(({ id }) => destinations.length === 0 || destinations.includes(id));
  }

  /** The same, by their ids in the catalogue. */
  rowIds(batch: Batch): number[] {
    const { deliveries } = this.#ports.catalog;
    return this.destinationsOf(batch).map(
      ({ url, name }) => deliveries.ensureDestination(url, name).id,
    );
  }
}
