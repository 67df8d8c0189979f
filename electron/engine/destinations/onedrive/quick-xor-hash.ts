const widthBytes = 20;
const widthBits = widthBytes * 8;
const shiftBits = 11;
/** Bytes after which the shift comes back to where it was. */
const periodBytes = widthBits;
/** Whole periods that stay in a processor's nearest memory while they are gone through. */
const blockWords = (100 * periodBytes) / 4;

/**
 * QuickXorHash, the one hash that every OneDrive tells of a file: each byte is XORed into 160 bits, 11 bits
 * further on than the one before, and the length into the last 64
 * (learn.microsoft.com/onedrive/developer/code-snippets/quickxorhash).
 *
 * It says when bytes differ, never that they are the same: bytes that are 160 apart fall on the same bits, so
 * that two parts of a file that changed places leave it as it was.
 */
export class QuickXorHash {
  /** What fell on each place of the period; folded into the hash at its end. */
  readonly #columns = new Uint8Array(periodBytes);
  /** The same, four at once. */
  readonly #words = new Uint32Array(this.#columns.buffer);
  #bytes = 0;

  update(chunk: Uint8Array): this {
    const first = Math.min(chunk.length, (periodBytes - (this.#bytes % periodBytes)) % periodBytes);
    const wholePeriods = Math.floor((chunk.length - first) / periodBytes) * periodBytes;
    this.#addBytes(chunk.subarray(0, first));
    this.#addPeriods(chunk.subarray(first, first + wholePeriods));
    this.#addBytes(chunk.subarray(first + wholePeriods));
    return this;
  }

  /** In base64, as Graph writes it. */
  digest(): string {
    const hash = new Uint8Array(widthBytes);
    for (const [index, byte] of this.#columns.entries()) {
      const bit = (index * shiftBits) % widthBits;
      const first = bit >> 3;
      const spread = byte << (bit & 7);
      hash[first] = (hash[first] ?? 0) ^ (spread & 0xff);
      const second = (first + 1) % widthBytes;
      hash[second] = (hash[second] ?? 0) ^ (spread >> 8);
    }
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(this.#bytes));
    for (const [index, byte] of length.entries()) {
      const place = widthBytes - length.length + index;
      hash[place] = (hash[place] ?? 0) ^ byte;
    }
    return Buffer.from(hash).toString('base64');
  }

  #addBytes(bytes: Uint8Array): void {
    const columns = this.#columns;
    let column = this.#bytes % periodBytes;
    for (const byte of bytes) {
      columns[column] = (columns[column] ?? 0) ^ byte;
      column = column + 1 === periodBytes ? 0 : column + 1;
    }
    this.#bytes += bytes.length;
  }

  /** From the beginning of a period to the end of one. */
  #addPeriods(bytes: Uint8Array): void {
    const source = wordsOf(bytes);
    const words = this.#words;
    for (let start = 0; start < source.length; start += blockWords) {
      const end = Math.min(start + blockWords, source.length);
      for (let word = 0; word < words.length; word += 1) {
        let sum = words[word] ?? 0;
        for (let at = start + word; at < end; at += words.length) sum ^= source[at] ?? 0;
        words[word] = sum;
      }
    }
    this.#bytes += bytes.length;
  }
}

/** The same bytes four at once; copied only where they do not begin where a word may. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes);
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}
