import type { ContentHash } from '../../../shared/domain/asset.ts';
import type { Failure } from '../../../shared/domain/failure.ts';
import { deliveryStates, type DeliveryState } from '../../../shared/domain/states.ts';
import type { Database } from './database.ts';
import { member, number, optionalText, text, type Row } from './row.ts';

/** A destination as the catalogue knows it. */
export interface DestinationRow {
  readonly id: number;
  readonly url: string;
  readonly name: string;
  /** The id that the destination's own marker carries; null before the first connection. */
  readonly marker: string | null;
  /** Sequence number of this device's last published journal segment; 0 for none. */
  readonly sequence: number;
  /** SHA-256 of that segment's bytes. */
  readonly segmentHash: string | null;
}

/** An asset on its way to a destination. */
export interface Delivery {
  readonly assetId: number;
  readonly destinationId: number;
  readonly state: DeliveryState;
  readonly key: string | null;
  readonly bytes: number;
  readonly hash: ContentHash;
  readonly mime: string;
  readonly name: string;
  readonly wall: string;
  readonly attempts: number;
  readonly resumeToken: string | null;
  readonly version: number;
}

/** Which of a run's photos may be delivered: those with a file in one of these folders. */
export interface Scope {
  readonly rootIds: readonly number[];
}

/** A file that reads differently each time is not sent for ever within one run. */
const attemptsOfChangingFile = 4;

const inScope = `EXISTS (SELECT 1 FROM files f JOIN directories r ON r.id = f.directory_id
  WHERE f.asset_id = d.asset_id AND f.state = 'hashed' AND r.root_id IN (SELECT value FROM json_each(?)))`;

/** The state of each asset at each destination. */
export class Deliveries {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  destinations(): DestinationRow[] {
    return this.#database.all('SELECT * FROM destinations ORDER BY id').map(destinationOf);
  }

  ensureDestination(url: string, name: string): DestinationRow {
    this.#database.run(
      'INSERT INTO destinations (url, name) VALUES (?, ?) ON CONFLICT (url) DO NOTHING',
      url,
      name,
    );
    const row = this.#database.get('SELECT * FROM destinations WHERE url = ?', url);
    if (row === undefined) throw new Error('a destination vanished from the catalogue');
    return destinationOf(row);
  }

  destination(id: number): DestinationRow {
    const row = this.#database.get('SELECT * FROM destinations WHERE id = ?', id);
    if (row === undefined) throw new Error('a destination vanished from the catalogue');
    return destinationOf(row);
  }

  /** Another name for people; the place is the same. */
  rename(id: number, name: string): void {
    this.#database.run('UPDATE destinations SET name = ? WHERE id = ?', name, id);
  }

  rememberMarker(id: number, marker: string): void {
    this.#database.run(
      'UPDATE destinations SET marker = ? WHERE id = ? AND marker IS NOT ?',
      marker,
      id,
      marker,
    );
  }

  /** Nothing counts as backed up there any more; everything is queued again under a fresh key. */
  revokeAll(destinationId: number): void {
    this.#database.run(
      `UPDATE deliveries SET state = 'queued', key = NULL, evidence = NULL, verified_ms = NULL, attempts = 0,
         retry_ms = NULL, failure = NULL, resume_token = NULL, version = version + 1 WHERE destination_id = ?`,
      destinationId,
    );
    this.#database.run(
      'UPDATE destinations SET marker = NULL, last_proof_ms = NULL WHERE id = ?',
      destinationId,
    );
  }

  /**
   * Queues one asset for a destination unless it is known there already. A delivery that failed because
   * its file changed goes on: its content was just read again.
   */
  queue(assetId: number, destinationId: number, bytes: number): void {
    this.#database.run(
      `INSERT INTO deliveries (asset_id, destination_id, state, bytes) VALUES (?, ?, 'queued', ?)
       ON CONFLICT DO UPDATE SET state = 'queued', failure = NULL, version = version + 1
         WHERE state = 'failed' AND json_extract(failure, '$.code') = 'changed' AND attempts < ${String(attemptsOfChangingFile)}`,
      assetId,
      destinationId,
      bytes,
    );
  }

  /** Queues every asset with a file in scope that the destination has not been asked to keep yet. */
  queueAll(destinationId: number, scope: Scope): number {
    if (this.#knowsEverything(destinationId)) return 0;
    return this.#database.run(
      `INSERT INTO deliveries (asset_id, destination_id, state, bytes)
       SELECT a.id, ?1, 'queued', a.bytes FROM assets a WHERE a.id IN (SELECT f.asset_id
         FROM files f INDEXED BY files_by_asset CROSS JOIN directories r ON r.id = f.directory_id
         WHERE f.asset_id IS NOT NULL AND f.state = 'hashed' AND r.root_id IN (SELECT value FROM json_each(?2))
           AND NOT EXISTS
             (SELECT 1 FROM deliveries d WHERE d.destination_id = ?1 AND d.asset_id = f.asset_id))`,
      destinationId,
      JSON.stringify(scope.rootIds),
    );
  }

  /** Whether no content in the catalogue is without a delivery to the destination; costs next to nothing. */
  #knowsEverything(destinationId: number): boolean {
    const row = this.#database.get(
      `SELECT 1 AS found WHERE (SELECT count(*) FROM assets) =
         (SELECT sum(count) FROM delivery_counts WHERE destination_id = ?)`,
      destinationId,
    );
    return row !== undefined;
  }

  /** What an earlier run left half-done, and what failed if wanted, is tried again; keys and resume tokens are kept. */
  requeueUnfinished(destinationId: number, alsoFailed: boolean): void {
    this.#database.run(
      `UPDATE deliveries INDEXED BY deliveries_open SET state = 'queued', failure = NULL, retry_ms = NULL,
         attempts = 0, version = version + 1 WHERE destination_id = ? AND state <> 'verified' AND state IN ('uploading', ?)`,
      destinationId,
      alsoFailed ? 'failed' : 'uploading',
    );
  }

  /** Deliveries that may start now, oldest asset first. */
  ready(destinationId: number, scope: Scope, nowMs: number, limit: number): Delivery[] {
    return this.#database
      .all(
        `${openQuery} WHERE d.destination_id = ? AND d.state <> 'verified' AND d.state <> 'uploading'
           AND (d.retry_ms IS NULL OR d.retry_ms <= ?) AND (d.state = 'queued' OR d.retry_ms IS NOT NULL)
           AND ${inScope} ORDER BY d.asset_id LIMIT +?`,
        destinationId,
        nowMs,
        JSON.stringify(scope.rootIds),
        limit,
      )
      .map(deliveryOf);
  }

  /** Deliveries that are not proven yet, after `afterAssetId`, in scope; for a plan that changes nothing. */
  open(destinationId: number, scope: Scope, afterAssetId: number, limit: number): Delivery[] {
    return this.#database
      .all(
        `${openQuery} WHERE d.destination_id = ? AND d.state <> 'verified' AND d.asset_id > ?
           AND ${inScope} ORDER BY d.asset_id LIMIT +?`,
        destinationId,
        afterAssetId,
        JSON.stringify(scope.rootIds),
        limit,
      )
      .map(deliveryOf);
  }

  /** Unproven deliveries of other folders than those of the scope: how many, and their bytes. */
  openElsewhere(destinationId: number, scope: Scope): { count: number; bytes: number } {
    const row = this.#database.get(
      `SELECT count(*) AS count, coalesce(sum(bytes), 0) AS bytes FROM deliveries d INDEXED BY deliveries_open
       WHERE d.destination_id = ? AND d.state <> 'verified' AND NOT ${inScope}`,
      destinationId,
      JSON.stringify(scope.rootIds),
    );
    return row === undefined
      ? { count: 0, bytes: 0 }
      : { count: number(row, 'count'), bytes: number(row, 'bytes') };
  }

  /** The next moment at which a failed delivery may be tried again, milliseconds since 1970. */
  nextRetryMs(destinationId: number): number | null {
    const row = this.#database.get(
      `SELECT min(retry_ms) AS next FROM deliveries INDEXED BY deliveries_open
       WHERE destination_id = ? AND state <> 'verified' AND state = 'failed'`,
      destinationId,
    );
    const next = row?.['next'];
    return typeof next === 'number' ? next : null;
  }

  get(assetId: number, destinationId: number): Delivery | null {
    const row = this.#database.get(
      `${deliveryQuery} WHERE d.asset_id = ? AND d.destination_id = ?`,
      assetId,
      destinationId,
    );
    return row === undefined ? null : deliveryOf(row);
  }

  /** Fixes the key and marks that bytes may be on their way. Durable before the first byte leaves. */
  begin(delivery: Delivery, key: string): Delivery {
    this.#database.run(
      `UPDATE deliveries SET state = 'uploading', key = ?, version = version + 1,
         resume_token = CASE WHEN key IS ? THEN resume_token END
       WHERE asset_id = ? AND destination_id = ? AND state <> 'verified'`,
      key,
      key,
      delivery.assetId,
      delivery.destinationId,
    );
    return this.get(delivery.assetId, delivery.destinationId) ?? delivery;
  }

  saveResumeToken(delivery: Delivery, token: string | null): void {
    this.#database.run(
      'UPDATE deliveries SET resume_token = ? WHERE asset_id = ? AND destination_id = ?',
      token,
      delivery.assetId,
      delivery.destinationId,
    );
  }

  /** Only on the destination's evidence. `uploadedRun`: the run that sent the bytes; null where they were there already. */
  verify(
    delivery: Delivery,
    proof: { key: string; evidence: string; verifiedMs: number; uploadedRun: number | null },
  ): boolean {
    const { assetId, destinationId, bytes } = delivery;
    const known = this.#database.run(
      `UPDATE deliveries SET state = 'verified', key = ?, evidence = ?, verified_ms = ?, uploaded_run = ?,
         failure = NULL, retry_ms = NULL, resume_token = NULL, version = version + 1
       WHERE asset_id = ? AND destination_id = ?`,
      proof.key,
      proof.evidence,
      proof.verifiedMs,
      proof.uploadedRun,
      assetId,
      destinationId,
    );
    this.#database.run(
      'UPDATE destinations SET last_proof_ms = ? WHERE id = ?',
      proof.verifiedMs,
      destinationId,
    );
    if (known === 1 && proof.uploadedRun !== null) {
      this.#database.run(
        `INSERT INTO sent (run, destination_id, bytes) VALUES (?, ?, ?)
         ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes`,
        proof.uploadedRun,
        destinationId,
        bytes,
      );
    }
    return known === 1;
  }

  /** `retryMs` null: not tried again before the next run. */
  fail(delivery: Delivery, failure: Failure, attempts: number, retryMs: number | null): void {
    this.#database.run(
      `UPDATE deliveries SET state = 'failed', failure = ?, attempts = ?, retry_ms = ?, version = version + 1
       WHERE asset_id = ? AND destination_id = ? AND state <> 'verified'`,
      JSON.stringify(failure),
      attempts,
      retryMs,
      delivery.assetId,
      delivery.destinationId,
    );
  }

  /** Back into the queue, without counting an attempt. */
  putBack(delivery: Delivery): void {
    this.#database.run(
      `UPDATE deliveries SET state = 'queued', version = version + 1
       WHERE asset_id = ? AND destination_id = ? AND state = 'uploading'`,
      delivery.assetId,
      delivery.destinationId,
    );
  }

  /** The destination showed that the object is gone or wrong: "backed up" is taken back. */
  revoke(assetId: number, destinationId: number, keepKey: boolean): void {
    this.#database.run(
      `UPDATE deliveries SET state = 'queued', evidence = NULL, verified_ms = NULL, attempts = 0, retry_ms = NULL,
         key = CASE WHEN ? THEN key END, version = version + 1
       WHERE asset_id = ? AND destination_id = ? AND state = 'verified'`,
      keepKey ? 1 : 0,
      assetId,
      destinationId,
    );
  }

  /**
   * Deliveries whose bytes are nowhere any more: edited or deleted before they were backed up. A file on a
   * drive that is away keeps its delivery.
   */
  unreachable(destinationId: number): Delivery[] {
    return this.#database
      .all(
        `${openQuery} WHERE d.destination_id = ? AND d.state <> 'verified' AND NOT EXISTS
           (SELECT 1 FROM files f WHERE f.asset_id = d.asset_id AND f.state <> 'absent')`,
        destinationId,
      )
      .map(deliveryOf);
  }

  drop(delivery: Delivery): void {
    this.#database.run(
      `DELETE FROM deliveries WHERE asset_id = ? AND destination_id = ? AND state <> 'verified'`,
      delivery.assetId,
      delivery.destinationId,
    );
  }
}

const deliveryColumns = 'd.*, a.hash, a.mime, a.name, a.wall';
const deliveryQuery = `SELECT ${deliveryColumns} FROM deliveries d JOIN assets a ON a.id = d.asset_id`;
/** Without statistics SQLite would walk past everything that is verified. */
const openQuery = `SELECT ${deliveryColumns} FROM deliveries d INDEXED BY deliveries_open JOIN assets a ON a.id = d.asset_id`;

function destinationOf(row: Row): DestinationRow {
  return {
    id: number(row, 'id'),
    url: text(row, 'url'),
    name: text(row, 'name'),
    marker: optionalText(row, 'marker'),
    sequence: number(row, 'sequence'),
    segmentHash: optionalText(row, 'segment_hash'),
  };
}

function deliveryOf(row: Row): Delivery {
  return {
    assetId: number(row, 'asset_id'),
    destinationId: number(row, 'destination_id'),
    state: member(row, 'state', deliveryStates),
    key: optionalText(row, 'key'),
    bytes: number(row, 'bytes'),
    hash: text(row, 'hash'),
    mime: text(row, 'mime'),
    name: text(row, 'name'),
    wall: text(row, 'wall'),
    attempts: number(row, 'attempts'),
    resumeToken: optionalText(row, 'resume_token'),
    version: number(row, 'version'),
  };
}
