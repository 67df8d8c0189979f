import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';

/** More than any schedule has devices, and few enough for their memory. */
const mostFree = 8;
/** What triggers write while rows go takes another round; more would mean that they go on for ever. */
const mostRounds = 8;

/**
 * Catalogue databases in memory to be used again by later schedules: making tables and preparing statements
 * anew for each device would take more time than the schedule itself. What comes out of the pool is as good
 * as new: no row is left in it.
 */
export class CataloguePool {
  readonly #open: ((connection: DatabaseSync) => void) | undefined;
  readonly #free: DatabaseSync[] = [];
  readonly #emptying = new WeakMap<DatabaseSync, readonly StatementSync[]>();

  /** `open`: makes the engine's tables in a new database; without it databases are empty and never used again. */
  constructor(open?: (connection: DatabaseSync) => void) {
    this.#open = open;
  }

  take(): DatabaseSync {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    const made = new DatabaseSync(':memory:');
    this.#open?.(made);
    return made;
  }

  /** A database with the contents that another one had when it was serialized. */
  restore(contents: Uint8Array): DatabaseSync {
    const restored = new DatabaseSync(':memory:');
    restored.deserialize(contents);
    this.#open?.(restored);
    return restored;
  }

  give(connection: DatabaseSync): void {
    if (this.#open === undefined || this.#free.length >= mostFree) {
      connection.close();
      return;
    }
    connection.exec('BEGIN');
    let rounds = 0;
    while (emptied(this.#emptyingOf(connection)) > 0) {
      rounds += 1;
      if (rounds > mostRounds) throw new Error('A catalogue cannot be emptied.');
    }
    connection.exec('COMMIT');
    this.#free.push(connection);
  }

  /**
   * Newest table first, so that few foreign keys are in the way: switching them off would have every kept
   * statement prepared again.
   */
  #emptyingOf(connection: DatabaseSync): readonly StatementSync[] {
    let statements = this.#emptying.get(connection);
    if (statements === undefined) {
      statements = connection
        .prepare(
          // The tables that an index of words is made of are emptied with it.
          `SELECT s.name FROM sqlite_schema s JOIN pragma_table_list t ON t.name = s.name
           WHERE t.schema = 'main' AND t.type <> 'shadow' AND s.name <> 'sqlite_stat1' ORDER BY s.rowid DESC`,
        )
        .all()
        .map((row) => connection.prepare(`DELETE FROM ${String(row['name'])}`));
      this.#emptying.set(connection, statements);
    }
    return statements;
  }
}

/** Runs each once; how many of them found something to delete, or were kept from it by a foreign key. */
function emptied(statements: readonly StatementSync[]): number {
  let busy = 0;
  for (const statement of statements) {
    try {
      if (statement.run().changes !== 0) busy += 1;
    } catch {
      busy += 1;
    }
  }
  return busy;
}
