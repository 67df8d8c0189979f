import { DatabaseSync } from 'node:sqlite';

import { Catalog } from '../../electron/engine/catalog/catalog.ts';
import { Database } from '../../electron/engine/catalog/database.ts';
import { decorate } from '../../electron/engine/destinations/decorators/decorate.ts';
import { silentLogger } from '../../electron/engine/logging/logger.ts';
import { runSync } from '../../electron/engine/sync/run-sync.ts';
import type { EngineSession, RunSummary } from '../support/simulation/engine-session.ts';

/** Image of a catalogue in which nothing has happened yet: saves making its tables for each device anew. */
export function makeBlankCatalogue(): Uint8Array {
  const connection = new DatabaseSync(':memory:');
  Database.over(connection);
  const image = connection.serialize();
  connection.close();
  return image;
}

const catalogs = new WeakMap<object, Catalog>();

/** Opened once for each life of a process: preparing statements anew for each run would take most of the time. */
function openCatalog({ database, memory }: EngineSession): Catalog {
  let catalog = catalogs.get(memory);
  if (catalog === undefined) {
    catalog = new Catalog(Database.over(database));
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
    () => undefined,
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
