import { rename, rm } from 'node:fs/promises';
import path from 'node:path';

import { failureOf, type Failure } from '../../../shared/domain/failure.ts';
import { Database } from '../catalog/database.ts';
import type { Logger } from '../logging/logger.ts';
import { listBackups, type Backup } from './backups.ts';
import { copyDurably, syncDirectory } from './durable.ts';
import { stampOf, type DataPaths } from './paths.ts';
import { checkCatalogue } from './upkeep.ts';

/** SQLite's companions of a database file. The log goes first: replayed into another file it would ruin that. */
const companions = ['-wal', '-shm', '-journal', ''] as const;

/**
 * Sets a damaged catalogue aside under a dated name, never deleting it, and puts the newest sound backup in
 * its place; without one the place is left empty for a new catalogue.
 * @returns what a person should know
 */
export async function replaceDamaged(
  paths: DataPaths,
  nowMs: number,
  logger: Logger,
  signal: AbortSignal,
): Promise<Failure> {
  const aside = path.join(paths.directory, `catalogue-damaged-${stampOf(nowMs)}.db`);
  for (const companion of companions) {
    await rename(`${paths.catalogue}${companion}`, `${aside}${companion}`).catch(ignoreMissing);
  }
  await syncDirectory(paths.directory);
  const backup = await newestSound(await listBackups(paths.backups), logger, signal);
  logger.error('catalogue damaged', { aside, restored: backup?.path ?? null });
  if (backup === null) {
    return notice(
      'The catalogue was damaged, and there is no backup of it: a new one was begun.',
      aside,
    );
  }
  const restored = `${paths.catalogue}.restored`;
  await rm(restored, { force: true });
  await copyDurably(backup.path, restored);
  await rename(restored, paths.catalogue);
  await syncDirectory(paths.directory);
  const day = new Date(backup.madeMs).toISOString().slice(0, 16).replace('T', ' ');
  return notice(`The catalogue was damaged; its backup of ${day} UTC was restored.`, aside);
}

async function newestSound(
  backups: readonly Backup[],
  logger: Logger,
  signal: AbortSignal,
): Promise<Backup | null> {
  for (const backup of backups) {
    try {
      if ((await checkCatalogue(backup.path, signal)) && isReadable(backup.path)) return backup;
      logger.warn('backup of the catalogue is damaged', { path: backup.path });
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code === 'cancelled') throw error;
      logger.warn('backup of the catalogue is unusable', { path: backup.path, code: failure.code });
    }
  }
  return null;
}

/** Also refuses a backup that a newer version made. */
function isReadable(file: string): boolean {
  const database = Database.openForReading(file);
  database?.close();
  return true;
}

function notice(message: string, aside: string): Failure {
  return {
    code: 'corrupt',
    message,
    hint: `No photo is affected: what it lacks is read from the destinations again. The damaged file is kept as ${aside}.`,
  };
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
