import { lstat, lstatSync, promises as fs, readdirSync, type Dirent, type Stats } from 'node:fs';
import { failureOf } from '../../../shared/domain/failure.ts';
import { fromNativeName, mayHideBytes, toNativePath } from '../scan/raw-path.ts';
import type { DirectoryEntry, ListedEntry } from '../ports/file-system.ts';
import { systemCode, translated } from './file-system-failure.ts';
import { kindOf, toFileStat } from './node-stat.ts';

/** Stats of one directory that wait in Node's thread pool at once; transfers wait in the same pool. */
const statsAtOnce = 32;

/** Names and kinds in a directory. */
export async function listNames(path: string): Promise<DirectoryEntry[]> {
  const native = toNativePath(path);
  const decoded = await fs.readdir(native, {
    withFileTypes: true,
    encoding: 'utf8',
  });
  if (!hidesBytes(decoded)) return decoded.map(fromDecoded);
  const raw = await fs.readdir(native, {
    withFileTypes: true,
    encoding: 'buffer',
  });
  return raw.map(fromRaw);
}

/** {@link listNames} for a thread that may wait. */
export function listNamesSync(path: string): DirectoryEntry[] {
  const native = toNativePath(path);
  const decoded = readdirSync(native, {
    withFileTypes: true,
    encoding: 'utf8',
  });
  if (!hidesBytes(decoded)) return decoded.map(fromDecoded);
  return readdirSync(native, { withFileTypes: true, encoding: 'buffer' }).map(fromRaw);
}

/** Names in a directory with a stat for each entry that `wanted` accepts, through the thread pool. */
export async function listWithStats(
  path: string,
  wanted: (entry: DirectoryEntry) => boolean,
  platform: NodeJS.Platform,
): Promise<readonly ListedEntry[]> {
  const names = await listNames(path);
  const listed = new Array<ListedEntry | null>(names.length).fill(null);
  let next = 0;
  const statInTurn = async (): Promise<void> => {
    for (;;) {
      const index = next;
      const entry = names[index];
      if (entry === undefined) return;
      next += 1;
      listed[index] = needsStat(entry, wanted, platform)
        ? await statEntry(path, entry, platform)
        : { ...entry, stat: null };
    }
  };
  await Promise.all(Array.from({ length: statsAtOnce }, statInTurn));
  return listed.filter((entry) => entry !== null);
}

/** Windows calls every reparse point a link here, cloud files among them; only a stat tells. */
function needsStat(
  entry: DirectoryEntry,
  wanted: (entry: DirectoryEntry) => boolean,
  platform: NodeJS.Platform,
): boolean {
  return wanted(entry) || (platform === 'win32' && entry.kind === 'symlink');
}

/** {@link listWithStats} for a thread that may wait. */
export function listWithStatsSync(
  path: string,
  wanted: (entry: DirectoryEntry) => boolean,
  platform: NodeJS.Platform,
): readonly ListedEntry[] {
  const listed: ListedEntry[] = [];
  for (const entry of listNamesSync(path)) {
    const looked = needsStat(entry, wanted, platform)
      ? statEntrySync(path, entry, platform)
      : { ...entry, stat: null };
    if (looked !== null) listed.push(looked);
  }
  return listed;
}

/** Null where the entry is gone by now. The callback costs a quarter of what the promise does. */
function statEntry(
  directory: string,
  entry: DirectoryEntry,
  platform: NodeJS.Platform,
): Promise<ListedEntry | null> {
  const path = `${directory}/${entry.name}`;
  return new Promise((resolve) => {
    lstat(toNativePath(path), (error, stats) => {
      resolve(error === null ? withStat(entry, stats, platform) : withFailure(entry, path, error));
    });
  });
}

function statEntrySync(
  directory: string,
  entry: DirectoryEntry,
  platform: NodeJS.Platform,
): ListedEntry | null {
  const path = `${directory}/${entry.name}`;
  try {
    const stats = lstatSync(toNativePath(path), { throwIfNoEntry: false });
    return stats === undefined ? null : withStat(entry, stats, platform);
  } catch (error) {
    return withFailure(entry, path, error);
  }
}

function withStat({ name }: DirectoryEntry, stats: Stats, platform: NodeJS.Platform): ListedEntry {
  const stat = toFileStat(stats, platform);
  return { name, kind: stat.kind, stat };
}

function withFailure(entry: DirectoryEntry, path: string, error: unknown): ListedEntry | null {
  if (systemCode(error) === 'ENOENT') return null;
  return { ...entry, stat: null, failure: failureOf(translated(error, path)) };
}

function hidesBytes(entries: readonly Dirent[]): boolean {
  return entries.some((entry) => mayHideBytes(entry.name));
}

function fromDecoded(entry: Dirent): DirectoryEntry {
  return { name: entry.name, kind: kindOf(entry) };
}

function fromRaw(entry: Dirent<Buffer>): DirectoryEntry {
  return { name: fromNativeName(entry.name), kind: kindOf(entry) };
}
