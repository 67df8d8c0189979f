import { createHash } from 'node:crypto';

import { crc32c } from '@node-rs/crc32';

/** The two hashes that Google Cloud Storage knows, in its own writing. */
export interface Checksums {
  /** Base64. */
  readonly md5: string;
  /** CRC-32C (Castagnoli, RFC 3720 appendix B.4), base64 of its four bytes, the highest first. */
  readonly crc32c: string;
}

/** Computes {@link Checksums} of bytes that come one after the other. */
export class ChecksumComputer {
  readonly #md5 = createHash('md5');
  #crc32c = 0;

  update(bytes: Uint8Array): void {
    this.#md5.update(bytes);
    this.#crc32c = crc32c(bytes, this.#crc32c);
  }

  /** Of everything so far. */
  current(): Checksums {
    const four = Buffer.alloc(4);
    four.writeUInt32BE(this.#crc32c);
    return { md5: this.#md5.copy().digest('base64'), crc32c: four.toString('base64') };
  }
}
