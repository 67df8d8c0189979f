import { fail } from '../../../../shared/domain/failure.ts';
import type { FileStat, FileSystem } from '../../ports/file-system.ts';
import type { MediaReader } from '../../ports/media-reader.ts';
import type { Random } from '../../ports/random.ts';
import { orCancelled, throwIfCancelled } from '../cancellation.ts';
import { quotaOf } from '../common/quota.ts';
import { systemFolder } from '../contract.ts';
import type {
  ByteRange,
  Capabilities,
  Destination,
  ObjectInfo,
  PutOptions,
  PutResult,
  Quota,
  ReopenableSource,
} from '../contract.ts';
import type { Purpose } from '../open-context.ts';
import { DestinationRoot } from './destination-root.ts';
import { DirectorySyncs } from './directory-syncs.ts';
import { DurableFolders } from './durable-folders.ts';
import { codeOf, translate } from './file-failure.ts';
import { parentOf, pathOfKey } from './file-path.ts';
import { infoOf, listObjects } from './list-objects.ts';
import { TemporaryFiles, temporaryFolder } from './temporary-files.ts';
import { writeSource } from './write-source.ts';

export interface FileDestinationOptions {
  /** Absolute path of the folder, `/`-separated. */
  readonly root: string;
  readonly fileSystem: FileSystem;
  readonly mediaReader: MediaReader;
  readonly random: Random;
  /** Default `setUp`. */
  readonly purpose?: Purpose;
  /** Stable name of this device's data directory, of which one process runs at a time. */
  readonly owner?: string;
}

/**
 * A folder, on this computer, a drive or a network share.
 *
 * An object is written to a temporary file, made durable, read back and compared, and only then published
 * under its name, which must be free. A published object is never taken back, whatever fails afterwards:
 * another device may rely on it already. {@link readBack} makes durable what it proves, because the process
 * that published the object may have died before it could.
 */
export class FileDestination implements Destination {
  readonly capabilities: Capabilities = {
    createOnly: 'atomic',
    resumable: false,
    serverHash: ['sha256'],
    list: true,
    remove: true,
    maxBytes: Number.MAX_SAFE_INTEGER,
    concurrency: { initial: 4, max: 8 },
  };
  readonly #fileSystem: FileSystem;
  readonly #mediaReader: MediaReader;
  readonly #purpose: Purpose;
  readonly #root: DestinationRoot;
  readonly #temporaries: TemporaryFiles;
  readonly #folders: DurableFolders;
  readonly #syncs: DirectorySyncs;

  constructor(options: FileDestinationOptions) {
    this.#fileSystem = options.fileSystem;
    this.#mediaReader = options.mediaReader;
    this.#purpose = options.purpose ?? 'setUp';
    this.#root = new DestinationRoot(options.root, options.fileSystem, this.#purpose);
    const { fileSystem, random, root, owner } = options;
    this.#temporaries = new TemporaryFiles(fileSystem, random, root, owner);
    this.#folders = new DurableFolders(fileSystem, root);
    this.#syncs = new DirectorySyncs(fileSystem);
  }

  async check(signal: AbortSignal): Promise<void> {
    throwIfCancelled(signal);
    if (this.#purpose === 'read') {
      await this.#root.require();
    } else if (await this.#root.exists()) {
      await this.#translated(() => this.#tryToWrite());
    } else {
      await this.#root.requireCreatable();
    }
  }

  async stat(key: string, signal: AbortSignal): Promise<ObjectInfo | null> {
    throwIfCancelled(signal);
    const path = pathOfKey(this.#root.path, key);
    if (!(await this.#root.exists())) return null;
    const stat = await this.#lookUp(path);
    // Once more, because a drive that goes away in between must not look like a missing object.
    if (stat === null) await this.#root.exists();
    return stat?.kind === 'file' ? infoOf(key, stat) : null;
  }

  async put(
    key: string,
    source: ReopenableSource,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<PutResult> {
    throwIfCancelled(signal);
    const target = pathOfKey(this.#root.path, key);
    if (key.startsWith(temporaryFolder)) {
      throw fail('invalid', `"${key}" stands where unfinished files are kept.`);
    }
    await this.#root.prepare();
    const existing = await this.#lookUp(target);
    if (existing !== null && !isReservation(existing, source)) throw conflict(key);
    const temporary = await this.#makingFolders(() => this.#temporaries.path());
    try {
      await this.#write(temporary, source, options, signal);
      throwIfCancelled(signal);
      await this.#makingFolders(() => this.#publish(temporary, target, key, existing !== null));
    } catch (error) {
      await this.#temporaries.discard(temporary);
      throw error;
    }
    await this.#translated(() => this.#syncs.sync(parentOf(target)));
    // The volume may have gone away in the middle, leaving what was written elsewhere.
    await this.#root.require();
    const stat = await this.#translated(() => this.#fileSystem.stat(target));
    const hashes = { sha256: source.sha256 };
    return { ...infoOf(key, stat), hashes, evidence: 'read-back' };
  }

  async *open(
    key: string,
    range: ByteRange | null,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    throwIfCancelled(signal);
    const path = pathOfKey(this.#root.path, key);
    await this.#root.require();
    try {
      yield* this.#fileSystem.read(path, signal, range?.start ?? 0, range?.end);
    } catch (error) {
      if (codeOf(error) === 'notFound') {
        await this.#root.require();
        throw missing(key, error);
      }
      throw translate(error, this.#root.path);
    }
  }

  async readBack(key: string, signal: AbortSignal): Promise<{ sha256: string; bytes: number }> {
    throwIfCancelled(signal);
    const path = pathOfKey(this.#root.path, key);
    await this.#root.require();
    return this.#translated(async () => {
      try {
        if (this.#purpose !== 'read') await this.#keep(path);
        const { sha256, bytes } = await orCancelled(this.#mediaReader.hash(path, signal), signal);
        await this.#root.require();
        return { sha256, bytes };
      } catch (error) {
        if (codeOf(error) !== 'notFound') throw error;
        await this.#root.require();
        throw missing(key, error);
      }
    });
  }

  async *list(prefix: string, signal: AbortSignal): AsyncGenerator<ObjectInfo> {
    if (!(await this.#root.exists())) return;
    try {
      yield* listObjects(this.#fileSystem, this.#root.path, prefix, signal);
    } catch (error) {
      throw translate(error, this.#root.path);
    }
    // A volume that went away in the middle has made the list short.
    await this.#root.require();
  }

  async remove(key: string, signal: AbortSignal): Promise<void> {
    throwIfCancelled(signal);
    const path = pathOfKey(this.#root.path, key);
    if (!(await this.#root.exists())) return;
    await this.#translated(async () => {
      try {
        await this.#fileSystem.remove(path);
        await this.#fileSystem.syncDirectory(parentOf(path));
      } catch (error) {
        if (codeOf(error) !== 'notFound') throw error;
      }
      if (key.startsWith(systemFolder)) await this.#removeEmptyFolders(path);
    });
  }

  /** That of the volume. */
  async quota(signal: AbortSignal): Promise<Quota | null> {
    throwIfCancelled(signal);
    if (!(await this.#root.exists())) return null;
    const space = await this.#translated(() => this.#fileSystem.space(this.#root.path));
    return quotaOf(space.used, space.free);
  }

  async close(): Promise<void> {
    await this.#temporaries.close();
  }

  #lookUp(path: string): Promise<FileStat | null> {
    return this.#translated(async () => {
      try {
        return await this.#fileSystem.stat(path);
      } catch (error) {
        if (codeOf(error) === 'notFound') return null;
        throw error;
      }
    });
  }

  async #write(
    temporary: string,
    source: ReopenableSource,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const ports = {
        fileSystem: this.#fileSystem,
        mediaReader: this.#mediaReader,
        translated: <T>(work: () => Promise<T>) => this.#translated(work),
      };
      await writeSource(ports, temporary, source, options, signal);
    } catch (error) {
      if (codeOf(error) !== 'notFound') throw error;
      throw this.#vanished(error);
    }
  }

  async #publish(temporary: string, target: string, key: string, reserved: boolean): Promise<void> {
    const folder = parentOf(target);
    if (!this.#folders.knows(folder)) await this.#root.require();
    await this.#folders.make(folder);
    try {
      // Whoever reserved the name may be at work: it is filled, and never free in between.
      if (reserved && (await this.#lookUp(target))?.size === 0) {
        await this.#fileSystem.replace(temporary, target);
      } else {
        await this.#fileSystem.publish(temporary, target);
      }
    } catch (error) {
      if (codeOf(error) === 'conflict') throw conflict(key);
      if (codeOf(error) !== 'notFound') throw error;
      this.#folders.forget(folder);
      throw this.#vanished(error);
    }
  }

  async #keep(path: string): Promise<void> {
    await this.#fileSystem.sync(path);
    const folder = parentOf(path);
    await this.#syncs.sync(folder);
    await this.#folders.keep(folder);
  }

  /** The app's own folders go with their last object; those of the photos stay as people know them. */
  async #removeEmptyFolders(path: string): Promise<void> {
    const last = pathOfKey(this.#root.path, systemFolder.slice(0, -1));
    for (let folder = parentOf(path); folder !== last; folder = parentOf(folder)) {
      this.#folders.forget(folder);
      try {
        await this.#fileSystem.removeDirectory(folder);
      } catch {
        return;
      }
    }
  }

  async #tryToWrite(): Promise<void> {
    const probe = await this.#temporaries.path();
    const file = await this.#fileSystem.create(probe);
    await file.close();
    await this.#fileSystem.remove(probe);
    await this.#temporaries.close();
  }

  #vanished(cause: unknown): Error {
    this.#temporaries.forget();
    return fail(
      'serverError',
      `Something else removed a file that was being written to ${this.#root.path}.`,
      {
        cause,
      },
    );
  }

  /** Where no folder can be made below the root because that is gone, its drive was taken away a moment ago. */
  async #makingFolders<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.#translated(work);
    } catch (error) {
      if (codeOf(error) === 'notFound') await this.#root.require();
      throw error;
    }
  }

  async #translated<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw translate(error, this.#root.path);
    }
  }
}

/**
 * Where a file system has no hard links, publishing reserves the name with an empty file first (see
 * `FileSystem.publish`); a process that died in between left it. No photo is hidden by it: an asset's key
 * holds the hash of its content.
 */
function isReservation(existing: { readonly size: number }, source: ReopenableSource): boolean {
  return existing.size === 0 && source.bytes > 0;
}

function conflict(key: string): Error {
  return fail('conflict', `${key} exists already.`);
}

function missing(key: string, cause: unknown): Error {
  return fail('notFound', `There is no object ${key}.`, { cause });
}
