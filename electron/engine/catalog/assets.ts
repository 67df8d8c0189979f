import { z } from 'zod';

import {
  captureTimeSources,
  type AssetDescription,
  type ContentHash,
  type MediaKind,
} from '../../../shared/domain/asset.ts';
import { fail } from '../../../shared/domain/failure.ts';
import type { Database } from './database.ts';
import { member, number, optionalNumber, optionalText, text, type Row } from './row.ts';

/** One distinct content. */
export interface Asset {
  readonly id: number;
  readonly hash: ContentHash;
  /** Bytes. */
  readonly bytes: number;
  /** Name of the first file seen with this content, on any device. */
  readonly name: string;
  readonly description: AssetDescription;
  /** Hybrid logical time of the description: the later one wins among devices. */
  readonly describedAt: string;
}

const mediaKinds = ['photo', 'raw', 'video', 'sidecar'] as const satisfies readonly MediaKind[];

/** The fields of a description that no query asks for; kept as JSON. */
const detailsSchema = z.object({
  camera: z.string().nullable(),
  lens: z.string().nullable(),
  exposure: z.string().nullable(),
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  rating: z.number().nullable(),
  title: z.string().nullable(),
  durationMs: z.number().nullable(),
  contentIdentifier: z.string().nullable(),
});

/** Distinct contents and what is known of them. */
export class Assets {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  byHash(hash: ContentHash): Asset | null {
    const row = this.#database.get('SELECT * FROM assets WHERE hash = ?', hash);
    return row === undefined ? null : assetOf(row);
  }

  byId(id: number): Asset {
    const row = this.#database.get('SELECT * FROM assets WHERE id = ?', id);
    if (row === undefined) throw fail('bug', `There is no asset ${String(id)} in the catalogue.`);
    return assetOf(row);
  }

  add(asset: Omit<Asset, 'id'>): number {
    const { description } = asset;
    return this.#database.insert(
      `INSERT INTO assets (hash, bytes, kind, mime, name, named_at, wall, utc_offset, utc_ms, captured_source,
         confidence, width, height, details, described_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      asset.hash,
      asset.bytes,
      description.type.kind,
      description.type.mime,
      asset.name,
      asset.describedAt,
      description.captured.wall,
      description.captured.offset,
      description.captured.utcMs,
      description.captured.source,
      description.captured.confidence,
      description.width,
      description.height,
      JSON.stringify(detailsSchema.parse(description)),
      asset.describedAt,
    );
  }

  /**
   * Joins what another device says of an asset: the name in the earliest entry stays, the description in
   * the latest one wins, in whatever order entries are read.
   */
  merge(
    id: number,
    entry: { readonly name: string; readonly description: AssetDescription; readonly at: string },
  ): void {
    const { name, description, at } = entry;
    this.#database.run(
      'UPDATE assets SET name = ?1, named_at = ?2 WHERE id = ?3 AND (?2, ?1) < (named_at, name)',
      name,
      at,
      id,
    );
    this.#database.run(
      `UPDATE assets SET kind = ?, mime = ?, wall = ?, utc_offset = ?, utc_ms = ?, captured_source = ?, confidence = ?,
         width = ?, height = ?, details = ?, described_at = ? WHERE id = ? AND described_at < ?`,
      description.type.kind,
      description.type.mime,
      description.captured.wall,
      description.captured.offset,
      description.captured.utcMs,
      description.captured.source,
      description.captured.confidence,
      description.width,
      description.height,
      JSON.stringify(detailsSchema.parse(description)),
      at,
      id,
      at,
    );
  }

  /** The newest asset's number; 0 where there is none. Numbers only grow. */
  lastId(): number {
    const row = this.#database.get('SELECT max(id) AS last FROM assets');
    return row === undefined ? 0 : (optionalNumber(row, 'last') ?? 0);
  }

  /** Days of the photos and videos that came after an asset, at most `limit` of them. */
  daysAfter(id: number, limit: number): string[] {
    return this.#database
      .all(`SELECT DISTINCT day FROM assets WHERE id > ? AND kind <> 'sidecar' LIMIT +?`, id, limit)
      .map((row) => text(row, 'day'));
  }

  /** Assets that still want previews and have a readable file, newest first. */
  withoutPreview(limit: number): { id: number; hash: ContentHash; path: string }[] {
    return this.#database
      .all(
        `SELECT a.id, a.hash, r.path AS root, d.path AS directory, f.name FROM assets a
         JOIN files f ON f.asset_id = a.id AND f.state = 'hashed'
         JOIN directories d ON d.id = f.directory_id JOIN roots r ON r.id = d.root_id
         WHERE a.preview_state = 'none' AND a.kind <> 'sidecar'
         GROUP BY a.id ORDER BY a.wall DESC LIMIT +?`,
        limit,
      )
      .map((row) => ({
        id: number(row, 'id'),
        hash: text(row, 'hash'),
        path: [text(row, 'root'), text(row, 'directory'), text(row, 'name')]
          .filter((part) => part !== '')
          .join('/'),
      }));
  }

  countWithoutPreview(): number {
    const row = this.#database.get(
      `SELECT count(*) AS count FROM assets a WHERE a.preview_state = 'none' AND a.kind <> 'sidecar'
         AND EXISTS (SELECT 1 FROM files f WHERE f.asset_id = a.id AND f.state = 'hashed')`,
    );
    return row === undefined ? 0 : number(row, 'count');
  }

  setPreview(
    id: number,
    state: 'made' | 'placeholder',
    thumbHash: string | null,
    failure: string | null,
  ): void {
    this.#database.run(
      'UPDATE assets SET preview_state = ?, thumb_hash = ?, preview_failure = ? WHERE id = ?',
      state,
      thumbHash,
      failure,
      id,
    );
  }
}

/** Reads the columns of an asset, with the names of the table. */
export function assetOf(row: Row): Asset {
  return {
    id: number(row, 'id'),
    hash: text(row, 'hash'),
    bytes: number(row, 'bytes'),
    name: text(row, 'name'),
    describedAt: text(row, 'described_at'),
    description: {
      type: { kind: member(row, 'kind', mediaKinds), mime: text(row, 'mime') },
      captured: {
        wall: text(row, 'wall'),
        offset: optionalText(row, 'utc_offset'),
        utcMs: optionalNumber(row, 'utc_ms'),
        source: member(row, 'captured_source', captureTimeSources),
        confidence: member(row, 'confidence', ['high', 'medium', 'low']),
      },
      width: optionalNumber(row, 'width'),
      height: optionalNumber(row, 'height'),
      ...detailsSchema.parse(JSON.parse(text(row, 'details'))),
    },
  };
}
