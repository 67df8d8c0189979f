import type { Random } from '../../../electron/engine/ports/random.ts';

/** 32-bit FNV-1a of a text: spreads seeds and labels over the generator's state. */
function hashText(text: string, start: number): number {
  let hash = start;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/**
 * A small fast generator (sfc32) whose whole sequence follows from a seed and a label. Streams for
 * different labels are independent: drawing more from one never changes another, which is what lets
 * the shrinker leave out a fault without turning the rest of the schedule into a different one.
 */
export class SeededRandom implements Random {
  readonly #seed: number;
  readonly #label: string;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, label = '') {
    this.#seed = seed;
    this.#label = label;
    const text = `${String(seed)}/${label}`;
    this.#a = hashText(text, 0x811c9dc5);
    this.#b = hashText(text, 0x9e3779b9);
    this.#c = hashText(text, 0x85ebca6b);
    for (let round = 0; round < 12; round += 1) this.#next();
  }

  /** An independent stream named below this one; the same name gives the same stream. */
  fork(label: string): SeededRandom {
    return new SeededRandom(this.#seed, `${this.#label}/${label}`);
  }

  fraction(): number {
    return this.#next() / 0x1_0000_0000;
  }

  bytes(count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    for (let index = 0; index < count; index += 1) bytes[index] = this.#next() & 0xff;
    return bytes;
  }

  /** A whole number in [0, limit). */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  /** A whole number in [from, to], both included. */
  between(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** One of the items, each as likely; throws where there is none. */
  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('There is nothing to pick from.');
    return item;
  }

  #next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum >>> 0;
  }
}
