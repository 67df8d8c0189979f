import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

import type { AssetDescription, MediaKind } from '../../../shared/domain/asset.ts';
import { Catalog, type Content, type Proof } from '../../../electron/engine/catalog/catalog.ts';
import { Database } from '../../../electron/engine/catalog/database.ts';
import type { Delivery } from '../../../electron/engine/catalog/deliveries.ts';
import type { FileRole, FileToRead, SeenFile } from '../../../electron/engine/catalog/files.ts';

export const nowMs = Date.UTC(2024, 4, 17, 12);

/** SHA-256 of a text. */
export function hashOf(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

export function describedAs(
  wall = '2024-05-17T12:00:00',
  kind: MediaKind = 'photo',
): AssetDescription {
  return {
    type: { kind, mime: kind === 'sidecar' ? 'application/rdf+xml' : 'image/jpeg' },
    captured: { wall, offset: null, utcMs: null, source: 'exif', confidence: 'high' },
    width: 4000,
    height: 3000,
    camera: null,
    lens: null,
    exposure: null,
    latitude: null,
    longitude: null,
    rating: null,
    title: null,
    durationMs: null,
    contentIdentifier: null,
  };
}

export function contentOf(text: string, name: string, description = describedAs()): Content {
  return { hash: hashOf(text), bytes: Buffer.byteLength(text), name, description };
}

export interface AddedFile {
  readonly seen: SeenFile;
  readonly id: number;
}

let tables: Uint8Array | null = null;

/** An empty catalogue: making its tables takes several times as long as copying them. */
function tablesAlone(): Uint8Array {
  if (tables !== null) return tables;
  const handle = new DatabaseSync(':memory:');
  Database.over(handle);
  tables = handle.serialize();
  handle.close();
  return tables;
}

/** A catalogue in memory with one folder and as many destinations as asked for. */
export class TestCatalog {
  readonly handle: DatabaseSync;
  readonly database: Database;
  readonly catalog: Catalog;
  readonly rootId: number;
  readonly directoryId: number;
  readonly destinationIds: readonly number[];
  #inode = 100;

  constructor(destinations = 1, device = 'aa', rootPath = '/photos', file = ':memory:') {
    this.handle = new DatabaseSync(file);
    if (file === ':memory:') this.handle.deserialize(tablesAlone());
    this.database = Database.over(this.handle);
    this.catalog = new Catalog(this.database);
    if (this.catalog.identity.device() === null) {
      this.catalog.identity.become({ id: device, name: `device ${device}` });
    }
    this.rootId = this.catalog.files.ensureRoot(rootPath, 'photos', `root-${device}`).id;
    this.directoryId =
      this.catalog.files.directories(this.rootId).get('') ??
      this.catalog.files.addDirectory(this.rootId, '');
    this.destinationIds = Array.from({ length: destinations }, (_, index) => {
      const name = `destination-${String(index)}`;
      return this.catalog.deliveries.ensureDestination(`file:///${name}`, name).id;
    });
  }

  get scope(): { rootIds: readonly number[] } {
    return { rootIds: [this.rootId] };
  }

  get destinationId(): number {
    return this.destinationIds[0] ?? 0;
  }

  /** A file that a scan has found. */
  addFile(
    name: string,
    role: FileRole = 'media',
    describes: string | null = null,
    stat: { readonly size: number; readonly modifiedMs: number } = { size: 10, modifiedMs: nowMs },
  ): AddedFile {
    this.#inode += 1;
    const seen: SeenFile = {
      name,
      role,
      describes,
      ...stat,
      bornMs: nowMs,
      inode: this.#inode,
      device: 1,
    };
    return { seen, id: this.catalog.files.add(this.directoryId, seen, nowMs) };
  }

  /** The file as the reading stage is given it. */
  toRead(id: number): FileToRead {
    const file = (['media', 'sidecar'] as const)
      .flatMap((role) => this.catalog.files.toRead(role, [this.rootId], 0, 10_000))
      .find((candidate) => candidate.id === id);
    if (file === undefined) throw new Error(`File ${String(id)} is not to be read.`);
    return file;
  }

  /** Reads a file: it holds this text. Returns the asset's id. */
  read(id: number, text: string, description = describedAs()): number {
    const file = this.toRead(id);
    const content = contentOf(text, file.name, description);
    const recorded = this.catalog.recordContent(file, content, this.destinationIds, nowMs);
    if (recorded === null) throw new Error('The file changed meanwhile.');
    return recorded.assetId;
  }

  /** A new file with this text, read. Returns the asset's id. */
  addPhoto(name: string, text: string, description = describedAs()): number {
    return this.read(this.addFile(name).id, text, description);
  }

  delivery(assetId: number, destinationId = this.destinationId): Delivery {
    const delivery = this.catalog.deliveries.get(assetId, destinationId);
    if (delivery === null) throw new Error('There is no such delivery.');
    return delivery;
  }

  /** The destination proves that it holds the asset. */
  prove(
    assetId: number,
    changes: Partial<Proof> & { run?: number; destinationId?: number } = {},
  ): void {
    const { run = 1, destinationId = this.destinationId, ...proof } = changes;
    this.catalog.recordProof(
      this.delivery(assetId, destinationId),
      {
        key: `2024/05/${String(assetId)}`,
        method: 'server-sha256',
        tag: null,
        uploaded: true,
        ...proof,
      },
      run,
      nowMs,
    );
  }

  /** Entries that wait for a journal segment. */
  waiting(destinationId = this.destinationId): Record<string, unknown>[] {
    return this.catalog.outbox
      .waiting(destinationId, 10_000)
      .map(({ json }) => JSON.parse(json) as Record<string, unknown>);
  }

  rows(sql: string): Record<string, unknown>[] {
    return this.handle
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }));
  }
}
