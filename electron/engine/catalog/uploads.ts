import {
  deliveryStates,
  fileStates,
  type DeliveryState,
  type FileState,
} from '../../../shared/domain/states.ts';
import type { Database } from './database.ts';
import { member, number, optionalNumber, optionalText, text, type Row } from './row.ts';

/** What became of an item by itself; null while its file and its deliveries tell. */
export const uploadFates = ['alreadyBackedUp', 'ignored', 'failed', 'cancelled'] as const;
export type UploadFate = (typeof uploadFates)[number];

/** What was dropped at once. */
export interface UploadBatchRow {
  readonly id: string;
  readonly startedMs: number;
  readonly album: string | null;
  /** JSON list of ids of destinations in the settings. */
  readonly destinations: string;
}

export interface UploadItemRow {
  readonly id: number;
  readonly batchId: string;
  readonly name: string;
  /** Null until its bytes have been received. */
  readonly path: string | null;
  /** Folder that it is scanned as a part of, where that is not a watched one. */
  readonly root: string | null;
  readonly bytes: number;
  readonly modifiedMs: number | null;
  readonly fate: UploadFate | null;
  readonly assetId: number | null;
  /** JSON of a `Failure`. */
  readonly failure: string | null;
}

/** How a file stands that an item is about. */
export interface UploadedFile {
  readonly id: number;
  readonly state: FileState;
  readonly assetId: number | null;
  readonly failure: string | null;
}

/** How an asset stands at one destination. */
export interface UploadedDelivery {
  readonly state: DeliveryState;
  readonly key: string | null;
  readonly failure: string | null;
  readonly retryMs: number | null;
  readonly verifiedMs: number | null;
  /** Whether this device sent the bytes. */
  readonly sent: boolean;
}

/** Files that a person dropped, pasted or chose, so that a restart forgets none of them. */
export class Uploads {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  addBatch(batch: UploadBatchRow): void {
    this.#database.run(
      'INSERT INTO upload_batches (id, started_ms, album, destinations) VALUES (?, ?, ?, ?)',
      batch.id,
      Math.trunc(batch.startedMs),
      batch.album,
      batch.destinations,
    );
  }

  /** Returns the ids of the items, in their order. */
  addItems(
    batchId: string,
    items: readonly Omit<UploadItemRow, 'id' | 'batchId' | 'assetId'>[],
  ): number[] {
    return this.#database.transaction(() =>
      items.map((item) =>
        this.#database.insert(
          `INSERT INTO upload_items (batch_id, name, path, root, bytes, modified_ms, fate, failure)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
          batchId,
          item.name,
          item.path,
          item.root,
          Math.trunc(item.bytes),
          item.modifiedMs === null ? null : Math.trunc(item.modifiedMs),
          item.fate,
          item.failure,
        ),
      ),
    );
  }

  /** Oldest first. */
  batches(): UploadBatchRow[] {
    return this.#database.all('SELECT * FROM upload_batches ORDER BY started_ms, id').map(batchOf);
  }

  items(batchId: string): UploadItemRow[] {
    return this.#database
      .all('SELECT * FROM upload_items WHERE batch_id = ? ORDER BY id', batchId)
      .map(itemOf);
  }

  /** The bytes of an item lie here now. */
  received(itemId: number, path: string, bytes: number): void {
    this.#database.run(
      'UPDATE upload_items SET path = ?, bytes = ?, fate = NULL, failure = NULL WHERE id = ?',
      path,
      bytes,
      itemId,
    );
  }

  decide(
    itemId: number,
    fate: UploadFate | null,
    failure: string | null,
    assetId: number | null,
  ): void {
    this.#database.run(
      'UPDATE upload_items SET fate = ?, failure = ?, asset_id = ? WHERE id = ?',
      fate,
      failure,
      assetId,
      itemId,
    );
  }

  remove(batchId: string): void {
    this.#database.run('DELETE FROM upload_batches WHERE id = ?', batchId);
  }

  /** The file of that path below a folder; null where it was not seen yet. */
  file(rootPath: string, directory: string, name: string): UploadedFile | null {
    const row = this.#database.get(
      `SELECT f.id, f.state, f.asset_id, f.failure FROM roots root
       JOIN directories d ON d.root_id = root.id AND d.path = ?2
       JOIN files f ON f.directory_id = d.id AND f.name = ?3 WHERE root.path = ?1`,
      rootPath,
      directory,
      name,
    );
    if (row === undefined) return null;
    return {
      id: number(row, 'id'),
      state: member(row, 'state', fileStates),
      assetId: optionalNumber(row, 'asset_id'),
      failure: optionalText(row, 'failure'),
    };
  }

  delivery(assetId: number, destinationId: number): UploadedDelivery | null {
    const row = this.#database.get(
      `SELECT state, key, failure, retry_ms, verified_ms, uploaded_run FROM deliveries
       WHERE destination_id = ? AND asset_id = ?`,
      destinationId,
      assetId,
    );
    if (row === undefined) return null;
    return {
      state: member(row, 'state', deliveryStates),
      key: optionalText(row, 'key'),
      failure: optionalText(row, 'failure'),
      retryMs: optionalNumber(row, 'retry_ms'),
      verifiedMs: optionalNumber(row, 'verified_ms'),
      sent: optionalNumber(row, 'uploaded_run') !== null,
    };
  }
}

function batchOf(row: Row): UploadBatchRow {
  return {
    id: text(row, 'id'),
    startedMs: number(row, 'started_ms'),
    album: optionalText(row, 'album'),
    destinations: text(row, 'destinations'),
  };
}

function itemOf(row: Row): UploadItemRow {
  const fate = optionalText(row, 'fate');
  return {
    id: number(row, 'id'),
    batchId: text(row, 'batch_id'),
    name: text(row, 'name'),
    path: optionalText(row, 'path'),
    root: optionalText(row, 'root'),
    bytes: number(row, 'bytes'),
    modifiedMs: optionalNumber(row, 'modified_ms'),
    fate: fate === null ? null : member(row, 'fate', uploadFates),
    assetId: optionalNumber(row, 'asset_id'),
    failure: optionalText(row, 'failure'),
  };
}
