import type { ContentHash } from '../../../shared/domain/asset.ts';
import { deliveryStates, type DeliveryState } from '../../../shared/domain/states.ts';
import { assetOf, type Asset } from './assets.ts';
import { fail } from '../../../shared/domain/failure.ts';
import type { Database, Value } from './database.ts';
import type { Scope } from './deliveries.ts';
import { member, number, optionalNumber, optionalText, text, type Row } from './row.ts';

/** Files of a run's folders. `found = hashed files + skipped`. */
export interface FoundTotals {
  /** Photos and videos on disk. */
  readonly found: number;
  /** Distinct contents among them. */
  readonly photos: number;
  /** Files whose content another file of the run has too. */
  readonly duplicates: number;
  /** Photos and videos whose content is not known: unreadable, still growing, or not on this computer. */
  readonly skipped: number;
  readonly sidecars: number;
}

/** Distinct photos by how they stand; the three add up to `photos`. */
export interface DeliveredTotals {
  readonly uploaded: number;
  readonly alreadyBackedUp: number;
  readonly failed: number;
}

/** The figures of a run's destinations, in their order, and of each photo by its worst one. */
export interface DeliveredEverywhere {
  readonly worst: DeliveredTotals;
  readonly each: readonly DeliveredTotals[];
}

/** In the order of badness by which SQL names them: 0, 1, 2. */
const deliveredFigures = ['alreadyBackedUp', 'uploaded', 'failed'] as const;
const nothingDelivered: DeliveredTotals = { uploaded: 0, alreadyBackedUp: 0, failed: 0 };

/** A photo or sidecar that is not backed up, with the reason a person can read. */
export interface Unfinished {
  /** A file with that content, or the file that could not be read. */
  readonly path: string;
  /** Null where the file itself could not be read. */
  readonly destinationId: number | null;
  /** JSON of a `Failure`; null where the work has not been tried yet. */
  readonly failure: string | null;
}

/** Files whose content is known, each content's together, in the folders of the first parameter. */
const hashedFiles = `files f INDEXED BY files_by_asset CROSS JOIN directories r ON r.id = f.directory_id
  WHERE f.asset_id IS NOT NULL AND f.state = 'hashed' AND r.root_id IN (SELECT value FROM json_each(?1))`;
/** All others that were looked at. */
const unsettledFiles = `files f INDEXED BY files_unsettled CROSS JOIN directories r ON r.id = f.directory_id
  WHERE f.state IN ('discovered', 'failed', 'ignored') AND r.root_id IN (SELECT value FROM json_each(?1))`;
const filePath = `root.path || CASE WHEN substr(root.path, -1) IN ('/', '\\') THEN '' ELSE '/' END
  || CASE r.path WHEN '' THEN '' ELSE r.path || '/' END || f.name`;

/** Questions over the whole catalogue; none changes anything. */
export class Totals {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  found(scope: Scope): FoundTotals {
    const roots = JSON.stringify(scope.rootIds);
    const known = this.#one(
      `SELECT coalesce(sum(media), 0) AS media, count(*) FILTER (WHERE media > 0) AS photos,
         coalesce(sum(sidecars), 0) AS sidecars
       FROM (SELECT sum(f.role = 'media') AS media, sum(f.role = 'sidecar') AS sidecars
         FROM ${hashedFiles} GROUP BY f.asset_id)`,
      roots,
    );
    const unknown = this.#one(
      `SELECT count(*) FILTER (WHERE f.role = 'media') AS media,
         count(*) FILTER (WHERE f.role = 'sidecar') AS sidecars
       FROM ${unsettledFiles} AND f.state <> 'ignored'`,
      roots,
    );
    const [media, photos, skipped] = [
      number(known, 'media'),
      number(known, 'photos'),
      number(unknown, 'media'),
    ];
    return {
      found: media + skipped,
      photos,
      skipped,
      duplicates: media - photos,
      sidecars: number(known, 'sidecars') + number(unknown, 'sidecars'),
    };
  }

  /** Files whose bytes turned out to be no photo, video or sidecar. */
  ignored(scope: Scope): number {
    const row = this.#one(
      `SELECT count(*) AS count FROM ${unsettledFiles} AND f.state = 'ignored'`,
      JSON.stringify(scope.rootIds),
    );
    return number(row, 'count');
  }

  /** Distinct photos of the scope: at each of the given destinations, and by their worst one. */
  delivered(scope: Scope, destinationIds: readonly number[], run: number): DeliveredEverywhere {
    if (destinationIds.length === 0) return { worst: nothingDelivered, each: [] };
    const standings = destinationIds.map((_id, position) => `standing${String(position)}`);
    // One lookup for each destination is four times as fast as a join with a list of them.
    const lookups = standings.map(
      (name, position) =>
        `coalesce((SELECT CASE d.state WHEN 'verified' THEN d.uploaded_run IS ?2 ELSE 2 END FROM deliveries d
           WHERE d.destination_id = ?${String(position + 3)} AND d.asset_id = f.asset_id), 2) AS ${name}`,
    );
    const worst = `max(0, ${standings.join(', ')})`;
    const counts = [worst, ...standings].flatMap((standing, position) =>
      deliveredFigures.map(
        (figure, value) =>
          `count(*) FILTER (WHERE ${standing} = ${String(value)}) AS ${figure}${String(position)}`,
      ),
    );
    const row = this.#one(
      `SELECT ${counts.join(', ')} FROM (SELECT ${lookups.join(', ')}
         FROM ${hashedFiles} AND f.role = 'media' GROUP BY f.asset_id)`,
      JSON.stringify(scope.rootIds),
      run,
      ...destinationIds,
    );
    const totalsAt = (position: number): DeliveredTotals => ({
      uploaded: number(row, `uploaded${String(position)}`),
      alreadyBackedUp: number(row, `alreadyBackedUp${String(position)}`),
      failed: number(row, `failed${String(position)}`),
    });
    return { worst: totalsAt(0), each: standings.map((_name, position) => totalsAt(position + 1)) };
  }

  /** Whether each of the destinations held all there is before the run: then nobody has to count. */
  allBackedUpBefore(destinationIds: readonly number[], run: number): boolean {
    return destinationIds.every(
      (id) =>
        this.#database.get(
          'SELECT 1 AS found FROM sent WHERE run = ? AND destination_id = ?',
          run,
          id,
        ) === undefined && this.#holdsEverything(id),
    );
  }

  /** Bytes that a run sent and had proven, sidecars included. */
  bytesUploaded(destinationIds: readonly number[], run: number): number {
    const row = this.#one(
      `SELECT coalesce(sum(bytes), 0) AS bytes FROM sent
       WHERE run = ? AND destination_id IN (SELECT value FROM json_each(?))`,
      run,
      JSON.stringify(destinationIds),
    );
    return number(row, 'bytes');
  }

  /** Files of the scope that could not be read, and contents that a destination does not hold. */
  *unfinished(scope: Scope, destinationIds: readonly number[]): Generator<Unfinished, void> {
    const roots = JSON.stringify(scope.rootIds);
    const unread = this.#database.iterate(
      `SELECT ${filePath} AS path, f.failure
       FROM ${unsettledFiles.replace('WHERE', 'JOIN roots root ON root.id = r.root_id WHERE')}
         AND f.state <> 'ignored' ORDER BY path`,
      roots,
    );
    for (const row of unread) {
      yield { path: text(row, 'path'), destinationId: null, failure: optionalText(row, 'failure') };
    }
    for (const destinationId of destinationIds) {
      if (this.#holdsEverything(destinationId)) continue;
      const rows = this.#database.iterate(
        `SELECT min(${filePath}) AS path, (SELECT d.failure FROM deliveries d
           WHERE d.destination_id = ?2 AND d.asset_id = f.asset_id) AS failure
         FROM ${hashedFiles.replace('WHERE', 'CROSS JOIN roots root ON root.id = r.root_id WHERE')}
           AND NOT EXISTS (SELECT 1 FROM deliveries d
             WHERE d.destination_id = ?2 AND d.asset_id = f.asset_id AND d.state = 'verified')
         GROUP BY f.asset_id ORDER BY path`,
        roots,
        destinationId,
      );
      for (const row of rows) {
        yield { path: text(row, 'path'), destinationId, failure: optionalText(row, 'failure') };
      }
    }
  }

  /** Deliveries of a destination by state: how many, and their bytes. Kept up to date by triggers, so it costs nothing to ask. */
  states(destinationId: number): Record<DeliveryState, { count: number; bytes: number }> {
    const totals: Record<DeliveryState, { count: number; bytes: number }> = {
      queued: { count: 0, bytes: 0 },
      uploading: { count: 0, bytes: 0 },
      verified: { count: 0, bytes: 0 },
      failed: { count: 0, bytes: 0 },
    };
    const rows = this.#database.all(
      'SELECT state, count, bytes FROM delivery_counts WHERE destination_id = ?',
      destinationId,
    );
    for (const row of rows) {
      totals[member(row, 'state', deliveryStates)] = {
        count: number(row, 'count'),
        bytes: number(row, 'bytes'),
      };
    }
    return totals;
  }

  /** When a destination last proved that it holds something, milliseconds since 1970; null for never. */
  lastProofMs(destinationId: number): number | null {
    const row = this.#database.get(
      'SELECT last_proof_ms FROM destinations WHERE id = ?',
      destinationId,
    );
    return row === undefined ? null : optionalNumber(row, 'last_proof_ms');
  }

  /** Some asset that counts as backed up there; null where none does. */
  anyVerified(destinationId: number): { hash: ContentHash; key: string; bytes: number } | null {
    const row = this.#database.get(
      `SELECT a.hash, d.key, d.bytes FROM deliveries d JOIN assets a ON a.id = d.asset_id
       WHERE d.destination_id = ? AND d.state = 'verified' LIMIT 1`,
      destinationId,
    );
    if (row === undefined) return null;
    return { hash: text(row, 'hash'), key: text(row, 'key'), bytes: number(row, 'bytes') };
  }

  *verifiedAt(
    destinationId: number,
  ): Generator<{ assetId: number; hash: ContentHash; key: string; bytes: number }, void> {
    const rows = this.#database.iterate(
      `SELECT d.asset_id, a.hash, d.key, d.bytes FROM deliveries d JOIN assets a ON a.id = d.asset_id
       WHERE d.destination_id = ? AND d.state = 'verified' ORDER BY d.asset_id`,
      destinationId,
    );
    for (const row of rows) {
      yield {
        assetId: number(row, 'asset_id'),
        hash: text(row, 'hash'),
        key: text(row, 'key'),
        bytes: number(row, 'bytes'),
      };
    }
  }

  /** Photos and videos, newest first by wall time; `before` is the last one of the previous page. */
  timeline(before: { wall: string; id: number } | null, limit: number): Asset[] {
    return this.#database
      .all(
        `SELECT * FROM assets WHERE kind <> 'sidecar' AND (wall, id) < (?, ?)
         ORDER BY wall DESC, id DESC LIMIT +?`,
        before?.wall ?? '\u{10ffff}',
        before?.id ?? Number.MAX_SAFE_INTEGER,
        limit,
      )
      .map(assetOf);
  }

  /** Photos and videos a day, newest first. */
  days(): { day: string; count: number }[] {
    return this.#database
      .all('SELECT day, count FROM days ORDER BY day DESC')
      .map((row) => ({ day: text(row, 'day'), count: number(row, 'count') }));
  }

  /** How an asset stands at each destination, by the destination's name. */
  standing(assetId: number): Record<string, DeliveryState> {
    const rows = this.#database.all(
      `SELECT x.name, d.state FROM deliveries d JOIN destinations x ON x.id = d.destination_id
       WHERE d.asset_id = ? ORDER BY x.id`,
      assetId,
    );
    return Object.fromEntries(
      rows.map((row) => [text(row, 'name'), member(row, 'state', deliveryStates)]),
    );
  }

  /** Whether every content in the catalogue is proven to be at a destination; costs next to nothing. */
  #holdsEverything(destinationId: number): boolean {
    const row = this.#one(
      `SELECT (SELECT count(*) FROM assets) = coalesce((SELECT count FROM delivery_counts
         WHERE destination_id = ? AND state = 'verified'), 0) AS everything`,
      destinationId,
    );
    return number(row, 'everything') === 1;
  }

  /** The single row of an aggregate. */
  #one(sql: string, ...values: readonly Value[]): Row {
    const row = this.#database.get(sql, ...values);
    if (row === undefined) throw fail('bug', 'A question that always has an answer had none.');
    return row;
  }
}
