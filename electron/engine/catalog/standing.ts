import { fail } from '../../../shared/domain/failure.ts';
import type { Database, Value } from './database.ts';
import { number, type Row } from './row.ts';

/** Whose standing is asked for. */
export interface StandingRequest {
  /** Folders that are watched. */
  readonly rootIds: readonly number[];
  /** Destinations that everything in them is meant for. */
  readonly destinationIds: readonly number[];
  /** Those that only show photos; they have no part in what is safe. */
  readonly publisherIds: readonly number[];
}

export interface DestinationStanding {
  readonly id: number;
  /** Photos and videos; the three add up to `photos`. */
  readonly verified: number;
  readonly waiting: number;
  readonly failed: number;
  /** Bytes of all files that are not proven yet, sidecars included. */
  readonly waitingBytes: number;
  /** Failed photos and sidecars that only a person can set going again and that are not ignored. */
  readonly needsPerson: number;
  /** Failed ones that are tried again by themselves. */
  readonly retrying: number;
}

/** How photos stand at a destination that only shows them. */
export interface PublisherStanding {
  readonly id: number;
  /** Photos and videos; the four add up to `photos`. */
  readonly published: number;
  readonly waiting: number;
  readonly failed: number;
  readonly skipped: number;
  /** Bytes of those that wait. */
  readonly waitingBytes: number;
}

/** How the photos of the watched folders stand, at one moment. `safe + waiting + failed = photos`. */
export interface Standing {
  /** Distinct photos and videos; those on a drive that is away count, excluded ones do not. */
  readonly photos: number;
  /** Verified at every destination; none is while there is no destination. */
  readonly safe: number;
  readonly waiting: number;
  readonly failed: number;
  /** Photos and videos whose content is not known yet. */
  readonly unread: number;
  /** Files that cannot be read and are not ignored. */
  readonly unreadable: number;
  /** Photos that cannot go on because every place they lie at is away. */
  readonly away: number;
  readonly destinations: readonly DestinationStanding[];
  readonly publishers: readonly PublisherStanding[];
  readonly folders: readonly {
    readonly id: number;
    readonly photos: number;
    readonly bytes: number;
  }[];
}

/** Files that count: here, or on a drive that is away. Excluded files are `unknown` too. */
const counts = `(f.state = 'hashed' OR (f.state = 'unknown'
  AND NOT EXISTS (SELECT 1 FROM excluded_files e WHERE e.file_id = f.id)))`;
const inFolders = 'r.root_id IN (SELECT value FROM json_each(?1))';

/**
 * Reads the standing in one transaction. Looks at every file: a second or more for a million photos, so
 * hosts with a window ask another thread.
 */
export function readStanding(database: Database, request: StandingRequest): Standing {
  return database.snapshot(() => {
    const roots = JSON.stringify(request.rootIds);
    const totals = readTotals(database, roots, request.destinationIds);
    return {
      ...totals,
      unread: count(
        database,
        `SELECT count(*) AS count FROM files f INDEXED BY files_unsettled CROSS JOIN directories r
           ON r.id = f.directory_id WHERE f.state IN ('discovered', 'failed', 'ignored')
           AND f.state = 'discovered' AND f.role = 'media' AND ${inFolders}`,
        roots,
      ),
      unreadable: count(
        database,
        `SELECT count(*) AS count FROM files f INDEXED BY files_unsettled CROSS JOIN directories r
           ON r.id = f.directory_id WHERE f.state IN ('discovered', 'failed', 'ignored')
           AND f.state = 'failed' AND ${inFolders}
           AND NOT EXISTS (SELECT 1 FROM ignored_files i WHERE i.file_id = f.id)`,
        roots,
      ),
      destinations: totals.destinations.map((destination) => ({
        ...destination,
        ...readOpen(database, roots, destination.id),
      })),
      publishers: request.publisherIds.map((id) => readPublisher(database, roots, id)),
      folders: readFolders(database, roots),
    };
  });
}

type Totals = Pick<Standing, 'photos' | 'safe' | 'waiting' | 'failed' | 'away'> & {
  readonly destinations: readonly Pick<
    DestinationStanding,
    'id' | 'verified' | 'waiting' | 'failed'
  >[];
};

function readTotals(database: Database, roots: string, destinationIds: readonly number[]): Totals {
  // 0 verified, 1 waiting, 2 failed; what was never queued waits.
  const lookups = destinationIds.map(
    (_id, position) =>
      `coalesce((SELECT CASE d.state WHEN 'verified' THEN 0 WHEN 'failed' THEN 2 ELSE 1 END FROM deliveries d
         WHERE d.destination_id = ?${String(position + 2)} AND d.asset_id = f.asset_id), 1) AS s${String(position)}`,
  );
  const names = destinationIds.map((_id, position) => `s${String(position)}`);
  const worst = destinationIds.length === 0 ? '1' : `max(0, ${names.join(', ')})`;
  const figures = [worst, ...names].flatMap((standing, position) =>
    [0, 1, 2].map(
      (value) =>
        `count(*) FILTER (WHERE ${standing} = ${String(value)}) AS c${String(position)}_${String(value)}`,
    ),
  );
  const row = one(
    database,
    `SELECT count(*) AS photos, count(*) FILTER (WHERE here = 0 AND ${worst} <> 0) AS away, ${figures.join(', ')}
     FROM (SELECT ${["max(f.state = 'hashed') AS here", ...lookups].join(', ')}
       FROM files f INDEXED BY files_by_asset CROSS JOIN directories r ON r.id = f.directory_id
       WHERE f.asset_id IS NOT NULL AND f.role = 'media' AND ${counts} AND ${inFolders}
       GROUP BY f.asset_id)`,
    roots,
    ...destinationIds,
  );
  const figure = (position: number, value: number): number =>
    number(row, `c${String(position)}_${String(value)}`);
  return {
    photos: number(row, 'photos'),
    away: number(row, 'away'),
    safe: figure(0, 0),
    waiting: figure(0, 1),
    failed: figure(0, 2),
    destinations: destinationIds.map((id, position) => ({
      id,
      verified: figure(position + 1, 0),
      waiting: figure(position + 1, 1),
      failed: figure(position + 1, 2),
    })),
  };
}

function readOpen(
  database: Database,
  roots: string,
  destinationId: number,
): Pick<DestinationStanding, 'waitingBytes' | 'needsPerson' | 'retrying'> {
  const row = one(
    database,
    `SELECT coalesce(sum(d.bytes) FILTER (WHERE d.state <> 'failed'), 0) AS bytes,
       count(*) FILTER (WHERE d.state = 'failed' AND d.retry_ms IS NULL AND NOT EXISTS (SELECT 1
         FROM ignored_deliveries i WHERE i.destination_id = ?2 AND i.asset_id = d.asset_id)) AS stuck,
       count(*) FILTER (WHERE d.state = 'failed' AND d.retry_ms IS NOT NULL) AS retrying
     FROM deliveries d INDEXED BY deliveries_open WHERE d.destination_id = ?2 AND d.state <> 'verified'
       AND EXISTS (SELECT 1 FROM files f JOIN directories r ON r.id = f.directory_id
         WHERE f.asset_id = d.asset_id AND ${counts} AND ${inFolders})`,
    roots,
    destinationId,
  );
  return {
    waitingBytes: number(row, 'bytes'),
    needsPerson: number(row, 'stuck'),
    retrying: number(row, 'retrying'),
  };
}

function readPublisher(database: Database, roots: string, publisherId: number): PublisherStanding {
  const row = one(
    database,
    `SELECT count(*) FILTER (WHERE s = 'published') AS published, count(*) FILTER (WHERE s = 'failed') AS failed,
       count(*) FILTER (WHERE s = 'skipped') AS skipped,
       count(*) FILTER (WHERE s IN ('waiting', 'showing')) AS waiting,
       coalesce(sum(bytes) FILTER (WHERE s IN ('waiting', 'showing')), 0) AS bytes
     FROM (SELECT coalesce(p.state, 'waiting') AS s, a.bytes
       FROM (SELECT DISTINCT f.asset_id AS id FROM files f INDEXED BY files_by_asset CROSS JOIN directories r
           ON r.id = f.directory_id
         WHERE f.asset_id IS NOT NULL AND f.role = 'media' AND ${counts} AND ${inFolders}) x
       JOIN assets a ON a.id = x.id
       LEFT JOIN publications p ON p.publisher_id = ?2 AND p.asset_id = x.id)`,
    roots,
    publisherId,
  );
  return {
    id: publisherId,
    published: number(row, 'published'),
    waiting: number(row, 'waiting'),
    failed: number(row, 'failed'),
    skipped: number(row, 'skipped'),
    waitingBytes: number(row, 'bytes'),
  };
}

/** Reads the table from its start to its end: by directory it would take ten times as long. */
function readFolders(database: Database, roots: string): Standing['folders'] {
  return database
    .all(
      `SELECT r.root_id AS id, count(*) AS photos, coalesce(sum(f.size), 0) AS bytes
       FROM files f NOT INDEXED CROSS JOIN directories r ON r.id = f.directory_id
       WHERE f.role = 'media' AND ${counts} AND ${inFolders} GROUP BY r.root_id`,
      roots,
    )
    .map((row) => ({
      id: number(row, 'id'),
      photos: number(row, 'photos'),
      bytes: number(row, 'bytes'),
    }));
}

function count(database: Database, sql: string, roots: string): number {
  return number(one(database, sql, roots), 'count');
}

function one(database: Database, sql: string, ...values: readonly Value[]): Row {
  const row = database.get(sql, ...values);
  if (row === undefined) throw fail('bug', 'A question that always has an answer had none.');
  return row;
}
