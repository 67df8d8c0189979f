import { createHash } from 'node:crypto';

import type { DriveItem } from '@microsoft/microsoft-graph-types';

import { QuickXorHash } from '../../../../electron/engine/destinations/onedrive/quick-xor-hash.ts';
import { Refused } from './wire.ts';

export type ConflictBehavior = 'fail' | 'replace' | 'rename';

/** What the service does in one way or another, depending on the account and its day. */
export interface DriveMoods {
  /** Which hashes it tells of a file. */
  hashes: 'quickXor' | 'sha256' | 'none';
  /** Whether a file in one request heeds `fail`; the documentation says both. */
  contentHeedsFail: boolean;
  /** Undoes the percent-encoding of a path twice, as it did in 2021 (OneDrive/onedrive-api-docs#1455). */
  decodesTwice: boolean;
  /**
   * Whether a request to an address that carries its own permission is refused for a token beside it, which the
   * documentation calls possible; rclone 1.60 sends one.
   */
  refusesToken: boolean;
  /** Stores a wrong byte. */
  damages: boolean;
  /** Space, bytes. */
  total: number;
}

export interface StoredItem {
  readonly id: string;
  readonly parent: string | null;
  name: string;
  /** Null for a folder. */
  bytes: Buffer | null;
  version: number;
  modified: string;
}

/** support.microsoft.com: invalid file names and file types in OneDrive and SharePoint; its longest path is 400. */
const refusedCharacters = /["*:<>?/\\|\p{Cc}]/u;
const refusedNames =
  /^(?:\.lock|con|prn|aux|nul|com\d|lpt\d|desktop\.ini|~\$.*| .*|.* |.*\.)$|_vti_/iu;
const longestPath = 400;
const longestName = 255;

/** The items of one drive: names are kept as given and found whatever their case. */
export class DriveStore {
  readonly moods: DriveMoods = {
    hashes: 'quickXor',
    contentHeedsFail: true,
    decodesTwice: false,
    refusesToken: true,
    damages: false,
    total: 5 * 1024 ** 4,
  };
  readonly root: StoredItem = {
    ...{ id: 'DRIVE!101', parent: null, name: 'root', bytes: null, version: 1 },
    modified: '2026-11-22T10:00:00Z',
  };
  readonly #items = new Map<string, StoredItem>([[this.root.id, this.root]]);
  /** Told each time that a file is, and never another for the same bytes. */
  readonly #quickXor = new WeakMap<Buffer, string>();
  #lastId = 101;

  item(id: string): StoredItem {
    const item = this.#items.get(id);
    if (item === undefined) throw new Refused(404, 'itemNotFound');
    return item;
  }

  childrenOf(folder: StoredItem): StoredItem[] {
    return [...this.#items.values()].filter(({ parent }) => parent === folder.id);
  }

  /** The item at a path below another; undefined where there is none. */
  find(from: StoredItem, names: readonly string[]): StoredItem | undefined {
    let item: StoredItem | undefined = from;
    for (const name of names) {
      const above: StoredItem = item;
      item = this.childrenOf(above).find((child) => sameName(child.name, name));
      if (item === undefined) return undefined;
    }
    return item;
  }

  makeFolder(parent: StoredItem, name: string, behavior: ConflictBehavior): StoredItem {
    this.#requireFolder(parent);
    this.#requireName(parent, name);
    const existing = this.find(parent, [name]);
    if (existing === undefined) return this.#add(parent, name, null);
    if (behavior === 'replace' && existing.bytes === null) return existing;
    if (behavior === 'rename') return this.#add(parent, this.#freeName(parent, name), null);
    throw new Refused(409, 'nameAlreadyExists');
  }

  /** Refuses what `writeFile` would refuse before it has any bytes. */
  requireWritable(parent: StoredItem, name: string, bytes: number): void {
    this.#requireFolder(parent);
    this.#requireName(parent, name);
    if (this.used() + bytes > this.moods.total) throw new Refused(507, 'insufficientStorage');
  }

  /** `created` is false where a file was replaced. */
  writeFile(
    parent: StoredItem,
    name: string,
    bytes: Buffer,
    behavior: ConflictBehavior,
    modified: string | undefined,
  ): { readonly item: StoredItem; readonly created: boolean } {
    this.requireWritable(parent, name, bytes.length);
    const stored = this.moods.damages ? damaged(bytes) : bytes;
    const existing = this.find(parent, [name]);
    if (existing === undefined) {
      return { item: this.#add(parent, name, stored, modified), created: true };
    }
    if (behavior === 'rename') {
      const free = this.#freeName(parent, name);
      return { item: this.#add(parent, free, stored, modified), created: true };
    }
    if (behavior === 'fail' || existing.bytes === null) throw new Refused(409, 'nameAlreadyExists');
    existing.bytes = stored;
    existing.version += 1;
    return { item: existing, created: false };
  }

  remove(item: StoredItem): void {
    for (const child of this.childrenOf(item)) this.remove(child);
    this.#items.delete(item.id);
  }

  used(): number {
    let sum = 0;
    for (const { bytes } of this.#items.values()) sum += bytes?.length ?? 0;
    return sum;
  }

  /** Every file by its path. */
  files(from: StoredItem = this.root, path = ''): Map<string, Buffer> {
    const files = new Map<string, Buffer>();
    for (const child of this.childrenOf(from)) {
      const own = `${path}${child.name}`;
      if (child.bytes !== null) files.set(own, child.bytes);
      else for (const [below, bytes] of this.files(child, `${own}/`)) files.set(below, bytes);
    }
    return files;
  }

  describe(item: StoredItem): DriveItem {
    const { id, name, bytes, modified, version, parent } = item;
    const common: DriveItem = {
      id,
      name,
      eTag: `"{${id}},${String(version)}"`,
      cTag: `"c:{${id}},${String(version)}"`,
      size: bytes?.length ?? 0,
      lastModifiedDateTime: modified,
      createdDateTime: modified,
      fileSystemInfo: { lastModifiedDateTime: modified, createdDateTime: modified },
      parentReference: { driveId: 'drive', driveType: 'personal', id: parent },
    };
    if (bytes === null) {
      return { ...common, folder: { childCount: this.childrenOf(item).length } };
    }
    return {
      ...common,
      file: { mimeType: 'application/octet-stream', hashes: this.#hashes(bytes) },
    };
  }

  #hashes(bytes: Buffer): NonNullable<NonNullable<DriveItem['file']>['hashes']> | null {
    if (this.moods.hashes === 'none') return null;
    const quickXorHash = this.#quickXor.get(bytes) ?? new QuickXorHash().update(bytes).digest();
    this.#quickXor.set(bytes, quickXorHash);
    if (this.moods.hashes === 'quickXor') return { quickXorHash };
    const sha256Hash = createHash('sha256').update(bytes).digest('hex').toUpperCase();
    return { quickXorHash, sha256Hash };
  }

  #add(parent: StoredItem, name: string, bytes: Buffer | null, modified?: string): StoredItem {
    this.#lastId += 1;
    const item: StoredItem = {
      ...{ id: `DRIVE!${String(this.#lastId)}`, parent: parent.id, name, bytes, version: 1 },
      modified: modified ?? new Date().toISOString(),
    };
    this.#items.set(item.id, item);
    return item;
  }

  #requireFolder(parent: StoredItem): void {
    if (!this.#items.has(parent.id)) throw new Refused(404, 'itemNotFound');
    if (parent.bytes !== null) throw new Refused(400, 'invalidRequest');
  }

  #requireName(parent: StoredItem, name: string): void {
    if (name === '' || refusedCharacters.test(name) || refusedNames.test(name)) {
      throw new Refused(400, 'nameContainsInvalidCharacters');
    }
    let length = name.length;
    for (let above: StoredItem = parent; above.parent !== null; above = this.item(above.parent)) {
      length += above.name.length + 1;
    }
    if (name.length > longestName || length > longestPath) throw new Refused(400, 'pathIsTooLong');
  }

  #freeName(parent: StoredItem, name: string): string {
    for (let number = 1; ; number += 1) {
      const free = name.replace(/(?=\.[^.]*$|$)/u, ` ${String(number)}`);
      if (this.find(parent, [free]) === undefined) return free;
    }
  }
}

function sameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

function damaged(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.length >> 1] = (copy[copy.length >> 1] ?? 0) ^ 1;
  return copy;
}
