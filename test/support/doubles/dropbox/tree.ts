import { createHash } from 'node:crypto';

import { Refused } from './wire.ts';
import type { Tagged } from './wire.ts';

interface Entry {
  readonly kind: 'file' | 'folder';
  /** With the case of the one who made it. */
  readonly display: string;
  readonly id: string;
  readonly bytes: Buffer;
  readonly rev: string;
  readonly clientModified: string;
  readonly serverModified: string;
}

export interface Commit {
  readonly path: string;
  readonly mode?: 'add' | 'overwrite' | undefined;
  readonly autorename?: boolean | undefined;
  readonly strict_conflict?: boolean | undefined;
  readonly client_modified?: string | undefined;
}

/** What an account may do beyond what is documented, for tests of what else might be. */
export interface TreeMoods {
  /** Bytes of the account. */
  allocated: number;
  /** Takes names that differ only in how their accents are written for one. */
  mergesForms: boolean;
  /** Leaves `content_hash` out. */
  tellsNoHash: boolean;
  /** Keeps other bytes than came. */
  spoils: boolean;
  /** Folders that an administrator closed, lower case. */
  readonly closed: Set<string>;
}

const disallowed =
  /^(?:desktop\.ini|thumbs\.db|\.ds_store|icon\r|\.dropbox|\.dropbox\.attr|~\$.*|\.~.*|~.*\.tmp)$/iu;
const blockBytes = 4 * 1024 * 1024;

/** The files of one account: case is kept but tells nothing apart. */
export class DropboxTree {
  readonly moods: TreeMoods = {
    allocated: 2 ** 31,
    mergesForms: false,
    tellsNoHash: false,
    spoils: false,
    closed: new Set(),
  };
  readonly #entries = new Map<string, Entry>();
  #made = 0;

  get used(): number {
    return [...this.#entries.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /** Paths of all files as they are shown. */
  get files(): readonly string[] {
    const files = [...this.#entries.values()].filter(({ kind }) => kind === 'file');
    return files.map(({ display }) => display).sort();
  }

  bytesOf(path: string): Buffer | undefined {
    const entry = this.#entries.get(this.#fold(path));
    return entry?.kind === 'file' ? entry.bytes : undefined;
  }

  /** Refuses with a `WriteError`. */
  write(commit: Commit, sent: Buffer): object {
    const path = this.#properPath(commit.path);
    const lower = this.#fold(path);
    this.#requireAllowed(path, lower);
    const there = this.#entries.get(lower);
    const bytes = this.moods.spoils ? Buffer.concat([sent.subarray(1), Buffer.from('x')]) : sent;
    if (there !== undefined) {
      if (there.kind === 'folder') throw conflict('folder');
      const same = contentHash(there.bytes) === contentHash(bytes);
      if (same && commit.strict_conflict !== true) return this.describe(lower);
      if (commit.autorename === true) {
        const renamed = path.replace(/(\.[^./]*)?$/u, ` (1)$1`);
        return this.write({ ...commit, path: renamed }, sent);
      }
      if (commit.mode !== 'overwrite') throw conflict('file');
    }
    if (this.used + bytes.length > this.moods.allocated) {
      throw new Refused({ '.tag': 'insufficient_space' });
    }
    this.#makeFoldersOf(path);
    this.#made += 1;
    const now = new Date().toISOString().replace(/\.\d+Z$/u, 'Z');
    this.#entries.set(lower, {
      kind: 'file',
      display: this.#displayOf(path),
      id: there?.id ?? `id:file${String(this.#made).padStart(12, '0')}`,
      bytes,
      rev: this.#made.toString(16).padStart(12, '0'),
      clientModified: commit.client_modified ?? now,
      serverModified: now,
    });
    return this.describe(lower);
  }

  /** With the folders above it; refuses with a `WriteError`. */
  makeFolder(folder: string): object {
    const path = this.#properPath(folder);
    const lower = this.#fold(path);
    this.#requireAllowed(path, lower);
    const there = this.#entries.get(lower);
    if (there !== undefined) throw conflict(there.kind);
    this.#makeFoldersOf(`${path}/`);
    return this.describe(lower);
  }

  /** Refuses with a `LookupError`. */
  find(path: string): Entry {
    const entry = this.#entries.get(this.#lookedUp(path));
    if (entry === undefined) throw new Refused({ '.tag': 'not_found' });
    return entry;
  }

  metadata(path: string): object {
    this.find(path);
    return this.describe(this.#lookedUp(path));
  }

  /** Refuses with a `LookupError`, or a `WriteError` where the file is in another revision. */
  remove(path: string, rev: string | undefined): object {
    const entry = this.find(path);
    const lower = this.#fold(path);
    if (rev !== undefined && (entry.kind === 'folder' || entry.rev !== rev)) throw conflict('file');
    const described = this.describe(lower);
    for (const one of [...this.#entries.keys()]) {
      if (one === lower || one.startsWith(`${lower}/`)) this.#entries.delete(one);
    }
    return described;
  }

  /** What is in a folder; refuses with a `LookupError`. */
  below(path: string, recursive: boolean): readonly object[] {
    if (path !== '' && this.find(path).kind === 'file') throw new Refused({ '.tag': 'not_folder' });
    const start = `${this.#fold(path)}/`;
    const inside = [...this.#entries.keys()].filter(
      (one) => one.startsWith(start) && (recursive || !one.slice(start.length).includes('/')),
    );
    return inside.map((one) => this.describe(one));
  }

  describe(lower: string): object {
    const entry = this.#entries.get(lower);
    if (entry === undefined) throw new Error(`nothing at ${lower}`);
    const { kind, display, id, bytes, rev, clientModified, serverModified } = entry;
    const common = {
      '.tag': kind,
      name: display.slice(display.lastIndexOf('/') + 1),
      path_lower: lower,
      path_display: display,
      id,
    };
    if (kind === 'folder') return common;
    return {
      ...common,
      client_modified: clientModified,
      server_modified: serverModified,
      rev,
      size: bytes.length,
      is_downloadable: true,
      ...(this.moods.tellsNoHash ? {} : { content_hash: contentHash(bytes) }),
    };
  }

  #makeFoldersOf(path: string): void {
    const parts = path.split('/').slice(1, -1);
    for (let count = 1; count <= parts.length; count += 1) {
      const folder = `/${parts.slice(0, count).join('/')}`;
      const lower = this.#fold(folder);
      const there = this.#entries.get(lower);
      if (there?.kind === 'file') throw conflict('file_ancestor');
      if (there !== undefined) continue;
      this.#made += 1;
      this.#entries.set(lower, {
        ...{ kind: 'folder', display: this.#displayOf(folder), bytes: Buffer.alloc(0) },
        ...{
          id: `id:folder${String(this.#made)}`,
          rev: '',
          clientModified: '',
          serverModified: '',
        },
      });
    }
  }

  /** Folders above keep the case in which they were made. */
  #displayOf(path: string): string {
    const slash = path.lastIndexOf('/');
    const parent = this.#entries.get(this.#fold(path.slice(0, slash)));
    return `${parent?.display ?? ''}${path.slice(slash)}`;
  }

  #properPath(path: string): string {
    const parts = path.split('/').slice(1);
    const proper = parts.every(
      (part) => part !== '' && part !== '.' && part !== '..' && part.length <= 255,
    );
    if (!proper || path.includes('\0')) throw new Refused({ '.tag': 'malformed_path' });
    return path;
  }

  #requireAllowed(path: string, lower: string): void {
    if (path.split('/').some((part) => disallowed.test(part))) {
      throw new Refused({ '.tag': 'disallowed_name' });
    }
    for (const folder of this.moods.closed) {
      if (lower.startsWith(`${folder}/`)) throw new Refused({ '.tag': 'no_write_permission' });
    }
  }

  /** Where a path, or the id of a file or folder, leads. */
  #lookedUp(path: string): string {
    if (!path.startsWith('id:')) return this.#fold(this.#properPath(path));
    return [...this.#entries].find(([, { id }]) => id === path)?.[0] ?? path;
  }

  #fold(path: string): string {
    const lower = path.toLowerCase();
    return this.moods.mergesForms ? lower.normalize('NFC') : lower;
  }
}

/** dropbox.com/developers/reference/content-hash */
export function contentHash(bytes: Buffer): string {
  const whole = createHash('sha256');
  for (let start = 0; start < bytes.length; start += blockBytes) {
    const block = bytes.subarray(start, start + blockBytes);
    whole.update(createHash('sha256').update(block).digest());
  }
  return whole.digest('hex');
}

function conflict(kind: 'file' | 'folder' | 'file_ancestor'): Refused {
  const inner: Tagged = { '.tag': kind };
  return new Refused({ '.tag': 'conflict', conflict: inner });
}
