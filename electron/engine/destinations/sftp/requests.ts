import type { FileEntryWithStats, Stats } from 'ssh2';

import { z } from 'zod';

import { fail, failureOf } from '../../../../shared/domain/failure.ts';
import type { SftpConnection } from './connection.ts';

/** What a server says of a file or folder. */
export interface SftpEntry {
  readonly kind: 'file' | 'folder' | 'other';
  readonly bytes: number;
  readonly modifiedMs: number;
}

/** Null where there is nothing of that path; links are followed. */
export async function lookUp(
  connection: SftpConnection,
  path: string,
  signal: AbortSignal,
): Promise<SftpEntry | null> {
  try {
    const stats = await connection.run<Stats>((sftp, done) => {
      sftp.stat(path, done);
    }, signal);
    return entryOf(stats);
  } catch (error) {
    if (failureOf(error).code === 'notFound') return null;
    throw error;
  }
}

/** What stands directly in a folder, without names that cannot be part of a path; links are not followed. */
export async function readFolder(
  connection: SftpConnection,
  path: string,
  signal: AbortSignal,
): Promise<readonly (SftpEntry & { readonly name: string })[]> {
  const entries = await connection.run<FileEntryWithStats[]>((sftp, done) => {
    sftp.readdir(path, done);
  }, signal);
  return entries
    .filter(({ filename }) => filename !== '.' && filename !== '..' && !/[/\0]/u.test(filename))
    .map(({ filename, attrs }) => ({ name: filename, ...entryOf(attrs) }));
}

export async function removeFile(
  connection: SftpConnection,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  await connection.run<unknown>((sftp, done) => {
    sftp.unlink(path, (error) => {
      done(error, undefined);
    });
  }, signal);
}

/** Only an empty one; anything else is left alone. False where it stays. */
export async function removeEmptyFolder(
  connection: SftpConnection,
  path: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await connection.run<unknown>((sftp, done) => {
      sftp.rmdir(path, (error) => {
        done(error, undefined);
      });
    }, signal);
    return true;
  } catch {
    return false;
  }
}

/**
 * Bytes used and free for this account on the disk below the destination (`statvfs@openssh.com`, OpenSSH's
 * PROTOCOL, section 4.4). `unsupported` where the server does not offer that; `notFound` before the folder is made.
 */
export async function volumeSpace(
  connection: SftpConnection,
  signal: AbortSignal,
): Promise<{ readonly used: number; readonly free: number }> {
  const facts = await connection.run<unknown>((sftp, done) => {
    sftp.ext_openssh_statvfs(connection.settings.base, done);
  }, signal);
  const parsed = volumeFacts.safeParse(facts);
  if (!parsed.success) throw fail('serverError', 'The server says nothing clear of its disk.');
  const { f_frsize: unit, f_blocks: all, f_bfree: left, f_bavail: free } = parsed.data;
  return { used: Math.max(0, all - left) * unit, free: free * unit };
}

const volumeFacts = z.object({
  f_frsize: z.coerce.number().nonnegative(),
  f_blocks: z.coerce.number().nonnegative(),
  f_bfree: z.coerce.number().nonnegative(),
  f_bavail: z.coerce.number().nonnegative(),
});

function entryOf(stats: Pick<Stats, 'isFile' | 'isDirectory' | 'size' | 'mtime'>): SftpEntry {
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other';
  return { kind, bytes: stats.size, modifiedMs: stats.mtime * 1000 };
}
