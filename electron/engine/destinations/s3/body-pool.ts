/** Rooms of which there are spares, bytes; the next one after them is as large as it has to be. */
const roomBytes = [128 * 1024, 1024 * 1024, 4 * 1024 * 1024] as const;

/**
 * Memory for the bodies of uploads, used again and again: what is allocated anew for each photo makes the garbage
 * collector run every few photos, which costs more than sending them. Spares go when nothing is lent any more.
 */
export class BodyPool {
  readonly #largest: number;
  readonly #spares = new Map<number, Buffer[]>();
  #lent = 0;

  /** @param largest the largest room that is kept, bytes */
  constructor(largest: number) {
    this.#largest = largest;
  }

  /**
   * Lends room for at least so many bytes to `work`, which says whether nothing looks at it any more when it has
   * resolved. Where it says otherwise or rejects, the room is left to whoever may still hold it.
   */
  async lend<T>(
    bytes: number,
    work: (room: Buffer) => Promise<{ readonly value: T; readonly done: boolean }>,
  ): Promise<T> {
    const size = this.#sizeFor(bytes);
    const room = this.#spares.get(size)?.pop() ?? Buffer.allocUnsafeSlow(size);
    this.#lent += 1;
    try {
      const { value, done } = await work(room);
      if (done && size <= this.#largest) this.#keep(room);
      return value;
    } finally {
      this.#lent -= 1;
      if (this.#lent === 0) this.#spares.clear();
    }
  }

  #sizeFor(bytes: number): number {
    if (bytes < smallest) return bytes;
    const sizes = [...roomBytes, this.#largest];
    return sizes.find((size) => size >= bytes) ?? bytes;
  }

  #keep(room: Buffer): void {
    if (room.length < smallest) return;
    const spares = this.#spares.get(room.length) ?? [];
    spares.push(room);
    this.#spares.set(room.length, spares);
  }
}

/** Below this a room costs less than keeping it. */
const smallest = 16 * 1024;
