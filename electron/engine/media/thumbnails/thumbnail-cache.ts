import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContentHash } from '../../../../shared/domain/asset.ts';

/** The two pictures kept of an asset. */
export type PictureSize = 'grid' | 'preview';

interface CachedFile {
  readonly path: string;
  readonly bytes: number;
  readonly usedMs: number;
}

const pictureName = /^[0-9a-f]{64}\.(?:grid|preview)\.jpg$/u;
const temporaryEnding = '.tmp';
/** Eviction goes on until this share of the limit is left, so that it does not run for every picture. */
const lowWater = 0.9;
/** A used picture's time is renewed once a day at most: reading must not cost a write. */
const useGranularityMs = 86_400_000;

/**
 * Thumbnails on disk under the hash of their original: `ab/cd/<hash>.grid.jpg` and `.preview.jpg`. Everything
 * in it can be made again, so a full disk empties it and nothing here is ever worth failing for.
 */
export class ThumbnailCache {
  readonly #directory: string;
  readonly #limitBytes: number;
  #bytes: number | null = null;
  #evicting: Promise<void> | null = null;

  /**
   * @param directory made when first needed.
   * @param limitBytes the pictures' total size, kept by evicting what was not used for longest.
   */
  constructor(directory: string, limitBytes: number) {
    this.#directory = directory;
    this.#limitBytes = limitBytes;
  }

  /** Where a picture is, or null where it is not in the cache. */
  async find(hash: ContentHash, size: PictureSize): Promise<string | null> {
    const path = this.#pathOf(hash, size);
    try {
      const { mtimeMs, size: bytes } = await stat(path);
      if (bytes === 0) return null;
      const now = Date.now();
      if (now - mtimeMs > useGranularityMs) await utimes(path, now / 1000, now / 1000);
      return path;
    } catch {
      return null;
    }
  }

  /**
   * Keeps a picture; it appears whole or not at all. On a full disk half of the cache is given up for it.
   *
   * @returns its path; null where the disk refuses even then.
   */
  async store(hash: ContentHash, size: PictureSize, picture: Uint8Array): Promise<string | null> {
    const path = this.#pathOf(hash, size);
    const stored =
      (await this.#write(path, picture)) ||
      ((await this.#makeRoom()) && (await this.#write(path, picture)));
    if (!stored) return null;
    await this.#account(picture.length);
    return path;
  }

  #pathOf(hash: ContentHash, size: PictureSize): string {
    return join(this.#directory, hash.slice(0, 2), hash.slice(2, 4), `${hash}.${size}.jpg`);
  }

  async #write(path: string, picture: Uint8Array): Promise<boolean> {
    const temporary = `${path}.${randomUUID()}${temporaryEnding}`;
    try {
      await mkdir(join(path, '..'), { recursive: true });
      await writeFile(temporary, picture, { flag: 'wx' });
      await rename(temporary, path);
      return true;
    } catch {
      await rm(temporary, { force: true }).catch(() => undefined);
      return false;
    }
  }

  async #account(added: number): Promise<void> {
    if (this.#bytes === null) {
      this.#bytes = total(await this.#list());
    } else {
      this.#bytes += added;
    }
    if (this.#bytes > this.#limitBytes) await this.#evictTo(this.#limitBytes * lowWater);
  }

  async #makeRoom(): Promise<boolean> {
    const before = total(await this.#list());
    if (before === 0) return false;
    await this.#evictTo(before / 2);
    return true;
  }

  /** One eviction at a time; who comes meanwhile waits for it. */
  async #evictTo(target: number): Promise<void> {
    this.#evicting ??= this.#evict(target).finally(() => {
      this.#evicting = null;
    });
    await this.#evicting;
  }

  async #evict(target: number): Promise<void> {
    const files = [...(await this.#list())].sort((a, b) => a.usedMs - b.usedMs);
    let bytes = total(files);
    for (const file of files) {
      if (bytes <= target) break;
      await rm(file.path, { force: true }).catch(() => undefined);
      bytes -= file.bytes;
    }
    this.#bytes = bytes;
  }

  /** Everything in the cache; removes what a crash left half written. */
  async #list(): Promise<readonly CachedFile[]> {
    const files: CachedFile[] = [];
    for (const outer of await namesIn(this.#directory)) {
      for (const inner of await namesIn(join(this.#directory, outer))) {
        const folder = join(this.#directory, outer, inner);
        for (const name of await namesIn(folder)) {
          const path = join(folder, name);
          const found = await stat(path).catch(() => null);
          if (found === null) continue;
          if (pictureName.test(name)) {
            files.push({ path, bytes: found.size, usedMs: found.mtimeMs });
          } else if (
            name.endsWith(temporaryEnding) &&
            Date.now() - found.mtimeMs > useGranularityMs
          ) {
            await rm(path, { force: true }).catch(() => undefined);
          }
        }
      }
    }
    return files;
  }
}

async function namesIn(directory: string): Promise<readonly string[]> {
  return readdir(directory).catch(() => []);
}

function total(files: readonly CachedFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
