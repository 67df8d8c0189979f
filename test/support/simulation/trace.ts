/**
 * What happened, in order: a rolling hash that two runs of one seed must share, and the last lines
 * for a person who reads a failure.
 */
export class Trace {
  readonly #limit: number;
  readonly #lines: string[] = [];
  #hash = 0x811c9dc5;
  #check = 0x1505;
  #length = 0;

  /** `limit`: lines kept. */
  constructor(limit = 400) {
    this.#limit = limit;
  }

  add(line: string): void {
    let hash = this.#hash;
    let check = this.#check;
    for (let index = 0; index < line.length; index += 1) {
      const code = line.charCodeAt(index);
      hash = Math.imul(hash ^ code, 0x01000193);
      check = (Math.imul(check, 33) + code) | 0;
    }
    this.#hash = Math.imul(hash ^ 10, 0x01000193);
    this.#check = check;
    this.#length += 1;
    this.#lines.push(line);
    if (this.#lines.length > this.#limit * 2) this.#lines.splice(0, this.#limit);
  }

  /** Lines added so far. */
  get length(): number {
    return this.#length;
  }

  /** Equal for equal sequences of lines. */
  get hash(): string {
    const part = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');
    return part(this.#hash) + part(this.#check);
  }

  /** The last lines, oldest first. */
  tail(count: number): readonly string[] {
    return this.#lines.slice(-count);
  }
}
