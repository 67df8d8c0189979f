import type { EvidenceMethod } from '../../../shared/domain/journal-entry.ts';
import { evidenceMethods } from '../../../shared/domain/journal-entry.ts';
import {
  deliveryStates,
  fileStates,
  type DeliveryState,
  type FileState,
} from '../../../shared/domain/states.ts';
import type { Database } from './database.ts';
import { member, number, optionalNumber, optionalText, text, type Row } from './row.ts';

/** A file of this computer that has an asset's content, or had it when it was last there. */
export interface AssetFile {
  readonly fileId: number;
  readonly rootPath: string;
  /** Below the root, `/`-separated. */
  readonly directory: string;
  readonly name: string;
  readonly size: number;
  readonly modifiedMs: number;
  readonly state: FileState;
}

/** How an asset stands at one destination. */
export interface AssetDelivery {
  readonly destinationId: number;
  readonly state: DeliveryState;
  readonly key: string | null;
  readonly evidence: EvidenceMethod | null;
  readonly verifiedMs: number | null;
  /** JSON of a `Failure`. */
  readonly failure: string | null;
}

/** How an asset's picture stands. */
export interface AssetPicture {
  readonly state: 'none' | 'made' | 'placeholder';
  /** JSON of a `Failure`. */
  readonly failure: string | null;
}

/** More files with one content than anybody looks through. */
const mostFiles = 1000;
const mostVersions = 100;

/** All that is known of single assets. */
export class AssetRecords {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Its media files, those that are there first. */
  files(assetId: number): AssetFile[] {
    return this.#database
      .all(
        `SELECT f.id, r.path AS root_path, d.path AS directory, f.name, f.size, f.modified_ms, f.state
         FROM files f JOIN directories d ON d.id = f.directory_id JOIN roots r ON r.id = d.root_id
         WHERE f.asset_id = ? AND f.role = 'media'
         ORDER BY CASE f.state WHEN 'hashed' THEN 0 WHEN 'absent' THEN 2 ELSE 1 END, f.id LIMIT +?`,
        assetId,
        mostFiles,
      )
      .map(fileOf);
  }

  /** Deliveries of an asset, whatever the destination. */
  deliveries(assetId: number): AssetDelivery[] {
    return this.#database
      .all(
        `SELECT d.destination_id, d.state, d.key, d.evidence, d.verified_ms, d.failure FROM deliveries d
         WHERE d.asset_id = ? ORDER BY d.destination_id`,
        assetId,
      )
      .map((row) => ({
        destinationId: number(row, 'destination_id'),
        state: member(row, 'state', deliveryStates),
        key: optionalText(row, 'key'),
        evidence: row['evidence'] === null ? null : member(row, 'evidence', evidenceMethods),
        verifiedMs: optionalNumber(row, 'verified_ms'),
        failure: optionalText(row, 'failure'),
      }));
  }

  picture(assetId: number): AssetPicture | null {
    const row = this.#database.get(
      'SELECT preview_state, preview_failure FROM assets WHERE id = ?',
      assetId,
    );
    if (row === undefined) return null;
    return {
      state: member(row, 'preview_state', ['none', 'made', 'placeholder']),
      failure: optionalText(row, 'preview_failure'),
    };
  }

  /** The video that was taken with a Live Photo, one that has a file here first; null where there is none. */
  film(assetId: number): number | null {
    const row = this.#database.get(
      `SELECT v.id FROM assets p JOIN assets v
         ON json_extract(v.details, '$.contentIdentifier') = json_extract(p.details, '$.contentIdentifier')
       WHERE p.id = ? AND p.kind IN ('photo', 'raw') AND v.kind = 'video'
         AND json_extract(v.details, '$.contentIdentifier') IS NOT NULL
       ORDER BY v.copies = 0, v.id LIMIT 1`,
      assetId,
    );
    return row === undefined ? null : number(row, 'id');
  }

  /** Other contents that the files of this asset have had or have now, oldest first by wall time. */
  versions(assetId: number): number[] {
    return this.#database
      .all(
        `WITH same (file_id) AS (SELECT id FROM files WHERE asset_id = ?1 AND role = 'media'
           UNION SELECT file_id FROM file_versions WHERE asset_id = ?1)
         SELECT a.id FROM assets a WHERE a.kind <> 'sidecar' AND a.id <> ?1 AND a.id IN
           (SELECT f.asset_id FROM files f JOIN same ON same.file_id = f.id WHERE f.asset_id IS NOT NULL
             UNION SELECT v.asset_id FROM file_versions v JOIN same ON same.file_id = v.file_id)
         ORDER BY a.wall, a.id LIMIT +?2`,
        assetId,
        mostVersions,
      )
      .map((row) => number(row, 'id'));
  }
}

function fileOf(row: Row): AssetFile {
  return {
    fileId: number(row, 'id'),
    rootPath: text(row, 'root_path'),
    directory: text(row, 'directory'),
    name: text(row, 'name'),
    size: number(row, 'size'),
    modifiedMs: number(row, 'modified_ms'),
    state: member(row, 'state', fileStates),
  };
}
