import { createHash } from 'node:crypto';

/** Length of the blocks that are hashed one by one, bytes. */
export const blockBytes = 4 * 1024 * 1024;

/**
 * Dropbox's own hash of a file: the SHA-256 of the SHA-256s of its blocks of 4 MiB, one after the other
 * (dropbox.com/developers/reference/content-hash). Two files of one content hash have one SHA-256, as surely as
 * two files of one SHA-256 are one.
 */
export class ContentHash {
  readonly #whole = createHash('sha256');

  /**
   * Takes the next piece, which begins where a block does: all pieces but the last are whole blocks.
   * @returns the content hash of the piece alone, lower-case hexadecimal
   */
  add(piece: Uint8Array): string {
    const own = createHash('sha256');
    for (let start = 0; start < piece.length; start += blockBytes) {
      const block = piece.subarray(start, start + blockBytes);
      const digest = createHash('sha256').update(block).digest();
      this.#whole.update(digest);
      own.update(digest);
    }
    return own.digest('hex');
  }

  /** Of all pieces together, lower-case hexadecimal; once. */
  digest(): string {
    return this.#whole.digest('hex');
  }
}

/** The content hash of some bytes, lower-case hexadecimal. */
export function contentHashOf(bytes: Uint8Array): string {
  return new ContentHash().add(bytes);
}
