import { z } from 'zod';

import { fail } from '../../../../shared/domain/failure.ts';
import type { DropboxConnection } from './connection.ts';
import { refusalFailure } from './dropbox-failure.ts';

/**
 * Removes the file that stands under a path in this very revision; one that is gone is fine. Dropbox would take a
 * folder away with all that is in it; naming the revision keeps it from that, and from a file that was written
 * since.
 */
export async function removeFile(
  connection: DropboxConnection,
  path: string,
  rev: string,
  signal: AbortSignal,
): Promise<void> {
  const argument = { path, parent_rev: rev };
  const answer = await connection.call(z.unknown(), 'files/delete_v2', argument, signal);
  if (answer.ok) return;
  const { tags } = answer.refusal;
  if (tags.includes('not_found')) return;
  if (tags.includes('conflict')) {
    throw fail('serverError', 'The file was changed at Dropbox while it was being removed.');
  }
  throw refusalFailure(answer.refusal);
}
