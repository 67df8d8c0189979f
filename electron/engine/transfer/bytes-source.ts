import type { ReopenableSource } from '../destinations/contract.ts';
import { sha256Of } from '../hashing/sha256.ts';

/** Bytes in memory as the source of an upload: journal segments and the destination's marker. */
export function bytesSource(bytes: Uint8Array, mime: string, modifiedMs: number): ReopenableSource {
  return {
    bytes: bytes.byteLength,
    sha256: sha256Of(bytes),
    mime,
    modifiedMs,
    // eslint-disable-next-line @typescript-eslint/require-await -- the contract is asynchronous, memory is not
    async *open(start: number) {
      if (start < bytes.byteLength) yield bytes.subarray(start);
    },
  };
}
