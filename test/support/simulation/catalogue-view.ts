import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** A delivery as the catalogue has it. */
export interface ViewedDelivery {
  readonly url: string;
  readonly hash: string;
  readonly state: string;
  readonly key: string | null;
  readonly failure: string | null;
}

/** A file as the catalogue has it. */
export interface ViewedFile {
  /** The folder that it was found in. */
  readonly root: string;
  readonly path: string;
  readonly state: string;
  readonly hash: string | null;
  readonly failure: string | null;
}

type Row = Record<string, unknown>;

/** The parts of a catalogue that the invariants speak of; empty where no engine has opened it yet. */
export class CatalogueView {
  readonly #database: DatabaseSync;
  readonly #version: StatementSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #deliveries = this.#kept(
    `SELECT t.url, a.hash, d.state, d.key, d.failure FROM deliveries d
       JOIN assets a ON a.id = d.asset_id JOIN destinations t ON t.id = d.destination_id`,
    (row): ViewedDelivery => ({
      url: String(row['url']),
      hash: String(row['hash']),
      state: String(row['state']),
      key: textOrNull(row['key']),
      failure: textOrNull(row['failure']),
    }),
  );
  readonly #files = this.#kept(
    `SELECT r.path AS root, d.path AS directory, f.name, f.state, a.hash, f.failure FROM files f
       JOIN directories d ON d.id = f.directory_id JOIN roots r ON r.id = d.root_id
       LEFT JOIN assets a ON a.id = f.asset_id`,
    (row): ViewedFile => ({
      root: String(row['root']),
      path: [row['root'], row['directory'], row['name']]
        .map(String)
        .filter((part) => part !== '')
        .join('/'),
      state: String(row['state']),
      hash: textOrNull(row['hash']),
      failure: textOrNull(row['failure']),
    }),
  );
  readonly #markers = this.#kept('SELECT url, marker FROM destinations', (row) => ({
    url: row['url'],
    marker: textOrNull(row['marker']),
  }));
  #migrated = false;

  /** `database` is the engine's own connection: a checker runs between two steps, never inside a transaction. */
  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#version = database.prepare('SELECT total_changes() AS changes');
  }

  /** Another number whenever a row has changed. */
  get version(): unknown {
    return this.#version.get()?.['changes'];
  }

  get deliveries(): readonly ViewedDelivery[] {
    return this.#deliveries();
  }

  get files(): readonly ViewedFile[] {
    return this.#files();
  }

  /** The id of the destination that the catalogue knows under this URL; null where it never reached it. */
  marker(url: string): string | null {
    return this.#markers().find((row) => row.url === url)?.marker ?? null;
  }

  /** What a question gives, asked again only when the catalogue has changed. */
  #kept<T>(sql: string, read: (row: Row) => T): () => readonly T[] {
    let kept: { readonly version: unknown; readonly rows: readonly T[] } | undefined;
    return () => {
      const { version } = this;
      if (kept?.version !== version || kept === undefined) {
        const rows = this.#hasTables() ? this.#statement(sql).all().map(read) : [];
        kept = { version, rows };
      }
      return kept.rows;
    };
  }

  #hasTables(): boolean {
    this.#migrated ||= this.#statement('PRAGMA user_version').get()?.['user_version'] !== 0;
    return this.#migrated;
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
