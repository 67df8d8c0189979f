import type { ContentHash } from '../../../shared/domain/asset.ts';
import { evidenceMethods, type EvidenceMethod } from '../../../shared/domain/journal-entry.ts';
import type { Database } from './database.ts';
import { member, number, optionalText, text, type Row } from './row.ts';

const objectStates = ['present', 'missing', 'retiring', 'retired'] as const;
/**
 * `present`: recorded as durable by some device. `missing`: the destination showed otherwise.
 * `retiring`: superseded by another object of the same content, the removal is announced.
 * `retired`: removed.
 */
export type ObjectState = (typeof objectStates)[number];

/** An object at a destination, as the merged journals tell. */
export interface StoredObject {
  readonly destinationId: number;
  readonly key: string;
  readonly assetId: number;
  readonly bytes: number;
  /** Hybrid logical time of its latest record. */
  readonly at: string;
  readonly device: string;
  readonly evidence: EvidenceMethod;
  readonly tag: string | null;
  readonly state: ObjectState;
}

/** An object that no journal names, with the content that it probably holds. */
export interface Stray {
  readonly key: string;
  readonly bytes: number;
  readonly hash: ContentHash;
  readonly assetId: number;
}

/** What is known to lie at each destination, from this device and from all others. */
export class Objects {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  byKey(destinationId: number, key: string): StoredObject | null {
    const row = this.#database.get(
      'SELECT * FROM objects WHERE destination_id = ? AND key = ?',
      destinationId,
      key,
    );
    return row === undefined ? null : objectOf(row);
  }

  /** The objects of one content that are recorded as present, the one that stays first. */
  ofAsset(assetId: number, destinationId: number): StoredObject[] {
    return this.#database
      .all(
        // By itself SQLite would walk past every object of the destination, to have them in order.
        `SELECT * FROM objects INDEXED BY objects_by_asset
         WHERE asset_id = ? AND destination_id = ? AND state = 'present' ORDER BY key`,
        assetId,
        destinationId,
      )
      .map(objectOf);
  }

  /** Keys of the other half of a Live Photo: of the video that goes with a still, or the other way round. */
  ofOtherHalf(identifier: string, half: 'still' | 'motion', destinationId: number): string[] {
    return this.#database
      .all(
        `SELECT o.key FROM assets a JOIN objects o INDEXED BY objects_by_asset
           ON o.asset_id = a.id AND o.destination_id = ?3 AND o.state = 'present'
         WHERE json_extract(a.details, '$.contentIdentifier') = ?1
           AND a.kind IN (SELECT value FROM json_each(?2)) ORDER BY o.key`,
        identifier,
        JSON.stringify(half === 'still' ? ['video'] : ['photo', 'raw']),
        destinationId,
      )
      .map((row) => text(row, 'key'));
  }

  /**
   * Records an object; a later record for the same key wins, and a retirement that was announced later
   * than the record, whichever of the two was read first. Two present objects of one content are noted
   * as contested.
   */
  record(object: StoredObject): void {
    this.#database.run(
      `INSERT INTO objects (destination_id, key, asset_id, bytes, at, device, evidence, tag, state)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, CASE WHEN EXISTS
         (SELECT 1 FROM retirements WHERE destination_id = ?1 AND key = ?2 AND at > ?5) THEN 'retired' ELSE ?9 END)
       ON CONFLICT (destination_id, key) DO UPDATE SET asset_id = excluded.asset_id, bytes = excluded.bytes,
         at = excluded.at, device = excluded.device, evidence = excluded.evidence, tag = excluded.tag,
         state = excluded.state, read_ms = 0 WHERE excluded.at > objects.at`,
      object.destinationId,
      object.key,
      object.assetId,
      object.bytes,
      object.at,
      object.device,
      object.evidence,
      object.tag,
      object.state,
    );
    this.#database.run(
      `INSERT INTO contested (destination_id, asset_id) SELECT ?1, ?2 WHERE
         (SELECT count(*) FROM objects WHERE asset_id = ?2 AND destination_id = ?1 AND state = 'present') > 1
       ON CONFLICT DO NOTHING`,
      object.destinationId,
      object.assetId,
    );
  }

  setState(destinationId: number, key: string, state: ObjectState): void {
    this.#database.run(
      'UPDATE objects SET state = ? WHERE destination_id = ? AND key = ?',
      state,
      destinationId,
      key,
    );
  }

  /** A removal was announced at time `at`; an object that is recorded later under that key stays. */
  retire(destinationId: number, key: string, at: string): void {
    this.#database.run(
      `INSERT INTO retirements (destination_id, key, at) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET at = max(at, excluded.at)`,
      destinationId,
      key,
      at,
    );
    this.#database.run(
      `UPDATE objects SET state = 'retired' WHERE destination_id = ? AND key = ? AND at < ? AND state <> 'retiring'`,
      destinationId,
      key,
      at,
    );
  }

  /** When the latest removal of that key was announced; null for none. */
  retiredAt(destinationId: number, key: string): string | null {
    const row = this.#database.get(
      'SELECT at FROM retirements WHERE destination_id = ? AND key = ?',
      destinationId,
      key,
    );
    return row === undefined ? null : text(row, 'at');
  }

  /**
   * This device took on another id: an object that it has not announced yet moves with it, and stands
   * until an announcement that is later still.
   */
  reattribute(destinationId: number, key: string, device: string, at: string): void {
    this.#database.run(
      `UPDATE objects SET device = ?, at = ?, state = CASE state WHEN 'retired' THEN 'present' ELSE state END
       WHERE destination_id = ? AND key = ?`,
      device,
      at,
      destinationId,
      key,
    );
  }

  /** The objects that stand on the word of that device. */
  announcedBy(destinationId: number, device: string): StoredObject[] {
    return this.#database
      .all(
        `SELECT * FROM objects WHERE destination_id = ? AND device = ? AND state = 'present' ORDER BY id`,
        destinationId,
        device,
      )
      .map(objectOf);
  }

  retiring(destinationId: number): StoredObject[] {
    return this.#database
      .all(`SELECT * FROM objects WHERE destination_id = ? AND state = 'retiring'`, destinationId)
      .map(objectOf);
  }

  /** The destination was emptied or replaced: nothing is known of it any more. */
  forgetAll(destinationId: number): void {
    for (const table of ['objects', 'retirements', 'contested', 'strays']) {
      this.#database.run(`DELETE FROM ${table} WHERE destination_id = ?`, destinationId);
    }
  }

  /** An object that no journal names. */
  addStray(
    destinationId: number,
    stray: { readonly key: string; readonly bytes: number; readonly hashPrefix: string },
  ): void {
    this.#database.run(
      `INSERT INTO strays (destination_id, key, bytes, hash_prefix) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET bytes = excluded.bytes`,
      destinationId,
      stray.key,
      stray.bytes,
      stray.hashPrefix,
    );
  }

  /** Strays whose content may be one that is known. */
  claimableStrays(destinationId: number): Stray[] {
    return this.#database
      .all(
        `SELECT s.key, s.bytes, a.hash, a.id AS asset_id FROM strays s
         JOIN assets a ON a.hash >= s.hash_prefix AND a.hash < s.hash_prefix || 'g' AND a.bytes = s.bytes
         WHERE s.destination_id = ?`,
        destinationId,
      )
      .map((row) => ({
        key: text(row, 'key'),
        bytes: number(row, 'bytes'),
        hash: text(row, 'hash'),
        assetId: number(row, 'asset_id'),
      }));
  }

  dropStray(destinationId: number, key: string): void {
    this.#database.run(
      'DELETE FROM strays WHERE destination_id = ? AND key = ?',
      destinationId,
      key,
    );
  }

  /** Contents with more than one object at the destination. */
  contested(destinationId: number): number[] {
    return this.#database
      .all('SELECT asset_id FROM contested WHERE destination_id = ?', destinationId)
      .map((row) => number(row, 'asset_id'));
  }

  settle(destinationId: number, assetId: number): void {
    this.#database.run(
      'DELETE FROM contested WHERE destination_id = ? AND asset_id = ?',
      destinationId,
      assetId,
    );
  }
}

function objectOf(row: Row): StoredObject {
  return {
    destinationId: number(row, 'destination_id'),
    key: text(row, 'key'),
    assetId: number(row, 'asset_id'),
    bytes: number(row, 'bytes'),
    at: text(row, 'at'),
    device: text(row, 'device'),
    evidence: member(row, 'evidence', evidenceMethods),
    tag: optionalText(row, 'tag'),
    state: member(row, 'state', objectStates),
  };
}
