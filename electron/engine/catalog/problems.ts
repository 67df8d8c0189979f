import type { Database } from './database.ts';
import type { Scope } from './deliveries.ts';
import { number, optionalNumber, text, type Row } from './row.ts';

/** A delivery that failed, or a file that cannot be read (both ids of the delivery null). */
export interface ProblemRow {
  readonly destinationId: number | null;
  readonly assetId: number | null;
  readonly fileId: number | null;
  readonly path: string;
  /** JSON of a `Failure`. */
  readonly failure: string;
  readonly attempts: number;
  /** Null: only a person can start another attempt. */
  readonly retryMs: number | null;
}

const filePath = `root.path || CASE WHEN substr(root.path, -1) IN ('/', '\\') THEN '' ELSE '/' END
  || CASE r.path WHEN '' THEN '' ELSE r.path || '/' END || f.name`;
const failedFiles = `files f INDEXED BY files_unsettled CROSS JOIN directories r ON r.id = f.directory_id
  JOIN roots root ON root.id = r.root_id
  WHERE f.state IN ('discovered', 'failed', 'ignored') AND f.state = 'failed'
    AND r.root_id IN (SELECT value FROM json_each(?1))
    AND ?2 = EXISTS (SELECT 1 FROM ignored_files i WHERE i.file_id = f.id)`;
const failedDeliveries = `deliveries d INDEXED BY deliveries_open
  WHERE d.destination_id = ?3 AND d.state <> 'verified' AND d.state = 'failed'
    AND EXISTS (SELECT 1 FROM files f JOIN directories r ON r.id = f.directory_id
      WHERE f.asset_id = d.asset_id AND f.state = 'hashed' AND r.root_id IN (SELECT value FROM json_each(?1)))
    AND ?2 = EXISTS (SELECT 1 FROM ignored_deliveries i
      WHERE i.destination_id = d.destination_id AND i.asset_id = d.asset_id)`;

/** What is not backed up with a reason of its own, and which of that a person wants to hear of no more. */
export class Problems {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  countFiles(scope: Scope, ignored: boolean): number {
    return this.#count(`SELECT count(*) AS count FROM ${failedFiles}`, [...given(scope, ignored)]);
  }

  countDeliveries(destinationId: number, scope: Scope, ignored: boolean): number {
    const values = [...given(scope, ignored), destinationId];
    return this.#count(`SELECT count(*) AS count FROM ${failedDeliveries}`, values);
  }

  files(scope: Scope, ignored: boolean, afterId: number, limit: number): ProblemRow[] {
    return this.#database
      .all(
        `SELECT f.id, ${filePath} AS path, f.failure FROM ${failedFiles} AND f.id > ?3 ORDER BY f.id LIMIT +?4`,
        ...given(scope, ignored),
        afterId,
        limit,
      )
      .map((row) => ({
        destinationId: null,
        assetId: null,
        fileId: number(row, 'id'),
        path: text(row, 'path'),
        failure: text(row, 'failure'),
        attempts: 1,
        retryMs: null,
      }));
  }

  deliveries(
    destinationId: number,
    scope: Scope,
    ignored: boolean,
    afterAssetId: number,
    limit: number,
  ): ProblemRow[] {
    return this.#database
      .all(
        `SELECT d.asset_id, d.failure, d.attempts, d.retry_ms,
           (SELECT min(${filePath}) FROM files f JOIN directories r ON r.id = f.directory_id
             JOIN roots root ON root.id = r.root_id WHERE f.asset_id = d.asset_id AND f.state = 'hashed') AS path
         FROM ${failedDeliveries} AND d.asset_id > ?4 ORDER BY d.asset_id LIMIT +?5`,
        ...given(scope, ignored),
        destinationId,
        afterAssetId,
        limit,
      )
      .map((row) => deliveryProblem(row, destinationId));
  }

  /** Puts failed deliveries back into the queue, as if they had never been tried. */
  retryDeliveries(destinationId: number, assetIds: readonly number[]): void {
    for (const assetId of assetIds) {
      this.#database.run(
        `UPDATE deliveries SET state = 'queued', failure = NULL, retry_ms = NULL, attempts = 0, version = version + 1
         WHERE destination_id = ? AND asset_id = ? AND state = 'failed'`,
        destinationId,
        assetId,
      );
    }
  }

  /** Has files read again that could not be read. */
  retryFiles(fileIds: readonly number[]): void {
    for (const id of fileIds) {
      this.#database.run(
        `UPDATE files SET state = 'discovered', asset_id = NULL, failure = NULL, version = version + 1
         WHERE id = ? AND state = 'failed'`,
        id,
      );
    }
  }

  ignoreDelivery(destinationId: number, assetId: number, ignored: boolean): void {
    this.#database.run(
      ignored
        ? 'INSERT OR IGNORE INTO ignored_deliveries (destination_id, asset_id) VALUES (?, ?)'
        : 'DELETE FROM ignored_deliveries WHERE destination_id = ? AND asset_id = ?',
      destinationId,
      assetId,
    );
  }

  ignoreFile(fileId: number, ignored: boolean): void {
    this.#database.run(
      ignored
        ? 'INSERT OR IGNORE INTO ignored_files (file_id) VALUES (?)'
        : 'DELETE FROM ignored_files WHERE file_id = ?',
      fileId,
    );
  }

  #count(sql: string, values: readonly (string | number)[]): number {
    const row = this.#database.get(sql, ...values);
    return row === undefined ? 0 : number(row, 'count');
  }
}

function given(scope: Scope, ignored: boolean): [string, number] {
  return [JSON.stringify(scope.rootIds), ignored ? 1 : 0];
}

function deliveryProblem(row: Row, destinationId: number): ProblemRow {
  return {
    destinationId,
    assetId: number(row, 'asset_id'),
    fileId: null,
    path: text(row, 'path'),
    failure: text(row, 'failure'),
    attempts: number(row, 'attempts'),
    retryMs: optionalNumber(row, 'retry_ms'),
  };
}
