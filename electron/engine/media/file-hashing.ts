import { createHash, hash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { ContentHash } from '../../../shared/domain/asset.ts';
import { fail, type CloudrollError } from '../../../shared/domain/failure.ts';
import { toNativePath } from '../scan/raw-path.ts';
import { byteSource, type ByteSource } from './readers/byte-source.ts';

/** A file's content as one pass over it shows it. */
export interface HashedFile {
  readonly sha256: ContentHash;
  /** Bytes that were read. */
  readonly bytes: number;
  /** The first bytes, up to the size of a buffer; valid until the next file is hashed. */
  readonly head: Uint8Array;
}

const bufferBytes = 1024 * 1024;

/**
 * Hashes files one after the other in two buffers that are never given back: the first megabyte stays for
 * the metadata, the rest streams through the second. Synchronous, for a worker thread.
 */
export class FileHasher {
  readonly #head = Buffer.allocUnsafeSlow(bufferBytes);
  readonly #block = Buffer.allocUnsafeSlow(bufferBytes);

  /**
   * Hashes an open file from its start to its end.
   *
   * @param onBlock called before each block; throws to stop.
   */
  hash(file: OpenFile, onBlock: () => void): HashedFile {
    onBlock();
    const headBytes = fill(file, this.#head);
    const head = this.#head.subarray(0, headBytes);
    if (headBytes < bufferBytes) return { sha256: hash('sha256', head), bytes: headBytes, head };
    const digest = createHash('sha256').update(head);
    let bytes = headBytes;
    for (;;) {
      onBlock();
      const count = readFrom(file, this.#block, null);
      if (count === 0) break;
      digest.update(count === bufferBytes ? this.#block : this.#block.subarray(0, count));
      bytes += count;
    }
    return { sha256: digest.digest('hex'), bytes, head };
  }
}

/** A regular file, open for reading. */
export interface OpenFile {
  readonly descriptor: number;
}

/** Opens a file; never waits for a pipe's other end and never reads a device. */
export function openFile(path: string): OpenFile {
  let descriptor: number;
  try {
    // Windows has no such flag and no such pipes.
    const nonBlocking = process.platform === 'win32' ? 0 : constants.O_NONBLOCK;
    descriptor = openSync(toNativePath(path), constants.O_RDONLY | nonBlocking);
  } catch (error) {
    throw fromSystem(error);
  }
  if (fstatSync(descriptor).isFile()) return { descriptor };
  closeSync(descriptor);
  throw fail('unreadable', 'This is not a regular file.');
}

/** Closes a file. */
export function closeFile({ descriptor }: OpenFile): void {
  closeSync(descriptor);
}

/** Random access for metadata readers to a file that was just hashed and is still open. */
export function sourceOf(file: OpenFile, { head, bytes }: HashedFile): ByteSource {
  return byteSource(head, bytes, (offset, length) => {
    const buffer = Buffer.allocUnsafe(length);
    return buffer.subarray(0, readFrom(file, buffer, offset));
  });
}

function fill(file: OpenFile, buffer: Buffer): number {
  let filled = 0;
  while (filled < buffer.length) {
    const count = readFrom(file, buffer.subarray(filled), null);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

function readFrom({ descriptor }: OpenFile, buffer: Buffer, position: number | null): number {
  try {
    return readSync(descriptor, buffer, 0, buffer.length, position);
  } catch (error) {
    throw fromSystem(error);
  }
}

/** A failure from an error of the operating system; anything else is passed on. */
function fromSystem(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return error;
  return systemFailure(String(error.code), error);
}

function systemFailure(code: string, cause: Error): CloudrollError {
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return fail('notFound', 'The file is no longer there.', { cause });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return fail('unreadable', 'The file may not be read.', {
      hint: 'Give your account permission to read it.',
      cause,
    });
  }
  return fail('unreadable', `The file could not be read (${code}).`, {
    hint: 'The disk may be damaged or disconnected; copy the file elsewhere and check the disk.',
    cause,
  });
}
