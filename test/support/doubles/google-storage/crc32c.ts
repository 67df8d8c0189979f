/** CRC-32C (Castagnoli, RFC 3720 appendix B.4) a byte at a time: slow, and made apart from the product's. */
export function crc32cOf(bytes: Uint8Array): string {
  let register = 0xffffffff;
  for (const byte of bytes) register = (table[(register ^ byte) & 0xff] ?? 0) ^ (register >>> 8);
  const four = Buffer.alloc(4);
  four.writeUInt32BE((register ^ 0xffffffff) >>> 0);
  return four.toString('base64');
}

const table = Uint32Array.from({ length: 256 }, (_value, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit += 1) {
    remainder = (remainder & 1) === 1 ? (remainder >>> 1) ^ 0x82f63b78 : remainder >>> 1;
  }
  return remainder >>> 0;
});
