import type { Database } from './database.ts';
import { number } from './row.ts';

/**
 * Files that a person had left alone: nothing is known of them now, they take part in nothing and count
 * nowhere. One that a later scan comes by again is excluded no more.
 */
export class Exclusions {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Takes files of a folder out; those that are out already are left as they are. */
  add(rootId: number, fileIds: readonly number[]): void {
    if (fileIds.length === 0) return;
    const known = this.#of(rootId);
    const fresh = fileIds.filter((id) => !known.has(id));
    this.#database.transaction(() => {
      for (const id of fresh) {
        this.#database.run(
          `UPDATE files SET state = 'unknown', failure = NULL, version = version + 1 WHERE id = ? AND state <> 'unknown'`,
          id,
        );
        this.#database.run('INSERT OR IGNORE INTO excluded_files (file_id) VALUES (?)', id);
      }
    });
  }

  #of(rootId: number): ReadonlySet<number> {
    const rows = this.#database.all(
      `SELECT e.file_id FROM excluded_files e JOIN files f ON f.id = e.file_id
       JOIN directories d ON d.id = f.directory_id WHERE d.root_id = ?`,
      rootId,
    );
    return new Set(rows.map((row) => number(row, 'file_id')));
  }
}
