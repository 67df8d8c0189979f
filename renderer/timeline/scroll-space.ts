/** Browsers cut boxes off at about 33 million pixels; beyond this the scroll bar stands for more than it is long. */
export const LONGEST = 10_000_000;

/**
 * Joins the browser's scroll position to a place in a content that may be far longer. Scrolling by wheel,
 * keys or finger moves the content pixel by pixel; only a jump (the scroll bar dragged) is scaled. Between
 * the two, `offset` says how far the content is ahead of the scroll position; `settle` takes it back while
 * nothing moves.
 */
export class ScrollSpace {
  /** Pixels from the content's beginning to what is at the top of the viewport. */
  top = 0;
  /** `top` minus the browser's scroll position. */
  offset = 0;
  #total = 0;
  #viewport = 1;
  #last = 0;

  /** Length of the content and of what is seen of it, in pixels. */
  resize(total: number, viewport: number): void {
    this.#total = total;
    this.#viewport = Math.max(1, viewport);
    this.top = this.#within(this.top);
  }

  /** Length of the box that the browser scrolls. */
  get length(): number {
    return Math.max(this.#viewport, Math.min(this.#total, LONGEST));
  }

  /** The largest `top`. */
  get end(): number {
    return Math.max(0, this.#total - this.#viewport);
  }

  /** Takes the browser's new scroll position. True: the browser has to be settled at once. */
  scrolled(position: number): boolean {
    const distance = Math.abs(position - this.#last);
    this.#last = position;
    if (this.#isScaled && distance > this.#viewport * 4) {
      this.top = this.#within(this.#topAt(position));
      this.offset = this.top - position;
      return false;
    }
    this.top = this.#within(position + this.offset);
    return this.#isStuck(position);
  }

  /** Content above the viewport became so much longer: what is seen stays where it is. */
  shift(distance: number): void {
    this.top += distance;
    this.offset += distance;
  }

  /** Goes to a place. Returns the browser's scroll position for it. */
  jump(top: number): number {
    this.top = this.#within(top);
    return this.settle();
  }

  /** The scroll position that the browser should have for where the content is. */
  settle(): number {
    const position = Math.round(this.#positionOf(this.top));
    this.offset = this.top - position;
    this.#last = position;
    return position;
  }

  /** The largest scroll position. */
  get #room(): number {
    return this.length - this.#viewport;
  }

  get #isScaled(): boolean {
    return this.end > this.#room;
  }

  /** Near both ends a pixel is a pixel, so that they are reached as in any other page. */
  get #edge(): number {
    return Math.min(this.#viewport * 20, this.#room / 4);
  }

  #positionOf(top: number): number {
    const room = this.#room;
    const edge = this.#edge;
    if (!this.#isScaled || top <= edge) return top;
    if (this.end - top <= edge) return room - (this.end - top);
    return edge + ((top - edge) / (this.end - 2 * edge)) * (room - 2 * edge);
  }

  #topAt(position: number): number {
    const room = this.#room;
    const edge = this.#edge;
    if (!this.#isScaled || position <= edge) return position;
    if (room - position <= edge) return this.end - (room - position);
    return edge + ((position - edge) / (room - 2 * edge)) * (this.end - 2 * edge);
  }

  /** Whether the browser is about to reach an end before the content does, or the other way round. */
  #isStuck(position: number): boolean {
    const wanted = this.#positionOf(this.top);
    const near = Math.min(this.#viewport, this.#room / 4);
    const closeToEnd = position < near || position > this.#room - near;
    return closeToEnd && Math.abs(wanted - position) >= 1;
  }

  #within(top: number): number {
    return Math.min(Math.max(0, top), this.end);
  }
}
