import type { Database, Value } from './database.ts';
import { isKnownFile } from './known-file.ts';
import { number } from './row.ts';
import { indexQuery, searchWords } from './search-words.ts';

/** How a photo stands by its worst destination, in the order of badness by which SQL names them: 0, 1, 2, 3. */
export const standings = ['none', 'safe', 'waiting', 'failed'] as const;
export type PhotoStanding = (typeof standings)[number];

/** Which photos are asked for; parts that are absent leave nothing out. */
export interface PhotoFilter {
  /** Each has to occur. */
  readonly words?: readonly string[];
  readonly kinds?: readonly ('photo' | 'raw' | 'video')[];
  readonly directoryId?: number;
  readonly camera?: string;
  readonly standing?: PhotoStanding;
  /** At least so many stars. */
  readonly rating?: number;
  readonly placed?: boolean;
  readonly duplicates?: boolean;
}

/** A filter as SQL over the assets `a`. */
export interface PhotoQuery {
  /** `FROM …`, which already names the best index or the candidates. */
  readonly from: string;
  /** `… AND …`; shown assets only. */
  readonly where: string;
  /** Values of `from` and `where`, in their order. */
  readonly values: readonly Value[];
  /** Whether only a bounded number of rows is looked at, whatever the range of days. */
  readonly narrow: boolean;
  /** Whether it leaves anything out at all. */
  readonly filters: boolean;
  /** Whether each photo has to be looked up elsewhere, which goes fastest in the order of ids. */
  readonly looksUp: boolean;
}

/** More candidates than this are found faster by walking through the timeline. */
const mostCandidates = 20_000;

/** SQL: the standing of the asset `a` at these destinations, as an index into {@link standings}. */
export function standingOf(destinationIds: readonly number[]): string {
  const each = destinationIds.map(
    (id) => `coalesce((SELECT CASE d.state WHEN 'verified' THEN 1 WHEN 'failed' THEN 3 ELSE 2 END
      FROM deliveries d WHERE d.destination_id = ${String(id)} AND d.asset_id = a.id),
      CASE WHEN a.copies > 0 THEN 2 ELSE 0 END)`,
  );
  return each.length === 0 ? '0' : `max(0, ${each.join(', ')})`;
}

interface Condition {
  readonly sql: string;
  readonly values?: readonly Value[];
}

/**
 * Chooses how to find the photos of a filter: from a few candidates where words, a folder or a state name
 * few; else along the narrowest index.
 */
export function planPhotos(
  database: Database,
  filter: PhotoFilter,
  destinationIds: readonly number[],
): PhotoQuery {
  const conditions = conditionsOf(filter, destinationIds);
  const where = ['a.shown = 1', ...conditions.map(({ sql }) => sql)].join(' AND ');
  const values = conditions.flatMap((condition) => condition.values ?? []);
  const filters = conditions.length > 0;
  const looksUp = wordsOf(filter).length > 0 || filter.standing !== undefined;
  const candidates = candidatesOf(database, filter, destinationIds);
  if (candidates !== null) {
    const from = 'FROM json_each(?) c CROSS JOIN assets a ON a.id = c.value';
    const all = [JSON.stringify(candidates), ...values];
    return { from, where, values: all, narrow: true, filters, looksUp };
  }
  const from = `FROM assets a INDEXED BY ${indexFor(filter)}`;
  return { from, where, values, narrow: false, filters, looksUp };
}

const camera = `json_extract(a.details, '$.camera')`;
const rating = `json_extract(a.details, '$.rating')`;
const latitude = `json_extract(a.details, '$.latitude')`;
const longitude = `json_extract(a.details, '$.longitude')`;

function conditionsOf(filter: PhotoFilter, destinationIds: readonly number[]): Condition[] {
  const conditions: Condition[] = [];
  if (filter.camera !== undefined)
    conditions.push({ sql: `${camera} = ?`, values: [filter.camera] });
  if (filter.duplicates === true) conditions.push({ sql: 'a.copies > 1' });
  if (filter.rating !== undefined) {
    // The first part is what the index was made for.
    conditions.push({ sql: `${rating} >= 1 AND ${rating} >= ?`, values: [filter.rating] });
  }
  if (filter.placed === true) {
    conditions.push({ sql: `${latitude} IS NOT NULL AND ${longitude} IS NOT NULL` });
  }
  const kinds = kindsOf(filter);
  if (kinds !== null) {
    const apart = kinds.includes('photo') ? '' : ` AND a.kind <> 'photo'`;
    const list = kinds.map((kind) => `'${kind}'`).join(', ');
    conditions.push({ sql: `a.kind IN (${list})${apart}` });
  }
  if (filter.directoryId !== undefined) {
    conditions.push({
      sql: `EXISTS (SELECT 1 FROM files f WHERE f.asset_id = a.id AND f.directory_id = ? AND ${isKnownFile})`,
      values: [filter.directoryId],
    });
  }
  for (const word of wordsOf(filter)) {
    conditions.push({
      sql: 'instr((SELECT w.words FROM search_words w WHERE w.asset_id = a.id), ?) > 0',
      values: [word],
    });
  }
  if (filter.standing !== undefined) {
    const wanted = standings.indexOf(filter.standing);
    conditions.push({ sql: `${standingOf(destinationIds)} = ${String(wanted)}` });
  }
  return conditions;
}

/** Null where all kinds are asked for. */
function kindsOf({ kinds }: PhotoFilter): readonly string[] | null {
  const distinct = new Set(kinds);
  return distinct.size === 0 || distinct.size === 3 ? null : [...distinct];
}

function wordsOf({ words }: PhotoFilter): string[] {
  return (words ?? []).map(searchWords).filter((word) => word !== '');
}

function indexFor(filter: PhotoFilter): string {
  if (filter.camera !== undefined) return 'assets_shown_by_camera';
  if (filter.duplicates === true) return 'assets_shown_copied';
  if (filter.rating !== undefined) return 'assets_shown_rated';
  if (kindsOf(filter)?.includes('photo') === false) return 'assets_shown_by_kind';
  if (filter.placed === true) return 'assets_shown_placed';
  return 'assets_shown';
}

/** Ids among which all photos of the filter are; null where nothing in it names few. */
function candidatesOf(
  database: Database,
  filter: PhotoFilter,
  destinationIds: readonly number[],
): number[] | null {
  const query = wordsOf(filter)
    .map(indexQuery)
    .filter((pieces) => pieces !== null)
    .join(' AND ');
  if (query !== '') {
    const found = few(database, 'SELECT rowid AS id FROM search_index WHERE search_index MATCH ?', [
      query,
    ]);
    if (found !== null) return found;
  }
  if (filter.directoryId !== undefined) {
    const found = few(
      database,
      'SELECT DISTINCT f.asset_id AS id FROM files f WHERE f.directory_id = ? AND f.asset_id IS NOT NULL',
      [filter.directoryId],
    );
    if (found !== null) return found;
  }
  return unprovenOf(database, filter, destinationIds);
}

/** Candidates by their standing: only what is not backed up everywhere is kept in an index of its own. */
function unprovenOf(
  database: Database,
  { standing }: PhotoFilter,
  destinationIds: readonly number[],
): number[] | null {
  if (standing !== 'failed' && standing !== 'waiting') return null;
  // Where nothing was queued yet everything waits, without a row that says so.
  if (standing === 'waiting' && destinationIds.some((id) => !hasDeliveries(database, id)))
    return null;
  const state = standing === 'failed' ? `AND d.state = 'failed'` : '';
  const ids = new Set<number>();
  for (const id of destinationIds) {
    const found = few(
      database,
      `SELECT d.asset_id AS id FROM deliveries d INDEXED BY deliveries_open
       WHERE d.destination_id = ? AND d.state <> 'verified' ${state}`,
      [id],
    );
    if (found === null) return null;
    for (const one of found) ids.add(one);
  }
  return ids.size > mostCandidates ? null : [...ids];
}

function hasDeliveries(database: Database, destinationId: number): boolean {
  const row = database.get(
    'SELECT 1 AS found FROM delivery_counts WHERE destination_id = ? AND count > 0 LIMIT 1',
    destinationId,
  );
  return row !== undefined;
}

function few(database: Database, sql: string, values: readonly Value[]): number[] | null {
  const rows = database.all(`${sql} LIMIT +?`, ...values, mostCandidates + 1);
  return rows.length > mostCandidates ? null : rows.map((row) => number(row, 'id'));
}
