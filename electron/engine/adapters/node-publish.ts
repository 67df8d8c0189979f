import { promises as fs } from 'node:fs';
import { toNativePath } from '../scan/raw-path.ts';
import { systemCode, translated } from './file-system-failure.ts';

/**
 * What `link` says where there are no hard links: vfat and exFAT (EPERM on Linux, ENOTSUP on macOS,
 * EISDIR on Windows, libuv's word for ERROR_INVALID_FUNCTION), SMB and FUSE (EOPNOTSUPP, ENOSYS,
 * UNKNOWN, EACCES), and a file with too many links (EMLINK).
 */
const withoutLinks = new Set([
  'EPERM',
  'EACCES',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EISDIR',
  'EMLINK',
  'UNKNOWN',
]);

/** The calls that publishing makes, to be replaced where a file system without hard links is played. */
export interface PublishCalls {
  readonly link: (from: string | Buffer, to: string | Buffer) => Promise<void>;
}

/**
 * Gives the file `from` the name `to`, which must not exist, and takes the old name away.
 *
 * With hard links both steps are atomic: after a crash in between both names hold the file. Without them
 * an empty file is created exclusively under the new name and then replaced by a rename, so that nothing
 * but our own empty file can be replaced; a crash in between leaves that empty file beside a whole `from`.
 */
export async function publishExclusively(
  from: string,
  to: string,
  calls: PublishCalls = { link: (source, target) => fs.link(source, target) },
): Promise<void> {
  try {
    await calls.link(toNativePath(from), toNativePath(to));
  } catch (error) {
    const code = systemCode(error);
    if (withoutLinks.has(code)) {
      await renameOverOwn(from, to);
      return;
    }
    // A reply lost by a network drive, or a crash before the unlink: the link is there already.
    if (code !== 'EEXIST' || !(await areSameFile(from, to))) {
      throw translated(error, code === 'EEXIST' ? to : from);
    }
  }
  try {
    await fs.unlink(toNativePath(from));
  } catch (error) {
    throw translated(error, from);
  }
}

async function renameOverOwn(from: string, to: string): Promise<void> {
  // Without this a missing source would be noticed only when the new name is taken already.
  await fs.lstat(toNativePath(from)).catch((error: unknown) => {
    throw translated(error, from);
  });
  try {
    const own = await fs.open(toNativePath(to), 'wx');
    await own.close();
  } catch (error) {
    throw translated(error, to);
  }
  try {
    await fs.rename(toNativePath(from), toNativePath(to));
  } catch (error) {
    await removeIfEmpty(to);
    throw translated(error, from);
  }
}

async function removeIfEmpty(path: string): Promise<void> {
  const native = toNativePath(path);
  const stat = await fs.lstat(native).catch(() => null);
  if (stat?.size === 0) await fs.rm(native, { force: true });
}

async function areSameFile(first: string, second: string): Promise<boolean> {
  const [one, other] = await Promise.all([
    fs.lstat(toNativePath(first)).catch(() => null),
    fs.lstat(toNativePath(second)).catch(() => null),
  ]);
  if (one === null || other === null || one.ino === 0) return false;
  return one.ino === other.ino && one.dev === other.dev && one.nlink > 1;
}
