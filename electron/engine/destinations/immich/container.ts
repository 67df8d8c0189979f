import { crc32 } from 'node:zlib';

/**
 * What is no photo, as an image that a photo library takes (`build/docs/destination-format.md`): a PNG (ISO/IEC 15948) of one
 * grey pixel with a chunk `clRd` (ancillary, private, safe to copy) before its pixel. The chunk holds the length of a
 * header (4 bytes, big-endian), the header (JSON: `cloudroll` 1, `key`, `nonce`) and the bytes themselves.
 */
export interface Container {
  /** Everything before the bytes. */
  readonly head: Buffer;
  /** Everything behind them, once all of them have been counted in. */
  readonly tail: () => Buffer;
  /** Counts in the bytes, in their order. */
  readonly add: (chunk: Uint8Array) => void;
}

/** Hexadecimal digits of a nonce, which keeps equal bytes under different keys apart. */
const nonceLength = 32;

/** Most bytes that one can hold: a chunk's length is below 2^31. */
export const maxContainedBytes = 2 ** 31 - 1 - 64 * 1024;

/** @param bytes how many there will be, at most {@link maxContainedBytes} */
export function containerFor(key: string, nonce: string, bytes: number): Container {
  const header = headerOf(key, nonce);
  const start = Buffer.alloc(12);
  start.writeUInt32BE(4 + header.length + bytes, 0);
  start.write(chunkType, 4, 'latin1');
  start.writeUInt32BE(header.length, 8);
  let checksum = crc32(header, crc32(start.subarray(4)));
  return {
    head: Buffer.concat([signature, size, start, header]),
    add: (chunk) => {
      checksum = crc32(chunk, checksum);
    },
    tail: () => {
      const sum = Buffer.alloc(4);
      sum.writeUInt32BE(checksum, 0);
      return Buffer.concat([sum, pixel, end]);
    },
  };
}

/** Bytes of a container before those that it holds. */
export function containerHeadBytes(key: string): number {
  return signature.length + size.length + 12 + headerOf(key, '0'.repeat(nonceLength)).length;
}

/** Bytes of a container beside those that it holds. */
export function containerOverhead(key: string): number {
  return containerHeadBytes(key) + 4 + pixel.length + end.length;
}

const chunkType = 'clRd';

function headerOf(key: string, nonce: string): Buffer {
  return Buffer.from(JSON.stringify({ cloudroll: 1, key, nonce }), 'utf8');
}

function pngChunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(4 + typed.length + 4);
  whole.writeUInt32BE(data.length, 0);
  typed.copy(whole, 4);
  whole.writeUInt32BE(crc32(typed), 4 + typed.length);
  return whole;
}

const signature = Buffer.from('89504e470d0a1a0a', 'hex');
/** One by one pixel, eight bits of grey. */
const size = pngChunk('IHDR', Buffer.from('00000001000000010800000000', 'hex'));
/** A row without a filter and its pixel, stored uncompressed (RFC 1950, RFC 1951), so that it never changes. */
const pixel = pngChunk('IDAT', Buffer.from('7801010200fdff008000820081', 'hex'));
const end = pngChunk('IEND', Buffer.alloc(0));
