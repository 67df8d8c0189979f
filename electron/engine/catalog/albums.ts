import type { Database } from './database.ts';
import { isKnownFile } from './known-file.ts';
import { number, text } from './row.ts';

/** A folder with photos that are shown. */
export interface AlbumRow {
  readonly directoryId: number;
  readonly rootPath: string;
  /** Below the root, `/`-separated; empty for the root itself. */
  readonly path: string;
  readonly rootName: string;
  readonly count: number;
  readonly coverId: number;
  /** Wall time of the newest photo. */
  readonly newest: string;
}

/** Folders as albums. Triggers note which ones have changed; those are counted anew before they are listed. */
export class Albums {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Counts some of the changed folders anew; false where none is left. */
  refresh(atMost: number): boolean {
    return this.#database.transaction(() => {
      const stale = this.#database
        .all('SELECT directory_id FROM stale_albums LIMIT +?', atMost)
        .map((row) => number(row, 'directory_id'));
      for (const id of stale) this.#count(id);
      return stale.length > 0;
    });
  }

  /** By their newest photo, newest first. */
  list(): AlbumRow[] {
    return this.#database
      .all(
        `SELECT b.directory_id, b.count, b.cover_id, b.newest, d.path, r.path AS root_path, r.name AS root_name
         FROM albums b JOIN directories d ON d.id = b.directory_id JOIN roots r ON r.id = d.root_id
         ORDER BY b.newest DESC, b.directory_id`,
      )
      .map((row) => ({
        directoryId: number(row, 'directory_id'),
        rootPath: text(row, 'root_path'),
        path: text(row, 'path'),
        rootName: text(row, 'root_name'),
        count: number(row, 'count'),
        coverId: number(row, 'cover_id'),
        newest: text(row, 'newest'),
      }));
  }

  #count(directoryId: number): void {
    this.#database.run('DELETE FROM stale_albums WHERE directory_id = ?', directoryId);
    this.#database.run('DELETE FROM albums WHERE directory_id = ?', directoryId);
    this.#database.run(
      `INSERT INTO albums (directory_id, count, cover_id, newest)
       SELECT ?1, count(DISTINCT a.id), a.id, max(a.wall) FROM files f JOIN assets a ON a.id = f.asset_id
       WHERE f.directory_id = ?1 AND a.shown = 1 AND ${isKnownFile} HAVING count(*) > 0`,
      directoryId,
    );
  }
}
