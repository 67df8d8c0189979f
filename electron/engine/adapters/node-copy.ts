import { Buffer } from 'node:buffer';
import { constants, promises as fs } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { fail } from '../../../shared/domain/failure.ts';
import { toDisplayPath, toNativePath } from '../scan/raw-path.ts';
import { systemCode, translated } from './file-system-failure.ts';

/** The kernel copies up to this many bytes in one call, which cannot be interrupted. */
const oneCallBytes = 64 * 1024 * 1024;
const chunkBytes = 8 * 1024 * 1024;

/**
 * Copies a file into one that must not exist yet: a clone of its blocks where the file system can, else
 * by the kernel, else (large files) in chunks so that it can be aborted. What was written is removed when
 * it fails. Durable only after a sync of its own.
 */
export async function copyExclusively(
  from: string,
  to: string,
  signal: AbortSignal,
): Promise<void> {
  throwIfAborted(signal);
  try {
    const source = await fs.lstat(toNativePath(from));
    if (!source.isFile()) throw fail('invalid', `${toDisplayPath(from)} is not a regular file.`);
    if (source.size <= oneCallBytes) {
      await copyFile(from, to, constants.COPYFILE_FICLONE);
    } else if (!(await clone(from, to))) {
      await copyInChunks(from, to, signal);
    }
  } catch (error) {
    throw translated(error, systemCode(error) === 'ENOENT' ? from : to);
  }
  if (signal.aborted) {
    await fs.rm(toNativePath(to), { force: true });
    throwIfAborted(signal);
  }
}

function copyFile(from: string, to: string, mode: number): Promise<void> {
  return fs.copyFile(toNativePath(from), toNativePath(to), constants.COPYFILE_EXCL | mode);
}

/** A copy-on-write clone takes no time whatever the size; most file systems cannot. */
async function clone(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE_FORCE);
    return true;
  } catch (error) {
    if (['EEXIST', 'ENOENT', 'EACCES', 'ENOSPC', 'EROFS'].includes(systemCode(error))) throw error;
    return false;
  }
}

async function copyInChunks(from: string, to: string, signal: AbortSignal): Promise<void> {
  const source = await fs.open(toNativePath(from), 'r');
  try {
    const target = await fs.open(toNativePath(to), 'wx');
    try {
      await pump(source, target, signal);
      await target.close();
    } catch (error) {
      await target.close();
      await fs.rm(toNativePath(to), { force: true });
      throw error;
    }
  } finally {
    await source.close();
  }
}

async function pump(source: FileHandle, target: FileHandle, signal: AbortSignal): Promise<void> {
  const buffer = Buffer.allocUnsafeSlow(chunkBytes);
  for (;;) {
    throwIfAborted(signal);
    const { bytesRead } = await source.read(buffer, 0, chunkBytes, null);
    if (bytesRead === 0) return;
    let written = 0;
    while (written < bytesRead) {
      written += (await target.write(buffer, written, bytesRead - written)).bytesWritten;
    }
  }
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw fail('cancelled', 'The copy was cancelled.');
}
