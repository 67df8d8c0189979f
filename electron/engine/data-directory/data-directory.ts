import { mkdir, open, realpath, stat } from 'node:fs/promises';

import { CloudrollError, fail, failureOf, type Failure } from '../../../shared/domain/failure.ts';
import { translated } from '../adapters/file-system-failure.ts';
import { Catalog } from '../catalog/catalog.ts';
import { Database } from '../catalog/database.ts';
import type { Logger } from '../logging/logger.ts';
import type { Clock } from '../ports/clock.ts';
import { backupWanted, makeBackup } from './backups.ts';
import { lockExclusively, type ExclusiveLock } from './exclusive-lock.ts';
import { readOwner, removeOwner, writeOwner, type Owner } from './owner.ts';
import { pathsIn, type DataPaths } from './paths.ts';
import { replaceDamaged } from './recovery.ts';
import { checkCatalogue } from './upkeep.ts';

export interface DataDirectoryPorts {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Everything this computer keeps for itself, held by this process alone until it is closed. */
export interface DataDirectory {
  /** With links resolved. */
  readonly path: string;
  readonly catalog: Catalog;
  readonly thumbnailsPath: string;
  readonly logsPath: string;
  /** What a person should know about the opening: a catalogue that was damaged, and what became of it. */
  readonly notices: readonly Failure[];
  /**
   * Closes the catalogue, makes a backup of it where one is due (not where the signal that it was opened
   * with has aborted), and lets other processes in. Never rejects.
   */
  close(): Promise<void>;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * Opens a data directory and makes it where there is none. One process at a time may have it open.
 *
 * A damaged catalogue is set aside and the newest sound backup, or an empty catalogue, takes its place: the
 * engine fills in the rest from the destinations' journals. It is looked for after an unclean end, and once
 * a day otherwise.
 * @throws `busy` where another process has it open, `unsupported` where a newer version wrote the catalogue
 * (nothing is touched), `diskFull`, `readOnly`, `unreadable`, `cancelled`
 */
export async function openDataDirectory(
  path: string,
  ports: DataDirectoryPorts,
  signal: AbortSignal,
): Promise<DataDirectory> {
  const paths = pathsIn(await makePrivateDirectory(path));
  const lock = lockExclusively(paths.lock);
  if (lock === null) throw await inUse(paths);
  let before: Owner | null = null;
  try {
    before = await readOwner(paths.owner);
    await noteOwner(paths, { sinceMs: ports.clock.now(), damaged: before?.damaged ?? false });
    const { database, notices } = await openCatalogue(paths, before, ports, signal);
    if (before?.damaged === true)
      await noteOwner(paths, { sinceMs: ports.clock.now(), damaged: false });
    return new OpenDataDirectory(paths, database, notices, lock, ports, signal);
  } catch (error) {
    if (before === null) await removeOwner(paths.owner);
    lock.release();
    throw error;
  }
}

class OpenDataDirectory implements DataDirectory {
  readonly path: string;
  readonly catalog: Catalog;
  readonly thumbnailsPath: string;
  readonly logsPath: string;
  readonly notices: readonly Failure[];
  readonly #paths: DataPaths;
  readonly #database: Database;
  readonly #lock: ExclusiveLock;
  readonly #ports: DataDirectoryPorts;
  readonly #signal: AbortSignal;
  readonly #closing = new AbortController();
  readonly #upkeep: Promise<void>;
  #closed: Promise<void> | null = null;

  constructor(
    paths: DataPaths,
    database: Database,
    notices: readonly Failure[],
    lock: ExclusiveLock,
    ports: DataDirectoryPorts,
    signal: AbortSignal,
  ) {
    this.path = paths.directory;
    this.catalog = new Catalog(database);
    this.thumbnailsPath = paths.thumbnails;
    this.logsPath = paths.logs;
    this.notices = notices;
    this.#paths = paths;
    this.#database = database;
    this.#lock = lock;
    this.#ports = ports;
    this.#signal = signal;
    this.#upkeep = this.#keepUp();
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    await this.#upkeep;
    try {
      const { damaged } = this.#database;
      this.catalog.close();
      if (damaged) {
        // The note that stays behind has the next start look for the damage.
        await noteOwner(this.#paths, { sinceMs: this.#ports.clock.now(), damaged });
        return;
      }
      await removeOwner(this.#paths.owner);
      await this.#backUp(this.#signal);
    } catch (error) {
      this.#ports.logger.warn('data directory not closed cleanly', { code: failureOf(error).code });
    } finally {
      this.#lock.release();
    }
  }

  /** Backups of a process that stays for days. */
  async #keepUp(): Promise<void> {
    const signal = AbortSignal.any([this.#signal, this.#closing.signal]);
    try {
      for (;;) {
        await this.#ports.clock.sleep(hourMs, signal);
        await this.#backUp(signal);
      }
    } catch {
      // Sleeping ends with the signal.
    }
  }

  async #backUp(signal: AbortSignal): Promise<void> {
    const { catalogue, backups } = this.#paths;
    const { clock, logger } = this.#ports;
    if (signal.aborted) return;
    try {
      if (!(await backupWanted(catalogue, backups, clock.now()))) return;
      const { path } = await makeBackup(catalogue, backups, clock.now(), signal);
      logger.info('catalogue backed up', { path });
    } catch (error) {
      logger.warn('catalogue not backed up', { code: failureOf(error).code });
    }
  }
}

async function openCatalogue(
  paths: DataPaths,
  before: Owner | null,
  { clock, logger }: DataDirectoryPorts,
  signal: AbortSignal,
): Promise<{ database: Database; notices: readonly Failure[] }> {
  const notices: Failure[] = [];
  if (!(await makePrivateFile(paths.catalogue))) {
    const sound = await openSound(paths.catalogue, before, clock.now(), signal);
    if (sound !== null) return { database: sound, notices };
    notices.push(await replaceDamaged(paths, clock.now(), logger, signal));
    await makePrivateFile(paths.catalogue);
  }
  const database = Database.open(paths.catalogue);
  rememberCheck(database, clock.now());
  return { database, notices };
}

/**
 * The catalogue, looked through where that is due; null where it is damaged.
 * @param before the process that did not close it; null where the last one did
 */
async function openSound(
  file: string,
  before: Owner | null,
  nowMs: number,
  signal: AbortSignal,
): Promise<Database | null> {
  let database: Database | null = null;
  try {
    if (before !== null && !(await checkCatalogue(file, signal, before.damaged))) return null;
    database = Database.open(file);
    if (before === null) {
      if (!isCheckDue(database, nowMs)) return database;
      if (!(await checkCatalogue(file, signal))) {
        database.close();
        return null;
      }
    }
    rememberCheck(database, nowMs);
    return database;
  } catch (error) {
    database?.close();
    if (failureOf(error).code === 'corrupt') return null;
    throw error;
  }
}

const checkedKey = 'checkedMs';

function isCheckDue(database: Database, nowMs: number): boolean {
  const row = database.get('SELECT value FROM meta WHERE key = ?', checkedKey);
  return Math.abs(nowMs - Number(row?.['value'] ?? 0)) >= dayMs;
}

function rememberCheck(database: Database, nowMs: number): void {
  database.run(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    checkedKey,
    String(nowMs),
  );
}

/** Makes the directory for this user alone; one that exists keeps its mode. */
async function makePrivateDirectory(path: string): Promise<string> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const real = await realpath(path);
    if (!(await stat(real)).isDirectory()) throw fail('invalid', `${path} is not a folder.`);
    return real;
  } catch (error) {
    throw error instanceof CloudrollError ? error : translated(error, path);
  }
}

/** SQLite gives its log and index the mode of the database file. False where there is one already. */
async function makePrivateFile(path: string): Promise<boolean> {
  try {
    await (await open(path, 'ax', 0o600)).close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw translated(error, path);
  }
}

async function noteOwner(paths: DataPaths, note: Omit<Owner, 'pid'>): Promise<void> {
  try {
    await writeOwner(paths.owner, { pid: process.pid, ...note });
  } catch (error) {
    throw translated(error, paths.owner);
  }
}

async function inUse(paths: DataPaths): Promise<CloudrollError> {
  const owner = await readOwner(paths.owner);
  const who = owner === null ? '' : ` (process ${String(owner.pid)})`;
  return fail(
    'busy',
    `Another Cloudroll${who} is working with the data directory ${paths.directory}.`,
    { hint: 'Wait until it has finished or end it, or name another data directory with --data.' },
  );
}
