import type { Dirent, Stats } from 'node:fs';
import type { EntryKind, FileStat } from '../ports/file-system.ts';
import { isPlaceholder } from './placeholder.ts';

/** Node's answer to `lstat` in the engine's terms. */
export function toFileStat(stats: Stats, platform: NodeJS.Platform): FileStat {
  const kind = kindOf(stats);
  return {
    kind,
    size: stats.size,
    modifiedMs: stats.mtimeMs,
    bornMs: stats.birthtimeMs > 0 ? stats.birthtimeMs : null,
    inode: stats.ino,
    device: stats.dev,
    placeholder: kind === 'file' && isPlaceholder(platform, stats.size, stats.blocks),
  };
}

/** The kind of a directory entry or of what `lstat` found. */
export function kindOf(entry: Dirent | Dirent<Buffer> | Stats): EntryKind {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  return entry.isSymbolicLink() ? 'symlink' : 'other';
}
