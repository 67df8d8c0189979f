import type { ContentHash } from '../../../shared/domain/asset.ts';
import { failureOf, type Failure } from '../../../shared/domain/failure.ts';
import type { ReopenableSource } from '../destinations/contract.ts';
import type { FileSystem } from '../ports/file-system.ts';

/**
 * A file on this computer as the source of an upload. Remembers its own failure, so that a file that
 * cannot be read is never mistaken for a destination that fails.
 */
export class FileSource implements ReopenableSource {
  readonly bytes: number;
  readonly sha256: ContentHash;
  readonly mime: string;
  readonly modifiedMs: number;
  readonly localPath: string;
  readonly #fileSystem: FileSystem;
  #failure: Failure | null = null;

  constructor(
    fileSystem: FileSystem,
    path: string,
    asset: { hash: ContentHash; bytes: number; mime: string; modifiedMs: number },
  ) {
    this.#fileSystem = fileSystem;
    this.localPath = path;
    this.bytes = asset.bytes;
    this.sha256 = asset.hash;
    this.mime = asset.mime;
    this.modifiedMs = asset.modifiedMs;
  }

  /** Why the file could not be read, if it could not. */
  get failure(): Failure | null {
    return this.#failure;
  }

  async *open(start: number, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const chunks = this.#fileSystem.read(this.localPath, signal, start);
    try {
      yield* chunks;
    } catch (error) {
      this.#remember(error);
      throw error;
    }
  }

  async readInto(target: Uint8Array, start: number, signal: AbortSignal): Promise<number> {
    try {
      return await this.#fileSystem.readInto(this.localPath, target, start, signal);
    } catch (error) {
      this.#remember(error);
      throw error;
    }
  }

  #remember(error: unknown): void {
    const failure = failureOf(error);
    if (failure.code !== 'cancelled') this.#failure = failure;
  }
}
