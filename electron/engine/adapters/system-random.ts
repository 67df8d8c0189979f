import { randomBytes } from 'node:crypto';
import type { Random } from '../ports/random.ts';

/** The operating system's randomness. */
export class SystemRandom implements Random {
  fraction(): number {
    return randomBytes(6).readUIntBE(0, 6) / 2 ** 48;
  }

  bytes(count: number): Uint8Array {
    return new Uint8Array(randomBytes(count));
  }
}
