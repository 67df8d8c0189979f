import {
  DatabaseSync,
  type SQLInputValue,
  type SQLOutputValue,
  type StatementSync,
} from 'node:sqlite';

import { CloudrollError, fail, failureOf } from '../../../shared/domain/failure.ts';
import type { Row } from './row.ts';
import { migrations } from './schema.ts';
import { searchWords } from './search-words.ts';
import { WriteAheadLog } from './write-ahead-log.ts';

/** Longest wait for another connection, milliseconds. */
const busyTimeoutMs = 5000;

/** A value that can be bound to a statement. */
export type Value = SQLInputValue;

/** A change that is made; `durable` resolves when it survives a power loss, and rejects where that failed. */
export interface Committed {
  readonly durable: Promise<void>;
}

/** The file that changes are written to before they are in the database itself. */
export interface SyncedLog {
  /** Makes everything durable that was committed before the call. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * One SQLite connection with cached statements and nested-safe transactions.
 *
 * Durability: WAL with `synchronous = FULL`, so that a transition that was reported survives a power loss.
 *
 * Statements say `LIMIT +?`: a bare parameter there has SQLite plan the statement anew each time it is bound,
 * which takes longer than most of them run.
 */
export class Database {
  readonly #handle: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  /** Statements whose iteration has ended; one that goes on cannot be used for another. */
  readonly #idle = new Map<string, StatementSync[]>();
  readonly #log: SyncedLog | null;
  #depth = 0;
  #damaged = false;
  /** A sync of the log failed, and what it was to make durable may or may not be. */
  #unsynced: unknown = null;

  /** `log`: the file that changes are written to first, where there is one. */
  constructor(handle: DatabaseSync, log: SyncedLog | null = null) {
    this.#handle = handle;
    this.#log = log;
  }

  /**
   * Opens and, if need be, creates or migrates a catalogue.
   * @throws `corrupt` where the file is damaged, `unsupported` where a newer version wrote it,
   * `diskFull` or `unreadable` where the disk refuses.
   */
  static open(path: string): Database {
    return translated(() => {
      const handle = new DatabaseSync(path, { timeout: busyTimeoutMs });
      try {
        // A catalogue of a newer version is left as it is.
        new Database(handle).#refuseNewer();
        handle.exec(
          'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA checkpoint_fullfsync = ON;',
        );
        return Database.over(handle, new WriteAheadLog(path));
      } catch (error) {
        handle.close();
        throw error;
      }
    });
  }

  /** Uses a connection that the caller opened; migrates it if need be. */
  static over(handle: DatabaseSync, log: SyncedLog | null = null): Database {
    handle.exec(
      'PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000;',
    );
    handle.function('cloudroll_words', { deterministic: true }, wordsFunction);
    const database = new Database(handle, log);
    database.#migrate();
    return database;
  }

  /**
   * Opens for reading only, beside a process that writes. Null where the catalogue was made by an older
   * version (or is being made now) and has to be opened for writing first.
   */
  static openForReading(path: string): Database | null {
    return translated(() => {
      // A connection that may not write at all would leave the log behind when it is the last to close.
      const handle = new DatabaseSync(path, { timeout: busyTimeoutMs });
      try {
        handle.exec('PRAGMA query_only = ON');
        const database = new Database(handle);
        database.#refuseNewer();
        if (database.version === migrations.length) return database;
        handle.close();
        return null;
      } catch (error) {
        if (handle.isOpen) handle.close();
        throw error;
      }
    });
  }

  /** Whether SQLite has reported damage on this connection. */
  get damaged(): boolean {
    return this.#damaged;
  }

  get version(): number {
    const value = this.#handle.prepare('PRAGMA user_version').get()?.['user_version'];
    return typeof value === 'number' ? value : 0;
  }

  all(sql: string, ...values: readonly Value[]): Row[] {
    return this.#translated(() => this.#statement(sql).all(...values));
  }

  get(sql: string, ...values: readonly Value[]): Row | undefined {
    return this.#translated(() => this.#statement(sql).get(...values));
  }

  /** Rows one by one, without holding all of them. */
  *iterate(sql: string, ...values: readonly Value[]): Generator<Row, void> {
    const idle = this.#idleOf(sql);
    const statement = idle.pop() ?? this.#translated(() => this.#handle.prepare(sql));
    const rows = this.#translated(() => statement.iterate(...values));
    try {
      for (;;) {
        const next = this.#translated(() => rows.next());
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      rows.return?.();
      idle.push(statement);
    }
  }

  /** Runs a statement and returns the number of rows it changed. */
  run(sql: string, ...values: readonly Value[]): number {
    return this.#translated(() => Number(this.#statement(sql).run(...values).changes));
  }

  /** Runs an insert and returns the new row's id. */
  insert(sql: string, ...values: readonly Value[]): number {
    return this.#translated(() => Number(this.#statement(sql).run(...values).lastInsertRowid));
  }

  /** Runs statements that take no values. */
  execute(sql: string): void {
    this.#translated(() => {
      this.#handle.exec(sql);
    });
  }

  /** All or nothing; a transaction inside another joins it. */
  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    this.#demandSynced();
    this.run('BEGIN IMMEDIATE');
    this.#depth += 1;
    try {
      const result = work();
      this.run('COMMIT');
      return result;
    } catch (error) {
      if (this.#handle.isTransaction) this.#handle.exec('ROLLBACK');
      throw error;
    } finally {
      this.#depth -= 1;
    }
  }

  /** All questions of `work` see one moment of a catalogue that others write to. */
  snapshot<T>(work: () => T): T {
    if (this.#inTransaction()) return work();
    this.execute('BEGIN');
    try {
      return work();
    } finally {
      // Some errors have ended it already.
      if (this.#inTransaction()) this.#handle.exec('ROLLBACK');
    }
  }

  /**
   * As {@link transaction}, but other threads do the waiting for the disk: what was done is visible at once
   * and stays, whatever `durable` says; what is committed after it is durable no sooner. Where it rejects,
   * this connection makes no transaction any more: an operating system tells of a failed sync once, and the
   * next one succeeds without what was lost. Opening the catalogue again finds what is there.
   */
  commit(work: () => void): Committed {
    if (this.#log === null || this.#depth > 0) {
      this.transaction(work);
      return { durable: Promise.resolve() };
    }
    // The log is written and its sync left to us; checkpoints still sync what they need.
    this.execute('PRAGMA synchronous = NORMAL');
    try {
      this.transaction(work);
    } finally {
      this.execute('PRAGMA synchronous = FULL');
    }
    return { durable: this.#synced(this.#log) };
  }

  close(): void {
    void this.#log?.close();
    this.#statements.clear();
    this.#idle.clear();
    this.#handle.close();
  }

  async #synced(log: SyncedLog): Promise<void> {
    try {
      await log.sync();
    } catch (error) {
      this.#unsynced ??= error;
    }
    this.#demandSynced();
  }

  /** What is committed after a commit that was lost would be lost with it. */
  #demandSynced(): void {
    if (this.#unsynced !== null) throw translateDatabaseError(this.#unsynced);
  }

  #inTransaction(): boolean {
    return this.#handle.isTransaction;
  }

  #translated<T>(work: () => T): T {
    try {
      return translated(work);
    } catch (error) {
      this.#damaged ||= failureOf(error).code === 'corrupt';
      throw error;
    }
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#handle.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #idleOf(sql: string): StatementSync[] {
    let idle = this.#idle.get(sql);
    if (idle === undefined) {
      idle = [];
      this.#idle.set(sql, idle);
    }
    return idle;
  }

  #refuseNewer(): void {
    if (this.version <= migrations.length) return;
    throw fail('unsupported', 'The catalogue was written by a newer version of Cloudroll.', {
      hint: 'Install that version again, or name another data directory with --data.',
    });
  }

  #migrate(): void {
    this.#refuseNewer();
    for (let version = this.version; version < migrations.length; version += 1) {
      this.transaction(() => {
        this.#handle.exec(migrations[version] ?? '');
        this.#handle.exec(`PRAGMA user_version = ${String(version + 1)}`);
      });
    }
  }
}

/** As SQL sees {@link searchWords}: triggers of the catalogue call it. */
function wordsFunction(text: SQLOutputValue): string {
  return typeof text === 'string' ? searchWords(text) : '';
}

function translated<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw translateDatabaseError(error);
  }
}

/** SQLITE_IOERR_SHMSIZE: the index of the write-ahead log could not grow, which a full disk does. */
const ioErrorGrowingIndex = 4874;

/** SQLite's result codes (https://www.sqlite.org/rescode.html) as failures of ours. */
export function translateDatabaseError(error: unknown): unknown {
  if (error instanceof CloudrollError || !(error instanceof Error)) return error;
  const code = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : 0;
  switch (code === ioErrorGrowingIndex ? 13 : code & 0xff) {
    case 5:
    case 6:
      return fail('busy', 'Another process is using the catalogue.', {
        hint: 'Wait for it to finish, or name another data directory with --data.',
        cause: error,
      });
    case 8:
    case 14:
    case 3:
    case 23:
      return fail(
        'unreadable',
        'The catalogue in the data directory cannot be opened or written.',
        {
          hint: 'Check that the data directory exists and that you may write to it.',
          cause: error,
        },
      );
    case 10:
      return fail('unreadable', 'The disk that holds the catalogue reported an error.', {
        hint: 'Check the disk; nothing that was backed up is affected.',
        cause: error,
      });
    case 13:
      return fail('diskFull', 'The disk that holds the data directory is full.', {
        hint: 'Free some space and run the same command again; the queue is kept.',
        cause: error,
      });
    case 11:
    case 26:
      return fail('corrupt', 'The catalogue is damaged.', {
        hint: 'It is set aside and rebuilt from its backup or from the destination; no photo is affected.',
        cause: error,
      });
    default:
      return error;
  }
}
