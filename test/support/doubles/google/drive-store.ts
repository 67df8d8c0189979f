import { hash, randomBytes, randomUUID } from 'node:crypto';

import type { drive_v3 } from '@googleapis/drive';

import { ApiError, badRequest, notFound } from './api-error.ts';
import { parseQuery } from './drive-query.ts';

export const folderType = 'application/vnd.google-apps.folder';
export const myDrive = '0AMyDriveOfTheDouble';

/** A file or folder as it is kept. */
export interface Entry {
  readonly id: string;
  name: string;
  readonly mimeType: string;
  parent: string;
  readonly bytes: Buffer | null;
  readonly createdMs: number;
  readonly modifiedTime: string;
  readonly appProperties: Readonly<Record<string, string>>;
  readonly revision: string | null;
  /** By the person; what is below is trashed with it. */
  trashed: boolean;
  /** Whose it is: others see nothing of it with the scope `drive.file`. Null: made by the person. */
  readonly clientId: string | null;
}

/** Who asks. */
export interface Caller {
  readonly clientId: string;
  /** With the scope `drive`: the files of all clients, and the person's. With `drive.file`: the client's own. */
  readonly seesAll: boolean;
}

/** What a client says of a file that it makes. */
export interface Metadata {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly mimeType?: string | undefined;
  readonly parents?: readonly string[] | undefined;
  readonly modifiedTime?: string | undefined;
  readonly appProperties?: Readonly<Record<string, string>> | undefined;
}

export interface DriveMoods {
  /** Storage that is left, bytes. */
  left: number;
  /** Leaves the SHA-256 out, as it does where it has not computed it. */
  hidesSha256: boolean;
  /** Searches do not find yet what was made so recently, in numbers of files. */
  searchLag: number;
  /** What is stored of what arrives, for a fault in storage. */
  stores: ((bytes: Buffer) => Buffer) | undefined;
  /** A session keeps at most so many bytes of a chunk. */
  keepsOfChunk: number;
  /** Entries on a page are never more, whatever is asked for. */
  pageSize: number;
}

/** The files of one person's Drive (developers.google.com/workspace/drive/api/reference/rest/v3/files). */
export class DriveStore {
  readonly moods: DriveMoods = {
    left: Infinity,
    hidesSha256: false,
    searchLag: 0,
    stores: undefined,
    keepsOfChunk: Infinity,
    pageSize: 1000,
  };
  readonly entries = new Map<string, Entry>();
  readonly #generated = new Set<string>();
  readonly #used = new Set<string>();
  readonly #digests = new WeakMap<Buffer, Digests>();
  readonly #pages = new Map<string, { readonly key: string; readonly rest: readonly Entry[] }>();
  #lastMs = 0;

  generateIds(count: number): string[] {
    const ids = Array.from({ length: count }, () => newId());
    for (const id of ids) this.#generated.add(id);
    return ids;
  }

  /** What is wrong with a new file, before its bytes come. */
  requireProper(metadata: Metadata, caller: Caller): void {
    const { id, parents = [myDrive], appProperties = {}, modifiedTime } = metadata;
    if (id !== undefined && this.#used.has(id)) {
      throw new ApiError(409, 'fileIdInUse', 'A file already exists with the provided ID.');
    }
    if (id !== undefined && !this.#generated.has(id)) {
      throw badRequest('The provided file ID is not usable.');
    }
    if (parents.length !== 1) throw badRequest('A file has exactly one parent.');
    const parent = this.folderId(parents[0] ?? '', caller);
    if (parent !== myDrive && this.entries.get(parent)?.mimeType !== folderType) {
      throw new ApiError(403, 'parentNotAFolder', 'The specified parent is not a folder.');
    }
    const properties = Object.entries(appProperties);
    if (properties.length > 30) throw badRequest('Too many properties.');
    for (const property of properties) {
      if (Buffer.byteLength(property.join('')) > 124) throw badRequest('A property is too long.');
    }
    const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/u;
    if (modifiedTime !== undefined && !moment.test(modifiedTime)) {
      throw badRequest(`Invalid value for: Invalid format: "${modifiedTime}"`);
    }
  }

  /** @param caller null: the person */
  create(metadata: Metadata, bytes: Buffer | null, caller: Caller | null): Entry {
    if (caller !== null) this.requireProper(metadata, caller);
    if (bytes !== null) this.requireSpace(bytes.length);
    const { id = newId(), name = 'Untitled', mimeType, parents = [myDrive] } = metadata;
    this.#lastMs = Math.max(Date.now(), this.#lastMs + 1);
    const parent = this.folderId(parents[0] ?? myDrive, caller);
    const { stores } = this.moods;
    const entry: Entry = {
      ...{ id, name, parent, trashed: false, createdMs: this.#lastMs },
      clientId: caller?.clientId ?? null,
      mimeType: mimeType ?? 'application/octet-stream',
      bytes: bytes === null ? null : (stores?.(bytes) ?? bytes),
      modifiedTime: metadata.modifiedTime ?? new Date(this.#lastMs).toISOString(),
      appProperties: metadata.appProperties ?? {},
      revision: bytes === null ? null : randomUUID(),
    };
    this.#used.add(id);
    this.entries.set(id, entry);
    this.moods.left -= entry.bytes?.length ?? 0;
    return entry;
  }

  requireSpace(bytes: number): void {
    if (bytes > this.moods.left) {
      const message = "The user's Drive storage quota has been exceeded.";
      throw new ApiError(403, 'storageQuotaExceeded', message);
    }
  }

  /** A file or folder that the caller may see. */
  entry(id: string, caller: Caller | null): Entry {
    const entry = this.entries.get(id);
    if (entry === undefined || !isVisible(entry, caller)) throw notFound(id);
    return entry;
  }

  /** My Drive itself, which `drive.file` does not show. */
  root({ seesAll }: Caller): Entry {
    if (!seesAll) throw notFound('root');
    return {
      ...{ id: myDrive, name: 'My Drive', mimeType: folderType, parent: '', bytes: null },
      ...{ createdMs: 0, modifiedTime: new Date(0).toISOString(), appProperties: {} },
      ...{ revision: null, trashed: false, clientId: null },
    };
  }

  /** The id of a folder that may be called `root`. */
  folderId(id: string, caller: Caller | null): string {
    return id === 'root' || id === myDrive ? myDrive : this.entry(id, caller).id;
  }

  remove(id: string, caller: Caller | null): void {
    const { bytes } = this.entry(id, caller);
    for (const child of [...this.entries.values()]) {
      if (child.parent === id) this.remove(child.id, null);
    }
    this.entries.delete(id);
    this.moods.left += bytes?.length ?? 0;
  }

  isTrashed(entry: Entry): boolean {
    const parent = this.entries.get(entry.parent);
    return entry.trashed || (parent !== undefined && this.isTrashed(parent));
  }

  /** One page of what a query finds; a page token is good for the same query only. */
  search(
    query: string,
    page: { readonly size: number; readonly token: string | null },
    caller: Caller,
  ): { readonly found: readonly Entry[]; readonly next: string | undefined } {
    const { folders, matches } = parseQuery(query);
    for (const folder of folders) this.folderId(folder, caller);
    const known = page.token === null ? undefined : this.#pages.get(page.token);
    if (page.token !== null && known?.key !== query) throw badRequest('Invalid Value: pageToken');
    const settled = [...this.entries.values()].toSorted(
      (left, right) => right.createdMs - left.createdMs,
    );
    const all = known?.rest ?? [
      ...settled.slice(this.moods.searchLag).filter((entry) => {
        const facts = { ...entry, trashed: this.isTrashed(entry), myDrive };
        return isVisible(entry, caller) && matches(facts);
      }),
    ];
    const size = Math.min(page.size, this.moods.pageSize);
    const rest = all.slice(size);
    const next = rest.length === 0 ? undefined : randomUUID();
    if (next !== undefined) this.#pages.set(next, { key: query, rest });
    return { found: all.slice(0, size), next };
  }

  /** All that the API would tell of it. */
  resource(entry: Entry): drive_v3.Schema$File {
    const { id, name, mimeType, parent, bytes, createdMs, modifiedTime } = entry;
    return {
      kind: 'drive#file',
      ...{ id, name, mimeType, modifiedTime },
      ...(parent === '' ? {} : { parents: [parent] }),
      createdTime: new Date(createdMs).toISOString(),
      trashed: this.isTrashed(entry),
      explicitlyTrashed: entry.trashed,
      webViewLink: `https://drive.google.com/file/d/${id}/view?usp=drivesdk`,
      ...(Object.keys(entry.appProperties).length === 0
        ? {}
        : { appProperties: { ...entry.appProperties } }),
      ...(bytes === null
        ? {}
        : {
            size: String(bytes.length),
            md5Checksum: this.#digestsOf(bytes).md5,
            ...(this.moods.hidesSha256 ? {} : { sha256Checksum: this.#digestsOf(bytes).sha256 }),
            headRevisionId: entry.revision,
          }),
    };
  }

  /** Computed once: they are told with each page of a list. */
  #digestsOf(bytes: Buffer): Digests {
    const known = this.#digests.get(bytes);
    if (known !== undefined) return known;
    const digests = { md5: hash('md5', bytes), sha256: hash('sha256', bytes) };
    this.#digests.set(bytes, digests);
    return digests;
  }
}

interface Digests {
  readonly md5: string;
  readonly sha256: string;
}

function isVisible(entry: Entry, caller: Caller | null): boolean {
  return caller === null || caller.seesAll || entry.clientId === caller.clientId;
}

function newId(): string {
  return `1${randomBytes(24).toString('base64url')}`;
}
