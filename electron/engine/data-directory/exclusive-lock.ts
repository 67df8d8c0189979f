import { DatabaseSync } from 'node:sqlite';

import { failureOf } from '../../../shared/domain/failure.ts';
import { translateDatabaseError } from '../catalog/database.ts';

/** A lock that its process holds until it lets go or ends, however it ends. */
export interface ExclusiveLock {
  release(): void;
}

/**
 * Takes the lock that stands at `path`; null where another process, or this one, holds it already.
 *
 * Node has no call for file locks, SQLite has: an open exclusive transaction on a file of its own is a lock
 * of the operating system on Linux, macOS and Windows, which goes with the process. Nothing else may open
 * that file: on POSIX closing any descriptor of a file drops the process's locks on it.
 * @throws `unreadable`, `diskFull` where the file cannot be made or locked
 */
export function lockExclusively(path: string): ExclusiveLock | null {
  let handle: DatabaseSync | null = null;
  try {
    handle = new DatabaseSync(path, { timeout: 0 });
    handle.exec('BEGIN EXCLUSIVE');
    const held = handle;
    return {
      release: () => {
        held.close();
      },
    };
  } catch (error) {
    handle?.close();
    const failure = translateDatabaseError(error);
    if (failureOf(failure).code === 'busy') return null;
    throw failure;
  }
}
