import { fail } from '../../../../shared/domain/failure.ts';
import type { SftpConnection } from './connection.ts';
import { unlessUnsupported } from './handles.ts';
import { lookUp, removeFile, volumeSpace } from './requests.ts';
import { sftpStatus, statusOf } from './sftp-failure.ts';

/**
 * How a finished file gets its own name. `link`: a hard link, which no file system lets replace a file;
 * `rename`: the server refuses to rename onto a file, as version 3 demands; `look`: it does not, so the name is
 * looked up just before.
 */
export type Publishing = 'link' | 'rename' | 'look';

/** Gives a file another name; false where something has it. The first name is gone afterwards. */
export async function publish(
  connection: SftpConnection,
  how: Publishing,
  from: string,
  to: string,
  signal: AbortSignal,
): Promise<boolean> {
  if (how === 'look' && (await lookUp(connection, to, signal)) !== null) return false;
  try {
    if (how === 'link') {
      await connection.run<unknown>((sftp, done) => {
        sftp.ext_openssh_hardlink(from, to, (error) => {
          done(error, undefined);
        });
      }, signal);
    } else {
      await connection.run<unknown>((sftp, done) => {
        sftp.rename(from, to, (error) => {
          done(error, undefined);
        });
      }, signal);
    }
    return true;
  } catch (error) {
    if (statusOf(error) !== sftpStatus.failure) throw error;
    // Version 3 has one status for all that can go wrong.
    if ((await lookUp(connection, to, signal)) !== null) return false;
    throw (await isFull(connection, signal)) ? full(error) : error;
  }
}

/** Tries it out on files of its own in a folder that exists, which are gone afterwards. */
export async function probePublishing(
  connection: SftpConnection,
  newPath: () => string,
  make: (path: string) => Promise<void>,
  signal: AbortSignal,
): Promise<Publishing> {
  const [first, second, third] = [newPath(), newPath(), newPath()];
  try {
    await make(first);
    const linked = await unlessRefused(publish(connection, 'link', first, second, signal));
    if (linked && !(await publish(connection, 'link', first, second, signal))) return 'link';
    await make(third);
    return (await publish(connection, 'rename', third, first, signal)) ? 'look' : 'rename';
  } finally {
    const cleaning = AbortSignal.timeout(5_000);
    const paths = [first, second, third];
    await Promise.allSettled(paths.map((path) => removeFile(connection, path, cleaning)));
  }
}

/** A server without hard links does not know the request; one whose disk has none fails. */
async function unlessRefused(linking: Promise<boolean>): Promise<boolean> {
  try {
    return await unlessUnsupported(linking);
  } catch (error) {
    const status = statusOf(error);
    if (status === sftpStatus.failure || status === sftpStatus.permissionDenied) return false;
    throw error;
  }
}

/** Whether the disk below the destination is full, as far as the server tells (`statvfs@openssh.com`). */
export async function isFull(connection: SftpConnection, signal: AbortSignal): Promise<boolean> {
  try {
    return (await volumeSpace(connection, signal)).free === 0;
  } catch {
    return false;
  }
}

export function full(cause: unknown): Error {
  return fail('quota', 'The disk of the server is full.', {
    hint: 'Free some space there.',
    cause,
  });
}
