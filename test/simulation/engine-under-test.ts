import type { DatabaseSync } from 'node:sqlite';

import { Catalog } from '../../electron/engine/catalog/catalog.ts';
import {
  Database,
  type Committed,
  type SyncedLog,
} from '../../electron/engine/catalog/database.ts';
import { decorate } from '../../electron/engine/destinations/decorators/decorate.ts';
import { silentLogger } from '../../electron/engine/logging/logger.ts';
import { runSync } from '../../electron/engine/sync/run-sync.ts';
import { CataloguePool } from '../support/simulation/catalogue-pool.ts';
import type {
  CatalogueDisk,
  EngineSession,
  RunSummary,
} from '../support/simulation/engine-session.ts';

/** Prepared statements live as long as their connection; they hold nothing but SQL. */
const databases = new WeakMap<DatabaseSync, SimulatedDatabase>();
/** A process may keep its catalogue open from one run to the next. */
const catalogs = new WeakMap<object, Catalog>();

/** A pool of catalogues with the engine's own tables. */
export function makeCataloguePool(): CataloguePool {
  return new CataloguePool((connection) => {
    databaseOver(connection);
  });
}

/** The engine's own, on a disk that a schedule makes slow. */
class SimulatedDatabase extends Database {
  readonly #connection: DatabaseSync;
  readonly #log: SimulatedLog;

  constructor(connection: DatabaseSync, log = new SimulatedLog()) {
    super(connection, log);
    this.#connection = connection;
    this.#log = log;
  }

  /** The catalogue belongs to this computer from now on. */
  moveTo(disk: CatalogueDisk): void {
    this.#log.disk = disk;
  }

  /** Whether its disk has ever failed: a new process opens it anew. */
  get failed(): boolean {
    return this.#log.failed;
  }

  override commit(work: () => void): Committed {
    if (this.#connection.isTransaction) return super.commit(work);
    this.#log.disk?.begin();
    const committed = super.commit(work);
    this.#log.disk?.made();
    return committed;
  }
}

class SimulatedLog implements SyncedLog {
  disk: CatalogueDisk | null = null;
  failed = false;

  async sync(): Promise<void> {
    try {
      await this.disk?.sync();
    } catch (error) {
      this.failed = true;
      throw error;
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function databaseOver(connection: DatabaseSync): SimulatedDatabase {
  let database = databases.get(connection);
  if (database === undefined) {
    Database.over(connection);
    database = new SimulatedDatabase(connection);
    databases.set(connection, database);
  }
  return database;
}

function openCatalog({ database, memory, catalogueDisk }: EngineSession): Catalog {
  let catalog = catalogs.get(memory);
  if (catalog === undefined && databaseOver(database).failed) databases.delete(database);
  databaseOver(database).moveTo(catalogueDisk);
  if (catalog === undefined) {
    catalog = new Catalog(databaseOver(database));
    catalogs.set(memory, catalog);
  }
  return catalog;
}

/** The real engine, put together as a host does, on the ports of a simulated computer. */
export async function runEngine(session: EngineSession, signal: AbortSignal): Promise<RunSummary> {
  const { clock, random, fileSystem, mediaReader } = session;
  const catalog = openCatalog(session);
  const targets = session.destinations.map(({ url, name, destination }) => ({
    url,
    name,
    destination: decorate(destination, { clock, random, logger: silentLogger }),
  }));
  const { summary } = await runSync(
    {
      folders: session.roots,
      targets,
      deviceName: session.deviceName,
      platform: 'darwin',
      acceptChanges: session.confirmVanished,
    },
    { clock, random, fileSystem, mediaReader, catalog, logger: silentLogger },
    (event) => {
      if (event.event !== 'photo') return;
      const url = targets.find(({ name }) => name === event.destination)?.url;
      if (url !== undefined) session.onBackedUp(url, event.hash);
    },
    signal,
  );
  const { found, photos, duplicates, skipped, uploaded, alreadyBackedUp, failed } = summary;
  return {
    found,
    photos,
    duplicates,
    skipped,
    uploaded,
    alreadyBackedUp,
    failed,
    destinations: Object.values(summary.destinations).map((figures) => ({
      ...figures,
      photos,
      stopped: figures.error ?? null,
    })),
  };
}
