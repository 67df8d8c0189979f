import type { ContentHash as Sha256 } from '../../../../shared/domain/asset.ts';

/**
 * Which SHA-256 belongs to which content hash, as far as both were computed here from the same bytes. With it
 * Dropbox's word about a file that it stores counts for its SHA-256, and a file that is there already need not be
 * read back.
 */
export class KnownContents {
  readonly #sha256s = new Map<string, Sha256>();

  learn(contentHash: string, sha256: Sha256): void {
    // Again at the end: the oldest goes first.
    this.#sha256s.delete(contentHash);
    this.#sha256s.set(contentHash, sha256);
    if (this.#sha256s.size <= most) return;
    for (const oldest of this.#sha256s.keys()) {
      this.#sha256s.delete(oldest);
      return;
    }
  }

  sha256Of(contentHash: string): Sha256 | undefined {
    return this.#sha256s.get(contentHash);
  }
}

/** About two megabytes. */
const most = 10_000;
