import type { ContentHash } from '../../../shared/domain/asset.ts';
import type { Catalog } from './catalog.ts';
import type { Database } from './database.ts';
import { number, text, type Row } from './row.ts';

/** An object that some device recorded as proven. */
export interface LedgerObject {
  readonly id: number;
  readonly key: string;
  readonly hash: ContentHash;
  readonly bytes: number;
}

const objectColumns = 'o.id, o.key, o.bytes, a.hash';
const presentObjects = `objects o JOIN assets a ON a.id = o.asset_id
  WHERE o.destination_id = ? AND o.state = 'present'`;
const pageSize = 1000;
/** Contents that share the first digits of a hash in a key; more than one is rare already. */
const mostSharers = 100;

/**
 * What all devices together recorded as proven at one destination, and when each object's bytes were last
 * read: the catalogue's side of `verify` (its port is `verify/ledger.ts`).
 */
export class CatalogLedger {
  readonly #catalog: Catalog;
  readonly #database: Database;
  readonly #destinationId: number;

  constructor(catalog: Catalog, database: Database, destinationId: number) {
    this.#catalog = catalog;
    this.#database = database;
    this.#destinationId = destinationId;
  }

  /** How many objects are expected. */
  count(): number {
    return this.countReadSince(0);
  }

  lookup(key: string): LedgerObject | null {
    const row = this.#database.get(
      `SELECT ${objectColumns} FROM ${presentObjects} AND o.key = ?`,
      this.#destinationId,
      key,
    );
    return row === undefined ? null : objectOf(row);
  }

  /** Every expected object, each once; the catalogue may be written to meanwhile. */
  *expected(): Generator<LedgerObject, void> {
    let last = 0;
    for (;;) {
      const page = this.#database
        .all(
          `SELECT ${objectColumns} FROM ${presentObjects} AND o.id > ? ORDER BY o.id LIMIT +?`,
          this.#destinationId,
          last,
          pageSize,
        )
        .map(objectOf);
      yield* page;
      const end = page.at(-1);
      if (end === undefined) return;
      last = end.id;
    }
  }

  /** Known contents whose hash begins so. */
  contentsByPrefix(hashPrefix: string): readonly { hash: ContentHash; bytes: number }[] {
    return this.#database
      .all(
        'SELECT hash, bytes FROM assets WHERE hash >= ? AND hash < ? ORDER BY hash LIMIT +?',
        hashPrefix,
        // Sorts after every digit that may follow.
        `${hashPrefix}g`,
        mostSharers,
      )
      .map((row) => ({ hash: text(row, 'hash'), bytes: number(row, 'bytes') }));
  }

  /** Expected objects not read at or after `beforeMs`: those never read first, then the oldest reading. */
  leastLatelyRead(beforeMs: number, limit: number): readonly LedgerObject[] {
    return this.#database
      .all(
        `SELECT ${objectColumns} FROM ${presentObjects} AND o.read_ms < ? ORDER BY o.read_ms, o.id LIMIT +?`,
        this.#destinationId,
        beforeMs,
        limit,
      )
      .map(objectOf);
  }

  /** How many expected objects were read at or after `sinceMs`. */
  countReadSince(sinceMs: number): number {
    const row = this.#database.get(
      `SELECT count(*) AS count FROM objects
       WHERE destination_id = ? AND state = 'present' AND read_ms >= ?`,
      this.#destinationId,
      sinceMs,
    );
    return row === undefined ? 0 : number(row, 'count');
  }

  /** Remembers that reading was tried, whatever came of it. */
  recordRead(id: number, atMs: number): void {
    this.#database.run('UPDATE objects SET read_ms = ? WHERE id = ?', Math.trunc(atMs), id);
  }

  /** The object was found missing, or with other bytes: what counted as backed up by it is uploaded again. */
  recordLoss(object: Pick<LedgerObject, 'key'>): void {
    const stored = this.#catalog.objects.byKey(this.#destinationId, object.key);
    if (stored !== null) this.#catalog.recordLoss(stored);
  }
}

function objectOf(row: Row): LedgerObject {
  return {
    id: number(row, 'id'),
    key: text(row, 'key'),
    hash: text(row, 'hash'),
    bytes: number(row, 'bytes'),
  };
}
