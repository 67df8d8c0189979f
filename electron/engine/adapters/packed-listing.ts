import { failureOf } from '../../../shared/domain/failure.ts';
import type { DirectoryEntry, EntryKind, FileStat, ListedEntry } from '../ports/file-system.ts';
import { translated } from './file-system-failure.ts';

/**
 * A directory's entries as they cross from a worker thread: one string and one array of numbers, because
 * copying an object for each of 100,000 files costs more than listing them.
 */
export interface PackedListing {
  /** Joined by `/`, which no name contains. */
  readonly names: string;
  /** Per entry: {@link fields} numbers. */
  readonly numbers: Float64Array<ArrayBuffer>;
  /** System error codes of the stats that failed, by index of the entry. */
  readonly failures: readonly (readonly [number, string])[];
}

const kinds: readonly EntryKind[] = ['file', 'directory', 'symlink', 'other'];
/** Kind, size, modified, born, inode, device, placeholder; a size of NaN stands for no stat. */
const fields = 7;

/** Collects a {@link PackedListing} entry by entry. */
export class ListingPacker {
  readonly #names: string[] = [];
  readonly #numbers: Float64Array<ArrayBuffer>;
  readonly #failures: [number, string][] = [];

  constructor(atMost: number) {
    this.#numbers = new Float64Array(atMost * fields);
  }

  addStat(name: string, stat: FileStat): void {
    const at = this.#names.length * fields;
    const numbers = this.#numbers;
    numbers[at] = kinds.indexOf(stat.kind);
    numbers[at + 1] = stat.size;
    numbers[at + 2] = stat.modifiedMs;
    numbers[at + 3] = stat.bornMs ?? Number.NaN;
    numbers[at + 4] = stat.inode;
    numbers[at + 5] = stat.device;
    numbers[at + 6] = stat.placeholder ? 1 : 0;
    this.#names.push(name);
  }

  addFailure(entry: DirectoryEntry, systemCode: string): void {
    const index = this.#names.length;
    this.#numbers[index * fields] = kinds.indexOf(entry.kind);
    this.#numbers[index * fields + 1] = Number.NaN;
    this.#failures.push([index, systemCode]);
    this.#names.push(entry.name);
  }

  packed(): PackedListing {
    return {
      names: this.#names.join('/'),
      numbers: this.#numbers,
      failures: this.#failures,
    };
  }
}

/** The entries of a {@link PackedListing}, with the stats that `wanted` accepts. */
export function unpackListing(
  directory: string,
  listing: PackedListing,
  wanted: (entry: DirectoryEntry) => boolean,
): ListedEntry[] {
  if (listing.names === '') return [];
  const failures = new Map(listing.failures);
  return listing.names.split('/').map((name, index) => {
    const stat = statAt(listing.numbers, index);
    const kind = kinds[listing.numbers[index * fields] ?? 3] ?? 'other';
    if (stat !== null) return { name, kind, stat: wanted({ name, kind }) ? stat : null };
    const error = Object.assign(new Error('A stat failed.'), {
      code: failures.get(index) ?? 'EIO',
    });
    const failure = failureOf(translated(error, `${directory}/${name}`));
    return {
      name,
      kind,
      stat: null,
      ...(wanted({ name, kind }) ? { failure } : {}),
    };
  });
}

function statAt(numbers: Float64Array, index: number): FileStat | null {
  const at = index * fields;
  const size = numbers[at + 1] ?? Number.NaN;
  if (Number.isNaN(size)) return null;
  const bornMs = numbers[at + 3] ?? Number.NaN;
  return {
    kind: kinds[numbers[at] ?? 3] ?? 'other',
    size,
    modifiedMs: numbers[at + 2] ?? 0,
    bornMs: Number.isNaN(bornMs) ? null : bornMs,
    inode: numbers[at + 4] ?? 0,
    device: numbers[at + 5] ?? 0,
    placeholder: numbers[at + 6] === 1,
  };
}
