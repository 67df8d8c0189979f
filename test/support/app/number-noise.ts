/** A number from 0 to 1 (exclusive) that depends on its arguments alone (mixing steps of MurmurHash3, public domain). */
export function noise(seed: number, salt: number): number {
  let hash = (seed ^ Math.imul(salt + 1, 0x9e3779b1)) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) >>> 0;
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000;
}

/** One of the list, by the same numbers each time. */
export function pick<T>(list: readonly [T, ...T[]], seed: number, salt: number): T {
  return list[Math.floor(noise(seed, salt) * list.length)] ?? list[0];
}
