import { Buffer } from 'node:buffer';
import { closeSync, constants, fstatSync, fsync, lstat, open, promises as fs, read } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { platform as thisPlatform } from 'node:process';
import { promisify } from 'node:util';
import { fail } from '../../../shared/domain/failure.ts';
import {
  isCandidate,
  sortOut,
  unlessKnown,
  type DirectoryLooker,
  type Look,
  type UnchangedLook,
} from '../scan/look.ts';
import { fromNativeName, toDisplayPath, toNativePath } from '../scan/raw-path.ts';
import type {
  DirectoryEntry,
  FileStat,
  FileSystem,
  ListedEntry,
  VolumeSpace,
  WritableFile,
} from '../ports/file-system.ts';
import { systemCode, translated, translating } from './file-system-failure.ts';
import { DirectoryThreadError, DirectoryWorkers } from './directory-workers.ts';
import { unpackListing } from './packed-listing.ts';
import { unpackLook } from './packed-look.ts';
import { listNames, listWithStats } from './node-directory.ts';
import { copyExclusively } from './node-copy.ts';
import { publishExclusively } from './node-publish.ts';
import { toFileStat } from './node-stat.ts';

/** A photo comes in one piece, and with little waiting; several at once still fit into memory. */
const chunkBytes = 8 * 1024 * 1024;

const openDescriptor = promisify(open);
const readDescriptor = promisify(read);
const syncDescriptor = promisify(fsync);

/** More listings than this at once are the walk of a tree. */
const fewListings = 4;
/** Directories of a tree after which threads are worth starting: that costs as much as listing so many. */
const smallTree = 24;
/** How often a folder is made anew that another program removed in that very moment. */
const mostAttempts = 1000;

/**
 * Never through a symbolic link, and never hanging on a named pipe. Windows knows neither flag and Node
 * leaves them undefined there, whatever the types say.
 */
const readFlags = constants.O_RDONLY | flag('O_NOFOLLOW') | flag('O_NONBLOCK');

/** The real file system, through Node. */
export class NodeFileSystem implements FileSystem, DirectoryLooker {
  readonly #platform: NodeJS.Platform;
  readonly #workers: DirectoryWorkers;
  #listings = 0;
  /** Directories listed since nothing was. */
  #listed = 0;

  constructor(platform: NodeJS.Platform = thisPlatform) {
    this.#platform = platform;
    this.#workers = new DirectoryWorkers(platform);
  }

  /** By a callback, which costs a quarter of what Node's promise does: every file is looked at several times. */
  stat(path: string): Promise<FileStat> {
    return translating(
      path,
      () =>
        new Promise((resolve, reject) => {
          lstat(toNativePath(path), (error, stats) => {
            if (error === null) resolve(toFileStat(stats, this.#platform));
            else reject(error);
          });
        }),
    );
  }

  readDirectory(path: string): Promise<readonly DirectoryEntry[]> {
    return translating(path, () => listNames(path));
  }

  listDirectory(
    path: string,
    wanted: (entry: DirectoryEntry) => boolean,
  ): Promise<readonly ListedEntry[]> {
    return translating(path, () => this.#list(path, wanted));
  }

  look(path: string, known: string | null): Promise<Look | UnchangedLook> {
    return translating(path, () => this.#look(path, known));
  }

  async readFile(path: string, maxBytes: number): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of this.#chunks(path, 0, maxBytes + 1)) {
      chunks.push(chunk);
      bytes += chunk.length;
    }
    if (bytes > maxBytes) {
      const shown = toDisplayPath(path);
      throw fail(
        'invalid',
        `${shown} is larger than the ${String(maxBytes)} bytes allowed for it.`,
      );
    }
    return chunks.length === 1 ? (chunks[0] ?? new Uint8Array()) : Buffer.concat(chunks);
  }

  async *read(
    path: string,
    signal: AbortSignal,
    start = 0,
    end = Number.MAX_SAFE_INTEGER,
  ): AsyncIterable<Uint8Array> {
    throwIfAborted(signal);
    for await (const chunk of this.#chunks(path, start, end)) {
      yield chunk;
      throwIfAborted(signal);
    }
  }

  async readInto(
    path: string,
    target: Uint8Array,
    start: number,
    signal: AbortSignal,
  ): Promise<number> {
    throwIfAborted(signal);
    const { descriptor, size } = await translating(path, () => openForReading(path));
    try {
      let filled = 0;
      while (filled < target.length) {
        const wanted = Math.min(chunkBytes, target.length - filled);
        const { bytesRead } = await translating(path, () =>
          readDescriptor(descriptor, target, filled, wanted, start + filled),
        );
        throwIfAborted(signal);
        filled += bytesRead;
        // As far as it was when it was opened, no second look is needed to know that this is its end.
        if (bytesRead === 0 || (bytesRead < wanted && start + filled >= size)) break;
      }
      return filled;
    } finally {
      closeSync(descriptor);
    }
  }

  create(path: string): Promise<WritableFile> {
    return translating(path, async () => writable(path, await fs.open(toNativePath(path), 'wx')));
  }

  copy(from: string, to: string, signal: AbortSignal): Promise<void> {
    return copyExclusively(from, to, signal);
  }

  sync(path: string): Promise<void> {
    return translating(path, async () => {
      // Windows flushes only what is open for writing.
      const descriptor = await openDescriptor(
        toNativePath(path),
        this.#platform === 'win32' ? 'r+' : 'r',
      );
      try {
        await syncDescriptor(descriptor);
      } finally {
        closeSync(descriptor);
      }
    });
  }

  async syncDirectory(path: string): Promise<void> {
    if (this.#platform === 'win32') return;
    await translating(path, async () => {
      const descriptor = await openDescriptor(toNativePath(path), 'r');
      try {
        await syncDescriptor(descriptor);
      } catch (error) {
        // fsync(2): EINVAL is a file system that does not support it for directories.
        if (!['EINVAL', 'ENOTSUP', 'EOPNOTSUPP'].includes(systemCode(error))) throw error;
      } finally {
        closeSync(descriptor);
      }
    });
  }

  publish(from: string, to: string): Promise<void> {
    return publishExclusively(from, to);
  }

  replace(from: string, to: string): Promise<void> {
    return translating(from, () => fs.rename(toNativePath(from), toNativePath(to)));
  }

  remove(path: string): Promise<void> {
    return translating(path, () => fs.unlink(toNativePath(path)));
  }

  removeDirectory(path: string): Promise<void> {
    return translating(path, () => fs.rmdir(toNativePath(path)));
  }

  async makeDirectory(path: string): Promise<void> {
    const native = toNativePath(path);
    for (let attempt = 1; ; attempt += 1) {
      try {
        await fs.mkdir(native);
        return;
      } catch (error) {
        // A drive's root says EPERM or EROFS rather than EEXIST; a link to a directory is one.
        const existing = await fs.stat(native).catch(() => null);
        if (existing?.isDirectory() === true) return;
        // What stood there may be gone by now: another computer that makes and removes the same folder.
        const gone = existing === null && systemCode(error) === 'EEXIST';
        if (!gone || attempt === mostAttempts) throw translated(error, path);
      }
    }
  }

  setModified(path: string, modifiedMs: number): Promise<void> {
    // Node takes a negative number for "now", but not a negative Date.
    const time = modifiedMs < 0 ? new Date(modifiedMs) : modifiedMs / 1000;
    return translating(path, () => fs.utimes(toNativePath(path), time, time));
  }

  realPath(path: string): Promise<string> {
    return translating(path, async () =>
      fromNativeName(await fs.realpath(toNativePath(path), { encoding: 'buffer' })),
    );
  }

  space(path: string): Promise<VolumeSpace> {
    return translating(path, async () => {
      const { bsize, blocks, bfree, bavail } = await fs.statfs(toNativePath(path));
      return { used: (blocks - bfree) * bsize, free: bavail * bsize };
    });
  }

  async #list(
    path: string,
    wanted: (entry: DirectoryEntry) => boolean,
  ): Promise<readonly ListedEntry[]> {
    return this.#viaThread(
      async (threads) => unpackListing(path, await threads.list(path), wanted),
      () => listWithStats(path, wanted, this.#platform),
    );
  }

  #look(path: string, known: string | null): Promise<Look | UnchangedLook> {
    return this.#viaThread(
      async (threads) => unpackLook(await threads.look(path, known)),
      async () =>
        unlessKnown(sortOut(await listWithStats(path, isCandidate, this.#platform)), known),
    );
  }

  /** By the threads where a whole tree is listed and they run, else through Node's thread pool. */
  async #viaThread<T>(
    ask: (threads: DirectoryWorkers) => Promise<T>,
    otherwise: () => Promise<T>,
  ): Promise<T> {
    this.#listed = this.#listings === 0 ? 1 : this.#listed + 1;
    this.#listings += 1;
    try {
      const isTree = this.#listings > fewListings && this.#listed > smallTree;
      if (isTree && this.#workers.usable) await this.#workers.start();
      if (this.#workers.usable && this.#workers.ready) return await ask(this.#workers);
      return await otherwise();
    } catch (error) {
      if (!(error instanceof DirectoryThreadError)) throw error;
      return await otherwise();
    } finally {
      this.#listings -= 1;
    }
  }

  async *#chunks(path: string, start: number, end: number): AsyncGenerator<Uint8Array, void> {
    const { descriptor, size } = await translating(path, () => openForReading(path));
    try {
      let position = start;
      while (position < end) {
        // One more than is left shows the end, or that the file grew, without another read.
        const wanted = Math.min(chunkBytes, end - position, Math.max(size - position, 0) + 1);
        const chunk = await translating(path, () => readChunk(descriptor, position, wanted));
        if (chunk.length === 0) return;
        position += chunk.length;
        yield chunk;
        if (chunk.length < wanted && position >= size) return;
      }
    } finally {
      closeSync(descriptor);
    }
  }
}

/**
 * Looking at what is open and closing it go through no thread: neither waits for a disk here, and going
 * through one costs many times the call.
 */
async function openForReading(path: string): Promise<{ descriptor: number; size: number }> {
  const descriptor = await openDescriptor(toNativePath(path), readFlags);
  try {
    const stat = fstatSync(descriptor);
    if (stat.isFile()) return { descriptor, size: stat.size };
    throw fail('invalid', `${toDisplayPath(path)} is not a regular file.`);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

async function readChunk(
  descriptor: number,
  position: number,
  wanted: number,
): Promise<Uint8Array> {
  // A fresh buffer for each chunk: the caller may keep what it was given.
  const buffer = Buffer.allocUnsafeSlow(wanted);
  const { bytesRead } = await readDescriptor(descriptor, buffer, 0, wanted, position);
  return buffer.subarray(0, bytesRead);
}

function writable(path: string, handle: FileHandle): WritableFile {
  return {
    write: (bytes) =>
      translating(path, async () => {
        let written = 0;
        while (written < bytes.length) {
          written += (await handle.write(bytes, written)).bytesWritten;
        }
      }),
    sync: () => translating(path, () => handle.sync()),
    close: () => translating(path, () => handle.close()),
  };
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw fail('cancelled', 'The work was cancelled.');
}

function flag(name: 'O_NOFOLLOW' | 'O_NONBLOCK'): number {
  const table: Readonly<Record<string, unknown>> = constants;
  const value = table[name];
  return typeof value === 'number' ? value : 0;
}
