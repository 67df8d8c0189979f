import { chmod, mkdir, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';

import { fail } from '../../../shared/domain/failure.ts';
import { syncDirectory } from './durable.ts';
import { momentOf, stampOf } from './paths.ts';
import { backupsToKeep, isBackupDue } from './rotation.ts';
import { copyCatalogue } from './upkeep.ts';

/** A whole copy of the catalogue. */
export interface Backup {
  readonly path: string;
  /** When it was made, milliseconds since 1970. */
  readonly madeMs: number;
}

const backupName = /^catalogue-(\d{8}T\d{9}Z)\.db$/u;
const unfinishedSuffix = '.unfinished';

/** The backups in a folder, newest first. */
export async function listBackups(folder: string): Promise<readonly Backup[]> {
  const backups: Backup[] = [];
  for (const name of await namesIn(folder)) {
    const madeMs = momentOf(backupName.exec(name)?.[1] ?? '');
    if (madeMs !== null) backups.push({ path: path.join(folder, name), madeMs });
  }
  return backups.sort((a, b) => b.madeMs - a.madeMs);
}

/** Whether a day has passed since the last backup and the catalogue was written to since. */
export async function backupWanted(
  catalogue: string,
  folder: string,
  nowMs: number,
): Promise<boolean> {
  const backups = await listBackups(folder);
  if (
    !isBackupDue(
      backups.map(({ madeMs }) => madeMs),
      nowMs,
    )
  )
    return false;
  const [last] = backups;
  if (last === undefined) return true;
  const written = await Promise.all(
    [catalogue, `${catalogue}-wal`].map((file) => stat(file).then(modifiedMs, () => 0)),
  );
  const { mtimeMs } = await stat(last.path);
  return Math.max(...written) > mtimeMs;
}

/**
 * Makes a backup beside the others and removes those that the rotation gives up. It appears under its name
 * whole and durable or not at all.
 * @throws `diskFull` before it would fill the disk, `corrupt`, `cancelled` …
 */
export async function makeBackup(
  catalogue: string,
  folder: string,
  nowMs: number,
  signal: AbortSignal,
): Promise<Backup> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await removeUnfinished(folder);
  await requireRoom(catalogue, folder);
  const made = path.join(folder, `catalogue-${stampOf(nowMs)}.db`);
  const unfinished = `${made}${unfinishedSuffix}`;
  try {
    await copyCatalogue(catalogue, unfinished, signal);
    await chmod(unfinished, 0o600);
    await rename(unfinished, made);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  await syncDirectory(folder);
  await rotate(folder, nowMs);
  return { path: made, madeMs: nowMs };
}

async function rotate(folder: string, nowMs: number): Promise<void> {
  const backups = await listBackups(folder);
  const kept = new Set(
    backupsToKeep(
      backups.map(({ madeMs }) => madeMs),
      nowMs,
    ),
  );
  for (const backup of backups) {
    if (!kept.has(backup.madeMs)) await rm(backup.path, { force: true });
  }
}

/** What an interrupted backup left behind. */
async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (/\.unfinished(?:-journal)?$/u.test(name))
      await rm(path.join(folder, name), { force: true });
  }
}

/** A backup must not take the room that the catalogue itself needs to go on. */
async function requireRoom(catalogue: string, folder: string): Promise<void> {
  const { size } = await stat(catalogue);
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= 2 * size) return;
  throw fail('diskFull', 'There is too little room for a backup of the catalogue.', {
    hint: 'Free some space on the disk that holds the data directory.',
  });
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}

function modifiedMs({ mtimeMs }: { readonly mtimeMs: number }): number {
  return mtimeMs;
}
