import type { PhotoStanding } from './photo-filter.ts';
import {
  planPhotos,
  standingOf,
  standings,
  type PhotoFilter,
  type PhotoQuery,
} from './photo-filter.ts';
import type { Database } from './database.ts';
import { member, number, optionalNumber, optionalText, text, type Row } from './row.ts';

/** A place in the timeline's order: by wall time, then by id. */
export interface TimelineKey {
  readonly wall: string;
  readonly id: number;
}

/** What a tile shows of an asset. */
export interface TimelineEntry extends TimelineKey {
  /** Of a file here, else the one that journals know. */
  readonly name: string;
  readonly kind: 'photo' | 'raw' | 'video';
  readonly width: number | null;
  readonly height: number | null;
  readonly durationMs: number | null;
  readonly thumbHash: string | null;
  readonly preview: 'none' | 'made' | 'placeholder';
  readonly live: boolean;
  readonly copies: number;
  readonly standing: PhotoStanding;
}

/** Days, both ends included. */
export interface DayRange {
  readonly newest: string;
  readonly oldest: string;
}

export interface DayCount {
  readonly day: string;
  readonly count: number;
}

const liveId = (table: string): string => `json_extract(${table}.details, '$.contentIdentifier')`;

/** The timeline's questions. Each is bounded by its range of days or by the number of rows it gives. */
export class Timeline {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Days with photos, newest first. */
  days({ newest, oldest }: DayRange, limit = Number.MAX_SAFE_INTEGER): DayCount[] {
    return this.#database
      .all(
        'SELECT day, count FROM days WHERE day BETWEEN ? AND ? ORDER BY day DESC LIMIT +?',
        oldest,
        newest,
        limit,
      )
      .map((row) => ({ day: text(row, 'day'), count: number(row, 'count') }));
  }

  /** How to find the photos of a filter; good for questions that follow at once. */
  plan(filter: PhotoFilter, destinationIds: readonly number[]): PhotoQuery {
    return planPhotos(this.#database, filter, destinationIds);
  }

  /** Photos a day, in no order. */
  countDays(query: PhotoQuery, range: DayRange): DayCount[] {
    return this.#database
      .all(
        `SELECT a.day, count(*) AS count ${query.from} WHERE ${query.where}
           AND a.wall >= ? AND a.wall < ? GROUP BY a.day`,
        ...query.values,
        range.oldest,
        afterDay(range.newest),
      )
      .map((row) => ({ day: text(row, 'day'), count: number(row, 'count') }));
  }

  /** As {@link countDays}, of the photos with an id over `after`, up to and with `upTo`; not for a narrow query. */
  countDaysOfIds(query: PhotoQuery, range: DayRange, after: number, upTo: number): DayCount[] {
    return this.#database
      .all(
        `SELECT a.day, count(*) AS count FROM assets a NOT INDEXED WHERE a.id > ? AND a.id <= ?
           AND a.wall >= ? AND a.wall < ? AND ${query.where} GROUP BY a.day`,
        after,
        upTo,
        range.oldest,
        afterDay(range.newest),
        ...query.values,
      )
      .map((row) => ({ day: text(row, 'day'), count: number(row, 'count') }));
  }

  /** The largest id of an asset; 0 where there is none. */
  lastId(): number {
    const row = this.#database.get('SELECT coalesce(max(id), 0) AS last FROM assets');
    return row === undefined ? 0 : number(row, 'last');
  }

  /** The first `limit` photos of a range, newest first. */
  newest(query: PhotoQuery, range: DayRange, limit: number): number[] {
    return this.#ids(query, 'a.wall >= ? AND a.wall < ?', 'DESC', limit, [
      range.oldest,
      afterDay(range.newest),
    ]);
  }

  /** The photos next to a place, nearest first, within a range. */
  beside(
    query: PhotoQuery,
    key: TimelineKey,
    direction: 'newer' | 'older',
    range: DayRange,
    limit: number,
  ): number[] {
    const newer = direction === 'newer';
    return this.#ids(
      query,
      `(a.wall, a.id) ${newer ? '>' : '<'} (?, ?) AND a.wall >= ? AND a.wall < ?`,
      newer ? 'ASC' : 'DESC',
      limit,
      [key.wall, key.id, range.oldest, afterDay(range.newest)],
    );
  }

  /** What tiles show, in the order of the ids; unknown ids are left out. */
  entries(ids: readonly number[], destinationIds: readonly number[]): TimelineEntry[] {
    return this.#database
      .all(
        `SELECT a.id, a.wall, a.kind, a.width, a.height, a.thumb_hash, a.preview_state, a.copies,
           json_extract(a.details, '$.durationMs') AS duration_ms,
           coalesce((SELECT f.name FROM files f WHERE f.asset_id = a.id AND f.state = 'hashed' AND f.role = 'media'
             LIMIT 1), a.name) AS name,
           a.kind <> 'video' AND ${liveId('a')} IS NOT NULL AND EXISTS (SELECT 1 FROM assets v
             WHERE ${liveId('v')} = ${liveId('a')} AND v.kind = 'video') AS live,
           ${standingOf(destinationIds)} AS standing
         FROM json_each(?) c CROSS JOIN assets a ON a.id = c.value WHERE a.kind <> 'sidecar' ORDER BY c.key`,
        JSON.stringify(ids),
      )
      .map(entryOf);
  }

  /** Where an asset stands in the order; null where there is no such photo. */
  keyOf(id: number): TimelineKey | null {
    const row = this.#database.get(
      `SELECT wall, id FROM assets WHERE id = ? AND kind <> 'sidecar'`,
      id,
    );
    return row === undefined ? null : { wall: text(row, 'wall'), id: number(row, 'id') };
  }

  /** Cameras that took something that is shown, by name. */
  cameras(limit: number): string[] {
    const cameras: string[] = [];
    // One look into the index for each camera, however many photos each of them took.
    for (let last = ''; cameras.length < limit;) {
      const row = this.#database.get(
        `SELECT json_extract(a.details, '$.camera') AS camera FROM assets a INDEXED BY assets_shown_by_camera
         WHERE a.shown = 1 AND json_extract(a.details, '$.camera') > ?
         ORDER BY json_extract(a.details, '$.camera') LIMIT 1`,
        last,
      );
      if (row === undefined) break;
      last = text(row, 'camera');
      cameras.push(last);
    }
    return cameras;
  }

  /** Contents of which several files are known, newest first, after a place. */
  duplicates(before: TimelineKey | null, limit: number): number[] {
    return this.#database
      .all(
        `SELECT a.id FROM assets a INDEXED BY assets_shown_copied WHERE a.shown = 1 AND a.copies > 1
           AND (a.wall, a.id) < (?, ?) ORDER BY a.wall DESC, a.id DESC LIMIT +?`,
        before?.wall ?? '\u{10ffff}',
        before?.id ?? 0,
        limit,
      )
      .map((row) => number(row, 'id'));
  }

  countDuplicates(): number {
    const row = this.#database.get(
      `SELECT count(*) AS count FROM assets a INDEXED BY assets_shown_copied
       WHERE a.shown = 1 AND a.copies > 1`,
    );
    return row === undefined ? 0 : number(row, 'count');
  }

  /**
   * Whether what lies in a folder is shown for that alone. Photos of a folder that is not watched any more
   * stay as far as a destination holds them. A folder is watched until it is said that it is not.
   */
  setWatched(rootPath: string, watched: boolean): void {
    this.#database.run(
      'UPDATE roots SET watched = ?1 WHERE path = ?2 AND watched <> ?1',
      watched ? 1 : 0,
      rootPath,
    );
  }

  #ids(
    query: PhotoQuery,
    condition: string,
    order: 'ASC' | 'DESC',
    limit: number,
    values: readonly (string | number)[],
  ): number[] {
    return this.#database
      .all(
        `SELECT a.id ${query.from} WHERE ${query.where} AND ${condition}
         ORDER BY a.wall ${order}, a.id ${order} LIMIT +?`,
        ...query.values,
        ...values,
        limit,
      )
      .map((row) => number(row, 'id'));
  }
}

/** Sorts after every moment of the day and before the next one. */
function afterDay(day: string): string {
  return `${day}U`;
}

function entryOf(row: Row): TimelineEntry {
  return {
    id: number(row, 'id'),
    wall: text(row, 'wall'),
    name: text(row, 'name'),
    kind: member(row, 'kind', ['photo', 'raw', 'video']),
    width: positive(optionalNumber(row, 'width')),
    height: positive(optionalNumber(row, 'height')),
    durationMs: optionalNumber(row, 'duration_ms'),
    thumbHash: optionalText(row, 'thumb_hash'),
    preview: member(row, 'preview_state', ['none', 'made', 'placeholder']),
    live: number(row, 'live') === 1,
    copies: number(row, 'copies'),
    standing: standings[number(row, 'standing')] ?? 'none',
  };
}

function positive(value: number | null): number | null {
  return value !== null && value > 0 ? value : null;
}
