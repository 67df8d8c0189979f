import type { FileState } from '../../../shared/domain/states.ts';

/** The facts of a file that cost one stat. */
export interface FileFacts {
  readonly size: number;
  readonly modifiedMs: number;
  readonly bornMs: number | null;
  readonly inode: number;
}

export type FilePlan = 'unchanged' | 'add' | 'read' | 'comeBack';

/**
 * What one stat means for a file, given what the catalogue remembers of its path.
 *
 * Size and modification time tell a change. The inode counts only together with the birth time: on some
 * network file systems inodes change with every mount, and a whole library must not be read again for that;
 * but a file that was moved over another one has both a new inode and a new birth.
 */
export function planFile(
  known: (FileFacts & { readonly state: FileState }) | undefined,
  seen: FileFacts,
): FilePlan {
  if (known === undefined) return 'add';
  if (!sameBytesLikely(known, seen)) return 'read';
  switch (known.state) {
    case 'hashed':
    case 'discovered':
    case 'ignored':
      return 'unchanged';
    case 'unknown':
    case 'absent':
      return 'comeBack';
    case 'failed':
      return 'read';
  }
}

/** Whether two stats of one path most likely stand for the same bytes. */
export function sameBytesLikely(known: FileFacts, seen: FileFacts): boolean {
  if (known.size !== seen.size || known.modifiedMs !== seen.modifiedMs) return false;
  return known.inode === seen.inode || known.bornMs === seen.bornMs;
}
