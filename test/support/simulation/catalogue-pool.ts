import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';

/** More than any schedule has devices, and few enough for their memory. */
const mostFree = 8;
/** Small: with a few rows in each of many tables, whole pages are what is copied for each change. */
const pageBytes = 1024;
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
  readonly #emptying = new WeakMap<DatabaseSync, Emptying>();

  /** `open`: makes the engine's tables in a new database; without it databases are empty and never used again. */
  constructor(open?: (connection: DatabaseSync) => void) {
    this.#open = open;
  }

  take(): DatabaseSync {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    const made = new DatabaseSync(':memory:');
    made.exec(`PRAGMA page_size = ${String(pageBytes)}`);
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
    const emptying = this.#emptyingOf(connection);
    for (let filled; (filled = filledOf(emptying)).length > 0;) {
      rounds += 1;
      empty(filled);
      if (rounds > mostRounds) throw new Error('A catalogue cannot be emptied.');
    }
    connection.exec('COMMIT');
    this.#free.push(connection);
  }

  /**
   * Newest table first, so that few foreign keys are in the way: switching them off would have every kept
   * statement prepared again.
   */
  #emptyingOf(connection: DatabaseSync): Emptying {
    let emptying = this.#emptying.get(connection);
    if (emptying === undefined) {
      const tables = connection
        .prepare(
          // The tables that an index of words is made of are emptied with it.
          `SELECT s.name FROM sqlite_schema s JOIN pragma_table_list t ON t.name = s.name
           WHERE t.schema = 'main' AND t.type <> 'shadow' AND s.name <> 'sqlite_stat1' ORDER BY s.rowid DESC`,
        )
        .all()
        .map((row) => String(row['name']));
      const filled = tables.map((name) => `EXISTS (SELECT 1 FROM ${name}) AS ${name}`);
      emptying = {
        filled: connection.prepare(`SELECT ${filled.join(', ')}`),
        deletions: new Map(
          tables.map((name) => [name, connection.prepare(`DELETE FROM ${name}`)] as const),
        ),
      };
      this.#emptying.set(connection, emptying);
    }
    return emptying;
  }
}

/** What empties one database. */
interface Emptying {
  /** Which tables hold anything, each by its name. */
  readonly filled: StatementSync;
  /** By table, newest first. */
  readonly deletions: ReadonlyMap<string, StatementSync>;
}

/** The deletions that have something to do. */
function filledOf({ filled, deletions }: Emptying): StatementSync[] {
  const rows = filled.get();
  return [...deletions].flatMap(([name, deletion]) => (rows?.[name] === 1 ? [deletion] : []));
}

/** Runs each once; one that a foreign key keeps from it has its turn in the next round. */
function empty(deletions: readonly StatementSync[]): void {
  for (const deletion of deletions) {
    try {
      deletion.run();
    } catch {
      // The rows that point here go first.
    }
  }
}
