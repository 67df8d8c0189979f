import { fileStates, type FileState } from '../../../shared/domain/states.ts';
import type { Failure } from '../../../shared/domain/failure.ts';
import type { Database } from './database.ts';
import { member, number, optionalNumber, optionalText, text, type Row } from './row.ts';

export interface Root {
  readonly id: number;
  /** Stable random id, as journals name it. */
  readonly uid: string;
  readonly path: string;
  readonly name: string;
  /** What `scan/volumes.ts` remembered of the folder, as JSON; null before the first scan. */
  readonly identity: string | null;
}

export type FileRole = 'media' | 'sidecar';

/** What the catalogue remembers of a file; enough to tell that it has not changed. */
export interface KnownFile {
  readonly id: number;
  readonly name: string;
  readonly role: FileRole;
  readonly size: number;
  readonly modifiedMs: number;
  readonly bornMs: number | null;
  readonly inode: number;
  readonly state: FileState;
  /** How often what is known of it has changed. */
  readonly version: number;
}

/** What a scan saw of a file. */
export interface SeenFile {
  readonly name: string;
  readonly role: FileRole;
  /** For a sidecar: the name of the file that it describes, in the same directory. */
  readonly describes: string | null;
  readonly size: number;
  readonly modifiedMs: number;
  readonly bornMs: number | null;
  readonly inode: number;
  /** Number of the volume, without which the inode means nothing; another mount may give it another one. */
  readonly device: number;
}

/** A file whose content is to be read. */
export interface FileToRead extends KnownFile {
  readonly rootPath: string;
  /** Below the root, `/`-separated; empty for the root itself. */
  readonly directory: string;
  readonly describes: string | null;
  readonly firstSeenMs: number;
}

/** Where a file with some content lies. */
export interface FileLocation {
  readonly fileId: number;
  readonly rootId: number;
  readonly rootUid: string;
  readonly rootName: string;
  readonly rootPath: string;
  /** Below the root, `/`-separated. */
  readonly path: string;
  readonly size: number;
  readonly modifiedMs: number;
  readonly state: FileState;
  /** For a sidecar: the content of the file it describes. */
  readonly sidecarOf: string | null;
}

const fileColumns = `f.id, f.name, f.role, f.size, f.modified_ms, f.born_ms, f.inode, f.state, f.version`;

/** Folders and files on this computer: what was observed, never what should be. */
export class Files {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  roots(): Root[] {
    return this.#database.all('SELECT * FROM roots ORDER BY id').map(rootOf);
  }

  /** The root of that path; a new one gets the given uid. */
  ensureRoot(path: string, name: string, uid: string): Root {
    this.#database.run(
      'INSERT INTO roots (uid, path, name) VALUES (?, ?, ?) ON CONFLICT (path) DO NOTHING',
      uid,
      path,
      name,
    );
    const row = this.#database.get('SELECT * FROM roots WHERE path = ?', path);
    if (row === undefined) throw new Error('a root vanished from the catalogue');
    return rootOf(row);
  }

  rememberIdentity(rootId: number, identity: string): void {
    this.#database.run('UPDATE roots SET identity = ? WHERE id = ?', identity, rootId);
  }

  /** Ids of a root's known directories by path. */
  directories(rootId: number): Map<string, number> {
    const rows = this.#database.all('SELECT id, path FROM directories WHERE root_id = ?', rootId);
    return new Map(rows.map((row) => [text(row, 'path'), number(row, 'id')]));
  }

  /**
   * What stands for the files of a directory, where a scan found them to be those that it saw, all settled or
   * still to be read; null where it has to compare them one by one. The schema forgets it with any change but
   * {@link add}.
   */
  fingerprint(directoryId: number): string | null {
    const row = this.#database.get('SELECT fingerprint FROM directories WHERE id = ?', directoryId);
    return row === undefined ? null : optionalText(row, 'fingerprint');
  }

  /** Sets it, or forgets it with null. */
  setFingerprint(directoryId: number, fingerprint: string | null): void {
    this.#database.run(
      'UPDATE directories SET fingerprint = ? WHERE id = ?',
      fingerprint,
      directoryId,
    );
  }

  /** Sets it unless a file of the directory changed since all of them together had this `age`. */
  setFingerprintAsOf(age: number, directoryId: number, fingerprint: string): void {
    this.#database.run(
      `UPDATE directories SET fingerprint = ?
       WHERE id = ? AND (SELECT total(version + 1) FROM files WHERE directory_id = directories.id) = ?`,
      fingerprint,
      directoryId,
      age,
    );
  }

  addDirectory(rootId: number, path: string): number {
    return this.#database.insert(
      'INSERT INTO directories (root_id, path) VALUES (?, ?)',
      rootId,
      path,
    );
  }

  knownIn(directoryId: number): KnownFile[] {
    return this.#database
      .all(`SELECT ${fileColumns} FROM files f WHERE f.directory_id = ?`, directoryId)
      .map(knownOf);
  }

  /** The caller sets the {@link fingerprint} of the directory. */
  add(directoryId: number, seen: SeenFile, nowMs: number): number {
    return this.#database.insert(
      `INSERT INTO files (directory_id, name, role, describes, size, modified_ms, born_ms, inode, device, state, first_seen_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'discovered', ?)`,
      directoryId,
      seen.name,
      seen.role,
      seen.describes,
      seen.size,
      seen.modifiedMs,
      seen.bornMs,
      seen.inode,
      seen.device,
      nowMs,
    );
  }

  /**
   * The file differs from what was known: its content must be read again, and until then it has none: what
   * it held before must never pass for what it holds now.
   */
  rediscover(fileId: number, seen: SeenFile, nowMs: number): void {
    this.#database.run(
      `UPDATE files SET role = ?, describes = ?, size = ?, modified_ms = ?, born_ms = ?, inode = ?,
         device = ?, state = 'discovered', asset_id = NULL, failure = NULL, first_seen_ms = ?, version = version + 1
       WHERE id = ?`,
      seen.role,
      seen.describes,
      seen.size,
      seen.modifiedMs,
      seen.bornMs,
      seen.inode,
      seen.device,
      nowMs,
      fileId,
    );
  }

  /** The file must be read again although nothing that a scan sees has changed. */
  readAgain(fileId: number, nowMs: number): void {
    this.#database.run(
      `UPDATE files SET state = 'discovered', asset_id = NULL, failure = NULL, first_seen_ms = ?,
         version = version + 1 WHERE id = ?`,
      nowMs,
      fileId,
    );
  }

  /** The file is back as it was: its content is still known. Returns the asset, if it had one. */
  comeBack(fileId: number): number | null {
    const row = this.#database.get(
      `UPDATE files SET state = CASE WHEN asset_id IS NULL THEN 'discovered' ELSE 'hashed' END,
         failure = NULL, version = version + 1 WHERE id = ? RETURNING asset_id`,
      fileId,
    );
    return row === undefined ? null : optionalNumber(row, 'asset_id');
  }

  setState(fileId: number, state: 'unknown' | 'absent'): void {
    this.#database.run(
      'UPDATE files SET state = ?, failure = NULL, version = version + 1 WHERE id = ?',
      state,
      fileId,
    );
  }

  /** The whole folder is away: nothing is known of its files now, and that proves nothing. */
  setAllUnknown(rootId: number): void {
    this.#database.run(
      `UPDATE files SET state = 'unknown', failure = NULL, version = version + 1 WHERE state NOT IN ('absent', 'unknown')
         AND directory_id IN (SELECT id FROM directories WHERE root_id = ?)`,
      rootId,
    );
  }

  /** Its content cannot be read now; the reason is kept for people. */
  setFailed(fileId: number, failure: Failure): void {
    this.#database.run(
      `UPDATE files SET state = 'failed', failure = ?, version = version + 1 WHERE id = ?`,
      JSON.stringify(failure),
      fileId,
    );
  }

  /** Its bytes are no photo, video or sidecar. */
  setIgnored(file: FileToRead): void {
    this.#database.run(
      `UPDATE files SET state = 'ignored', asset_id = NULL, failure = NULL, version = version + 1
       WHERE id = ? AND version = ?`,
      file.id,
      file.version,
    );
  }

  /** Ties a file to its content, unless the file changed since it was read (false). */
  setContent(file: FileToRead, assetId: number): boolean {
    return (
      this.#database.run(
        `UPDATE files SET state = 'hashed', asset_id = ?, failure = NULL, version = version + 1
         WHERE id = ? AND version = ?`,
        assetId,
        file.id,
        file.version,
      ) === 1
    );
  }

  /** Ties a file to content that is known without reading it. */
  setKnownContent(fileId: number, assetId: number): void {
    this.#database.run(
      `UPDATE files SET state = 'hashed', asset_id = ?, failure = NULL, version = version + 1 WHERE id = ?`,
      assetId,
      fileId,
    );
  }

  /** Files whose content is not known yet, after `afterId`, in the order they were found. */
  toRead(role: FileRole, rootIds: readonly number[], afterId: number, limit: number): FileToRead[] {
    return this.#database
      .all(
        `SELECT ${fileColumns}, f.describes, f.first_seen_ms, d.path AS directory, r.path AS root_path
         FROM files f JOIN directories d ON d.id = f.directory_id JOIN roots r ON r.id = d.root_id
         WHERE f.state = 'discovered' AND f.role = ? AND f.id > ?
           AND d.root_id IN (SELECT value FROM json_each(?))
         ORDER BY f.id LIMIT +?`,
        role,
        afterId,
        JSON.stringify(rootIds),
        limit,
      )
      .map((row) => ({
        ...knownOf(row),
        rootPath: text(row, 'root_path'),
        directory: text(row, 'directory'),
        describes: optionalText(row, 'describes'),
        firstSeenMs: number(row, 'first_seen_ms'),
      }));
  }

  /** Whether the content of any file of these folders is not known yet. */
  hasToRead(rootIds: readonly number[]): boolean {
    const row = this.#database.get(
      `SELECT 1 AS found FROM files f INDEXED BY files_to_read CROSS JOIN directories d ON d.id = f.directory_id
       WHERE f.state = 'discovered' AND d.root_id IN (SELECT value FROM json_each(?)) LIMIT 1`,
      JSON.stringify(rootIds),
    );
    return row !== undefined;
  }

  /**
   * The content of a file with the same inode on the same volume, birth time, size and modification time: the
   * same bytes under another name. The copy of a whole disk has all of these but the volume.
   */
  sameInode(seen: SeenFile, exceptId: number): number | null {
    if (seen.inode === 0 || seen.bornMs === null) return null;
    const row = this.#database.get(
      `SELECT asset_id FROM files WHERE inode = ? AND inode <> 0 AND asset_id IS NOT NULL AND state IN ('hashed', 'absent', 'unknown')
         AND device = ? AND size = ? AND modified_ms = ? AND born_ms = ? AND id <> ? LIMIT 1`,
      seen.inode,
      seen.device,
      seen.size,
      seen.modifiedMs,
      seen.bornMs,
      exceptId,
    );
    return row === undefined ? null : number(row, 'asset_id');
  }

  /** Names of sidecars in a file's directory that describe it. */
  sidecarsOf(fileId: number): string[] {
    return this.#database
      .all(
        `SELECT s.name FROM files f JOIN files s ON s.directory_id = f.directory_id
         WHERE f.id = ? AND s.role = 'sidecar' AND s.describes = f.name AND s.state <> 'absent' ORDER BY s.name`,
        fileId,
      )
      .map((row) => text(row, 'name'));
  }

  /** The capture wall time of the file that a sidecar describes; null where that is not known yet. */
  describedWall(fileId: number): string | null {
    const row = this.#database.get(
      `SELECT a.wall FROM files s JOIN files f ON f.directory_id = s.directory_id AND f.name = s.describes
         JOIN assets a ON a.id = f.asset_id WHERE s.id = ?`,
      fileId,
    );
    return row === undefined ? null : text(row, 'wall');
  }

  location(fileId: number): FileLocation | null {
    const row = this.#database.get(`${locationQuery} WHERE f.id = ?`, fileId);
    return row === undefined ? null : locationOf(row);
  }

  /** Where the asset's bytes lie, as far as is known; absent places are left out. */
  locationsOf(assetId: number): FileLocation[] {
    return this.#database
      .all(
        `${locationQuery} WHERE f.asset_id = ? AND f.state IN ('hashed', 'unknown') ORDER BY f.id`,
        assetId,
      )
      .map(locationOf);
  }

  /** Every file of a root that is not known to be absent. */
  *present(rootId: number): Generator<{ id: number; directoryId: number; state: FileState }, void> {
    const rows = this.#database.iterate(
      `SELECT f.id, f.directory_id, f.state FROM files f JOIN directories d ON d.id = f.directory_id
       WHERE d.root_id = ? AND f.state <> 'absent'`,
      rootId,
    );
    for (const row of rows) {
      yield {
        id: number(row, 'id'),
        directoryId: number(row, 'directory_id'),
        state: member(row, 'state', fileStates),
      };
    }
  }

  /** Files that are, or as long as nothing proves the opposite may be, in the folder; excluded ones are not its business. */
  countPresent(rootId: number): number {
    const row = this.#database.get(
      `SELECT count(*) AS count FROM files f JOIN directories d ON d.id = f.directory_id
       WHERE d.root_id = ? AND f.state <> 'absent' AND f.state <> 'ignored'
         AND NOT EXISTS (SELECT 1 FROM excluded_files e WHERE e.file_id = f.id)`,
      rootId,
    );
    return row === undefined ? 0 : number(row, 'count');
  }
}

const locationQuery = `
  SELECT f.id, f.size, f.modified_ms, f.state, r.id AS root_id, r.uid, r.name AS root_name, r.path AS root_path,
    CASE d.path WHEN '' THEN f.name ELSE d.path || '/' || f.name END AS path,
    (SELECT a.hash FROM files p JOIN assets a ON a.id = p.asset_id
      WHERE f.describes IS NOT NULL AND p.directory_id = f.directory_id AND p.name = f.describes) AS sidecar_of
  FROM files f JOIN directories d ON d.id = f.directory_id JOIN roots r ON r.id = d.root_id`;

function rootOf(row: Row): Root {
  return {
    id: number(row, 'id'),
    uid: text(row, 'uid'),
    path: text(row, 'path'),
    name: text(row, 'name'),
    identity: optionalText(row, 'identity'),
  };
}

function knownOf(row: Row): KnownFile {
  return {
    id: number(row, 'id'),
    name: text(row, 'name'),
    role: member(row, 'role', ['media', 'sidecar']),
    size: number(row, 'size'),
    modifiedMs: number(row, 'modified_ms'),
    bornMs: optionalNumber(row, 'born_ms'),
    inode: number(row, 'inode'),
    state: member(row, 'state', fileStates),
    version: number(row, 'version'),
  };
}

function locationOf(row: Row): FileLocation {
  return {
    fileId: number(row, 'id'),
    rootId: number(row, 'root_id'),
    rootUid: text(row, 'uid'),
    rootName: text(row, 'root_name'),
    rootPath: text(row, 'root_path'),
    path: text(row, 'path'),
    size: number(row, 'size'),
    modifiedMs: number(row, 'modified_ms'),
    state: member(row, 'state', fileStates),
    sidecarOf: optionalText(row, 'sidecar_of'),
  };
}
