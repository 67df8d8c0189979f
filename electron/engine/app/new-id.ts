import type { Random } from '../ports/random.ts';

/** A fresh opaque id of 16 hexadecimal digits. */
export function newId(random: Random): string {
  return Buffer.from(random.bytes(8)).toString('hex');
}
