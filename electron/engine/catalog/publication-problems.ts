import type { Database } from './database.ts';
import type { Scope } from './deliveries.ts';
import { number, text } from './row.ts';

/** A photo or video that a publisher did not take, or could not be given. */
export interface RefusedPublication {
  readonly assetId: number;
  readonly path: string;
  /** JSON of a `Failure`. */
  readonly failure: string;
}

/** Photos and videos of one reason. */
export interface RefusalReason {
  /** JSON of a `Failure`. */
  readonly failure: string;
  readonly count: number;
}

const filePath = `root.path || CASE WHEN substr(root.path, -1) IN ('/', '\\') THEN '' ELSE '/' END
  || CASE r.path WHEN '' THEN '' ELSE r.path || '/' END || f.name`;
const refused = `publications p INDEXED BY publications_refused
  WHERE p.publisher_id = ?2 AND p.state IN ('failed', 'skipped')
    AND EXISTS (SELECT 1 FROM files f JOIN directories r ON r.id = f.directory_id
      WHERE f.asset_id = p.asset_id AND f.state = 'hashed' AND f.role = 'media'
        AND r.root_id IN (SELECT value FROM json_each(?1)))`;
const ignoredOnes = `EXISTS (SELECT 1 FROM ignored_publications i
  WHERE i.publisher_id = p.publisher_id AND i.asset_id = p.asset_id)`;

/**
 * What services that only show photos did not take, and which of that a person wants to hear of no more. It is
 * no failure of a backup: nothing here is counted among those.
 */
export class PublicationProblems {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  count(publisherId: number, scope: Scope, ignored: boolean): number {
    const row = this.#database.get(
      `SELECT count(*) AS count FROM ${refused} AND ?3 = ${ignoredOnes}`,
      JSON.stringify(scope.rootIds),
      publisherId,
      ignored ? 1 : 0,
    );
    return row === undefined ? 0 : number(row, 'count');
  }

  page(
    publisherId: number,
    scope: Scope,
    ignored: boolean,
    afterAssetId: number,
    limit: number,
  ): RefusedPublication[] {
    return this.#database
      .all(
        `SELECT p.asset_id, p.failure,
           (SELECT min(${filePath}) FROM files f JOIN directories r ON r.id = f.directory_id
             JOIN roots root ON root.id = r.root_id
             WHERE f.asset_id = p.asset_id AND f.state = 'hashed' AND f.role = 'media') AS path
         FROM ${refused} AND ?3 = ${ignoredOnes} AND p.asset_id > ?4 ORDER BY p.asset_id LIMIT +?5`,
        JSON.stringify(scope.rootIds),
        publisherId,
        ignored ? 1 : 0,
        afterAssetId,
        limit,
      )
      .map((row) => ({
        assetId: number(row, 'asset_id'),
        path: text(row, 'path'),
        failure: text(row, 'failure'),
      }));
  }

  /** Why, ignored or not; the most frequent first. */
  reasons(publisherId: number, scope: Scope): RefusalReason[] {
    return this.#database
      .all(
        `SELECT p.failure, count(*) AS count FROM ${refused} GROUP BY p.failure ORDER BY count DESC, p.failure`,
        JSON.stringify(scope.rootIds),
        publisherId,
      )
      .map((row) => ({ failure: text(row, 'failure'), count: number(row, 'count') }));
  }

  /** It is handed over again by the next run, also what was not taken for its format. */
  retry(publisherId: number, assetIds: readonly number[]): void {
    for (const assetId of assetIds) {
      this.#database.run(
        `UPDATE publications SET state = 'waiting', failure = NULL, resume_token = NULL
         WHERE publisher_id = ? AND asset_id = ? AND state IN ('failed', 'skipped')`,
        publisherId,
        assetId,
      );
    }
  }

  /** What is ignored is not tried again by itself either. */
  ignore(publisherId: number, assetId: number, ignored: boolean): void {
    this.#database.run(
      ignored
        ? 'INSERT OR IGNORE INTO ignored_publications (publisher_id, asset_id) VALUES (?, ?)'
        : 'DELETE FROM ignored_publications WHERE publisher_id = ? AND asset_id = ?',
      publisherId,
      assetId,
    );
  }
}
