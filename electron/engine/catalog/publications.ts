import type { ContentHash, MediaKind } from '../../../shared/domain/asset.ts';
import type { Failure } from '../../../shared/domain/failure.ts';
import type { Database } from './database.ts';
import type { Scope } from './deliveries.ts';
import { member, number, optionalNumber, optionalText, text, type Row } from './row.ts';

/** A service that only shows photos, as the catalogue knows it. It is no destination. */
export interface PublisherRow {
  readonly id: number;
  readonly url: string;
  readonly name: string;
  /** The provider's id of the place where photos are shown; null before the first connection. */
  readonly place: string | null;
  /** Items that the provider counted there when it was last looked through, and those added since. */
  readonly placeItems: number | null;
}

/** A photo or video on its way to be shown. */
export interface Publication {
  readonly assetId: number;
  readonly publisherId: number;
  readonly hash: ContentHash;
  readonly bytes: number;
  readonly kind: MediaKind;
  readonly mime: string;
  readonly name: string;
  /** Of the bytes that were uploaded and wait to be shown; null for none. */
  readonly uploadToken: string | null;
  /** When they were uploaded, milliseconds since 1970. */
  readonly uploadedMs: number | null;
  readonly resumeToken: string | null;
}

/** Distinct photos and videos of a scope; the five add up to all of them. */
export interface PublishedTotals {
  /** In the given run. */
  readonly published: number;
  readonly alreadyPublished: number;
  readonly waiting: number;
  readonly failed: number;
  /** Never taken, for their format or size. */
  readonly skipped: number;
}

/** A photo that is not shown, with its reason. */
export interface Unpublished {
  readonly path: string;
  readonly skipped: boolean;
  /** JSON of a `Failure`; null where it has not been tried yet. */
  readonly failure: string | null;
}

const kinds = ['photo', 'raw', 'video', 'sidecar'] as const;
const scopedFiles = `files f INDEXED BY files_by_asset CROSS JOIN directories r ON r.id = f.directory_id
  WHERE f.asset_id IS NOT NULL AND f.state = 'hashed' AND f.role = 'media'
    AND r.root_id IN (SELECT value FROM json_each(?2))`;
const openRows = `SELECT p.*, a.hash, a.kind, a.mime, a.name FROM publications p INDEXED BY publications_open
  JOIN assets a ON a.id = p.asset_id
  WHERE p.publisher_id = ?1 AND p.state NOT IN ('published', 'skipped')`;
const filePath = `root.path || CASE WHEN substr(root.path, -1) IN ('/', '\\') THEN '' ELSE '/' END
  || CASE r.path WHEN '' THEN '' ELSE r.path || '/' END || f.name`;

/**
 * What was handed over to services that only show photos. Whatever stands here says nothing of a backup: no
 * other part of the catalogue reads it, and it changes no delivery.
 */
export class Publications {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  publishers(): PublisherRow[] {
    return this.#database.all('SELECT * FROM publishers ORDER BY id').map(publisherOf);
  }

  ensurePublisher(url: string, name: string): PublisherRow {
    this.#database.run(
      'INSERT INTO publishers (url, name) VALUES (?, ?) ON CONFLICT (url) DO NOTHING',
      url,
      name,
    );
    const row = this.#database.get('SELECT * FROM publishers WHERE url = ?', url);
    if (row === undefined) throw new Error('a publisher vanished from the catalogue');
    return publisherOf(row);
  }

  /** Another name for people; the place is the same. */
  rename(publisherId: number, name: string): void {
    this.#database.run('UPDATE publishers SET name = ? WHERE id = ?', name, publisherId);
  }

  rememberPlace(publisherId: number, place: string, items: number | null): void {
    this.#database.run(
      'UPDATE publishers SET place = ?, place_items = ? WHERE id = ?',
      place,
      items,
      publisherId,
    );
  }

  /** So many more are shown there, by this device. */
  countShown(publisherId: number, added: number): void {
    this.#database.run(
      'UPDATE publishers SET place_items = place_items + ? WHERE id = ?',
      added,
      publisherId,
    );
  }

  /** Every photo and video in scope that was never meant for the publisher is from now on. */
  queueAll(publisherId: number, scope: Scope): void {
    this.#database.run(
      `INSERT INTO publications (publisher_id, asset_id, state, bytes)
       SELECT ?1, a.id, 'waiting', a.bytes FROM assets a WHERE a.kind <> 'sidecar' AND a.id IN (SELECT f.asset_id
         FROM ${scopedFiles} AND NOT EXISTS
           (SELECT 1 FROM publications p WHERE p.publisher_id = ?1 AND p.asset_id = f.asset_id))`,
      publisherId,
      JSON.stringify(scope.rootIds),
    );
  }

  /** What failed before is tried again, unless a person ignores it. */
  requeueFailed(publisherId: number): void {
    this.#database.run(
      `UPDATE publications INDEXED BY publications_open SET state = 'waiting', failure = NULL
       WHERE publisher_id = ?1 AND state NOT IN ('published', 'skipped') AND state = 'failed'
         AND asset_id NOT IN (SELECT asset_id FROM ignored_publications WHERE publisher_id = ?1)`,
      publisherId,
    );
  }

  /** What may be uploaded or shown now, oldest first: it is in scope and nothing is unknown of it. */
  waiting(publisherId: number, scope: Scope, limit: number): Publication[] {
    return this.#database
      .all(
        `${openRows} AND p.state = 'waiting' AND EXISTS (SELECT 1 FROM files f JOIN directories r ON r.id = f.directory_id
           WHERE f.asset_id = p.asset_id AND f.state = 'hashed' AND f.role = 'media'
             AND r.root_id IN (SELECT value FROM json_each(?2)))
         ORDER BY p.asset_id LIMIT +?3`,
        publisherId,
        JSON.stringify(scope.rootIds),
        limit,
      )
      .map(publicationOf);
  }

  /** What was asked to be shown, and nobody knows whether it happened. */
  showing(publisherId: number): Publication[] {
    return this.#database
      .all(`${openRows} AND p.state = 'showing' ORDER BY p.asset_id`, publisherId)
      .map(publicationOf);
  }

  /** Everything that is not published or skipped. */
  open(publisherId: number): Publication[] {
    return this.#database.all(`${openRows} ORDER BY p.asset_id`, publisherId).map(publicationOf);
  }

  saveResumeToken(publication: Publication, token: string | null): void {
    this.#set(publication, 'resume_token = ?', token);
  }

  /** The bytes are there, and nobody sees them yet. */
  recordUpload(publication: Publication, token: string, nowMs: number): void {
    this.#set(publication, 'upload_token = ?, uploaded_ms = ?, resume_token = NULL', token, nowMs);
  }

  /** Durable before it is asked for: from now on it has to be looked up before it may be asked for again. */
  beginShowing(publication: Publication): void {
    this.#set(publication, `state = 'showing'`);
  }

  /** `shownAs`: the provider's id; null where it did not say. `run`: the run that handed it over, null for an earlier one. */
  recordPublished(publication: Publication, shownAs: string | null, run: number | null): void {
    this.#set(
      publication,
      `state = 'published', shown_as = ?, published_run = ?, failure = NULL, upload_token = NULL,
         uploaded_ms = NULL, resume_token = NULL`,
      shownAs,
      run,
    );
  }

  /** It certainly did not happen; the bytes can still be shown where the token is kept. */
  putBack(publication: Publication, keepToken: boolean): void {
    this.#set(
      publication,
      `state = 'waiting', upload_token = CASE WHEN ? THEN upload_token END`,
      keepToken ? 1 : 0,
    );
  }

  fail(publication: Publication, failure: Failure): void {
    this.#set(
      publication,
      `state = 'failed', failure = ?, upload_token = NULL`,
      JSON.stringify(failure),
    );
  }

  skip(publication: Publication, failure: Failure): void {
    this.#set(publication, `state = 'skipped', failure = ?`, JSON.stringify(failure));
  }

  totals(publisherId: number, scope: Scope, run: number): PublishedTotals {
    const row = this.#database.get(
      `SELECT count(*) FILTER (WHERE s = 'published' AND here = 1) AS published,
         count(*) FILTER (WHERE s = 'published' AND here = 0) AS before,
         count(*) FILTER (WHERE s IN ('waiting', 'showing')) AS waiting,
         count(*) FILTER (WHERE s = 'failed') AS failed, count(*) FILTER (WHERE s = 'skipped') AS skipped
       FROM (SELECT coalesce(p.state, 'waiting') AS s, coalesce(p.published_run IS ?3, 0) AS here
         FROM (SELECT DISTINCT f.asset_id AS id FROM ${scopedFiles}) a
         LEFT JOIN publications p ON p.publisher_id = ?1 AND p.asset_id = a.id)`,
      publisherId,
      JSON.stringify(scope.rootIds),
      run,
    );
    return {
      published: row === undefined ? 0 : number(row, 'published'),
      alreadyPublished: row === undefined ? 0 : number(row, 'before'),
      waiting: row === undefined ? 0 : number(row, 'waiting'),
      failed: row === undefined ? 0 : number(row, 'failed'),
      skipped: row === undefined ? 0 : number(row, 'skipped'),
    };
  }

  /** Photos and videos in scope that are not shown. */
  *unpublished(publisherId: number, scope: Scope): Generator<Unpublished, void> {
    const rows = this.#database.iterate(
      `SELECT min(${filePath}) AS path, p.state, p.failure
       FROM ${scopedFiles.replace('WHERE', 'CROSS JOIN roots root ON root.id = r.root_id LEFT JOIN publications p ON p.publisher_id = ?1 AND p.asset_id = f.asset_id WHERE')}
         AND coalesce(p.state, 'waiting') <> 'published'
       GROUP BY f.asset_id ORDER BY path`,
      publisherId,
      JSON.stringify(scope.rootIds),
    );
    for (const row of rows) {
      yield {
        path: text(row, 'path'),
        skipped: optionalText(row, 'state') === 'skipped',
        failure: optionalText(row, 'failure'),
      };
    }
  }

  #set(
    { publisherId, assetId }: Publication,
    change: string,
    ...values: readonly (string | number | null)[]
  ): void {
    this.#database.run(
      `UPDATE publications SET ${change} WHERE publisher_id = ? AND asset_id = ?`,
      ...values,
      publisherId,
      assetId,
    );
  }
}

function publisherOf(row: Row): PublisherRow {
  return {
    id: number(row, 'id'),
    url: text(row, 'url'),
    name: text(row, 'name'),
    place: optionalText(row, 'place'),
    placeItems: optionalNumber(row, 'place_items'),
  };
}

function publicationOf(row: Row): Publication {
  return {
    assetId: number(row, 'asset_id'),
    publisherId: number(row, 'publisher_id'),
    hash: text(row, 'hash'),
    bytes: number(row, 'bytes'),
    kind: member(row, 'kind', kinds),
    mime: text(row, 'mime'),
    name: text(row, 'name'),
    uploadToken: optionalText(row, 'upload_token'),
    uploadedMs: optionalNumber(row, 'uploaded_ms'),
    resumeToken: optionalText(row, 'resume_token'),
  };
}
