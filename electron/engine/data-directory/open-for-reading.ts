import { stat } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';

import { Catalog } from '../catalog/catalog.ts';
import { Database } from '../catalog/database.ts';
import { openDataDirectory, type DataDirectoryPorts } from './data-directory.ts';
import { pathsIn } from './paths.ts';

/**
 * The catalogue of a data directory for looking only, also beside a process that writes. Where there is
 * none yet, an empty one in memory; nothing is made on disk.
 * @throws `busy` where an older version is at work with it, `unsupported` where a newer one wrote it,
 * `corrupt` (opening for writing repairs it), `unreadable`, `cancelled`
 */
export async function openForReading(
  path: string,
  ports: DataDirectoryPorts,
  signal: AbortSignal,
): Promise<Catalog> {
  const { catalogue } = pathsIn(path);
  if (!(await holdsSomething(catalogue))) return new Catalog(emptyDatabase());
  const database = Database.openForReading(catalogue);
  if (database !== null) return new Catalog(database);
  const directory = await openDataDirectory(path, ports, signal);
  await directory.close();
  return new Catalog(Database.openForReading(catalogue) ?? emptyDatabase());
}

async function holdsSomething(file: string): Promise<boolean> {
  return stat(file).then(
    ({ size }) => size > 0,
    () => false,
  );
}

function emptyDatabase(): Database {
  return Database.over(new DatabaseSync(':memory:'));
}
