import { fail } from '../../../../shared/domain/failure.ts';
import type { MetadataTags } from '../../../../shared/domain/metadata-tags.ts';

/** Bits of a JPEG XL codestream, least significant first. */
class BitReader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, firstByte: number) {
    this.#bytes = bytes;
    this.#at = firstByte * 8;
  }

  take(count: number): number {
    let value = 0;
    for (let bit = 0; bit < count; bit += 1) {
      const byte = this.#bytes[this.#at >> 3];
      if (byte === undefined) throw fail('corrupt', 'The picture header is cut off.');
      value += ((byte >> (this.#at & 7)) & 1) * 2 ** bit;
      this.#at += 1;
    }
    return value;
  }
}

const ratios: readonly (readonly [number, number])[] = [
  [1, 1],
  [12, 10],
  [4, 3],
  [3, 2],
  [16, 9],
  [5, 4],
  [2, 1],
];

/** Size and orientation from a codestream's first bytes (ISO/IEC 18181-1, SizeHeader and ImageMetadata). */
export function readJxlHeader(codestream: Uint8Array): MetadataTags {
  if (codestream[0] !== 0xff || codestream[1] !== 0x0a) {
    throw fail('corrupt', 'The picture has no header.');
  }
  const bits = new BitReader(codestream, 2);
  const inEights = bits.take(1) === 1;
  const side = (): number => {
    if (inEights) return (bits.take(5) + 1) * 8;
    return bits.take([9, 13, 18, 30][bits.take(2)] ?? 9) + 1;
  };
  const height = side();
  const ratio = ratios[bits.take(3) - 1];
  const width = ratio === undefined ? side() : Math.floor((height * ratio[0]) / ratio[1]);
  const allDefault = bits.take(1) === 1;
  const extraFields = !allDefault && bits.take(1) === 1;
  const orientation = extraFields ? bits.take(3) + 1 : 1;
  return { width, height, orientation };
}
