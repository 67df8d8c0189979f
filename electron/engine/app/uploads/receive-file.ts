import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import { encodeName, splitExtension } from '../../../../shared/domain/portable-name.ts';
import { CloudrollError, fail, failureOf } from '../../../../shared/domain/failure.ts';
import { translated } from '../../adapters/file-system-failure.ts';
import type { FileSystem } from '../../ports/file-system.ts';
import { makeDirectories } from '../../ports/make-directories.ts';

/** Longest name in bytes that every file system takes, with room for a number. */
const longestName = 200;
/** Names that are tried before giving up: ` (2)` to this. */
const mostNames = 10_000;

export interface IncomingFile {
  readonly name: string;
  /** Bytes that were announced. */
  readonly bytes: number;
  readonly modifiedMs: number | null;
}

export interface ReceivedFile {
  /** Where it lies; null where {@link ReceiveOptions.keep} did not want it. */
  readonly path: string | null;
  readonly bytes: number;
}

export interface ReceiveOptions {
  readonly fileSystem: FileSystem;
  /** Folder that it goes to; made where there is none, with those above it. */
  readonly folder: string;
  /** Unique for this transfer. */
  readonly id: string;
  readonly onProgress: (bytes: number) => void;
  /** Whether a file with this content is wanted at all. */
  readonly keep: (sha256: string) => boolean;
}

/**
 * Writes a file that comes as bytes: under a hidden name first, durable, then under a free name of its own,
 * never over a file that is there. Whatever goes wrong leaves nothing behind.
 *
 * @throws `changed` for fewer or more bytes than were announced, `diskFull` …, `cancelled`
 */
export async function receiveFile(
  incoming: IncomingFile,
  bytes: AsyncIterable<Uint8Array>,
  options: ReceiveOptions,
  signal: AbortSignal,
): Promise<ReceivedFile> {
  const { fileSystem, folder, id, keep } = options;
  await makeDirectories(fileSystem, folder, '');
  const temporary = join(folder, `.cloudroll-${id}.part`);
  try {
    const sha256 = await write(temporary, incoming, bytes, options, signal);
    if (!keep(sha256)) return { path: null, bytes: incoming.bytes };
    if (incoming.modifiedMs !== null) await fileSystem.setModified(temporary, incoming.modifiedMs);
    const path = await publish(temporary, safeName(incoming.name), options);
    await fileSystem.syncDirectory(folder);
    return { path, bytes: incoming.bytes };
  } finally {
    await fileSystem.remove(temporary).catch(() => undefined);
  }
}

/** A name for a folder or file from what a person or a browser calls it: its last part, portable. */
export function safeName(given: string): string {
  const last = given.split(/[/\\]/u).findLast((part) => part !== '') ?? '';
  const { stem, extension } = splitExtension(last.replace(/^\.+/u, ''));
  const suffix = extension === '' ? '' : `.${extension}`;
  const name = encodeName(stem === '' ? 'photo' : stem, longestName - suffix.length);
  return `${name === '' ? 'photo' : name}${suffix}`;
}

async function write(
  path: string,
  incoming: IncomingFile,
  bytes: AsyncIterable<Uint8Array>,
  { onProgress }: ReceiveOptions,
  signal: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256');
  let taken = 0;
  let handle: FileHandle | null = null;
  try {
    handle = await open(path, 'wx', 0o600);
    for await (const chunk of bytes) {
      if (signal.aborted) throw fail('cancelled', 'The upload was cancelled.');
      taken += chunk.length;
      if (taken > incoming.bytes) throw changed();
      hash.update(chunk);
      await writeAll(handle, chunk);
      onProgress(taken);
    }
    if (signal.aborted) throw fail('cancelled', 'The upload was cancelled.');
    if (taken !== incoming.bytes) throw changed();
    await handle.sync();
    return hash.digest('hex');
  } catch (error) {
    throw error instanceof CloudrollError ? error : translated(error, path);
  } finally {
    await handle?.close();
  }
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let start = 0; start < chunk.length;) {
    start += (await handle.write(chunk, start)).bytesWritten;
  }
}

async function publish(
  temporary: string,
  name: string,
  { fileSystem, folder }: ReceiveOptions,
): Promise<string> {
  const { stem, extension } = splitExtension(name);
  const suffix = extension === '' ? '' : `.${extension}`;
  for (let number = 1; number < mostNames; number += 1) {
    const path = join(folder, number === 1 ? name : `${stem} (${String(number)})${suffix}`);
    try {
      await fileSystem.publish(temporary, path);
      return path;
    } catch (error) {
      if (failureOf(error).code !== 'conflict') throw error;
    }
  }
  throw fail('conflict', `There are too many files named ${name}.`);
}

function changed(): CloudrollError {
  return fail('changed', 'The file did not arrive as it was announced.', {
    hint: 'Drop it again.',
  });
}
