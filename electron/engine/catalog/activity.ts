import type { Database } from './database.ts';
import { member, number, optionalText, type Row } from './row.ts';

/** What a line of the history can be about. */
export const activityKinds = [
  'backedUp',
  'failed',
  'verified',
  'paused',
  'resumed',
  'started',
  'changed',
] as const;
export type ActivityKind = (typeof activityKinds)[number];

/** One line of the history. */
export interface ActivityLine {
  readonly id: number;
  readonly atMs: number;
  readonly kind: ActivityKind;
  readonly photos: number;
  readonly bytes: number;
  /** Id of a destination in the settings. */
  readonly destination: string | null;
  /** JSON of a `Failure`. */
  readonly failure: string | null;
}

/** Lines that are kept. */
const mostLines = 5000;
/** Lines over that are removed so many at a time. */
const spareLines = 500;
/** What is backed up bit by bit becomes one line, milliseconds. */
const sameOccasionMs = 10 * 60_000;
const lastCompleteKey = 'lastCompleteMs';

/** What happened, for people; the oldest is forgotten. */
export class Activity {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Adds a line; photos that were backed up shortly after others to the same place join their line. */
  add(line: Omit<ActivityLine, 'id'>): void {
    if (this.#join(line)) return;
    const id = this.#database.insert(
      'INSERT INTO activity (at_ms, kind, photos, bytes, destination, failure) VALUES (?, ?, ?, ?, ?, ?)',
      Math.trunc(line.atMs),
      line.kind,
      line.photos,
      line.bytes,
      line.destination,
      line.failure,
    );
    if (id % spareLines === 0) {
      this.#database.run('DELETE FROM activity WHERE id <= ?', id - mostLines);
    }
  }

  /** Newest first; `beforeId` is the last one of the previous page. */
  page(beforeId: number | null, limit: number): ActivityLine[] {
    return this.#database
      .all(
        'SELECT * FROM activity WHERE id < ? ORDER BY id DESC LIMIT +?',
        beforeId ?? Number.MAX_SAFE_INTEGER,
        limit,
      )
      .map(lineOf);
  }

  /** When all was last found to be backed up, milliseconds since 1970. */
  get lastCompleteMs(): number | null {
    const row = this.#database.get('SELECT value FROM meta WHERE key = ?', lastCompleteKey);
    const value = Number(row?.['value'] ?? Number.NaN);
    return Number.isFinite(value) ? value : null;
  }

  noteComplete(atMs: number): void {
    this.#database.run(
      'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      lastCompleteKey,
      String(atMs),
    );
  }

  #join({ kind, destination, photos, bytes, atMs }: Omit<ActivityLine, 'id'>): boolean {
    if (kind !== 'backedUp') return false;
    return (
      this.#database.run(
        `UPDATE activity SET photos = photos + ?, bytes = bytes + ?, at_ms = ?
         WHERE id = (SELECT max(id) FROM activity WHERE kind = 'backedUp' AND destination IS ?) AND at_ms > ?
           AND id > (SELECT coalesce(max(id), 0) FROM activity WHERE kind <> 'backedUp')`,
        photos,
        bytes,
        Math.trunc(atMs),
        destination,
        Math.trunc(atMs) - sameOccasionMs,
      ) === 1
    );
  }
}

function lineOf(row: Row): ActivityLine {
  return {
    id: number(row, 'id'),
    atMs: number(row, 'at_ms'),
    kind: member(row, 'kind', activityKinds),
    photos: number(row, 'photos'),
    bytes: number(row, 'bytes'),
    destination: optionalText(row, 'destination'),
    failure: optionalText(row, 'failure'),
  };
}
