import { estimateHeight, justify, type Block, type RowOptions } from './justify.ts';
import { lastWhere, type Sections } from './sections.ts';

export interface Metrics {
  /** Pixels for rows of pictures; at least 1. */
  readonly width: number;
  /** Height that rows come close to. */
  readonly target: number;
  readonly gap: number;
  /** Height of a day's heading, and of a month's above it. */
  readonly dayHeading: number;
  readonly monthHeading: number;
  /** Pixels below a day. */
  readonly below: number;
}

/**
 * Where each section of the timeline lies: by its count until its photos are known, exactly from then on.
 * Everything in whole pixels.
 */
export class TimelineLayout {
  readonly cut: Sections;
  readonly #heights: Float64Array;
  readonly #tops: Float64Array;
  readonly #blocks = new Map<number, Block>();
  #metrics: Metrics;

  constructor(cut: Sections, metrics: Metrics) {
    this.cut = cut;
    this.#metrics = metrics;
    this.#heights = new Float64Array(cut.sections.length);
    this.#tops = new Float64Array(cut.sections.length + 1);
    this.measure(metrics);
  }

  get metrics(): Metrics {
    return this.#metrics;
  }

  /** Pixels in all. */
  get total(): number {
    return this.#tops[this.cut.sections.length] ?? 0;
  }

  /** Pixels above the section. */
  topOf(section: number): number {
    return this.#tops[section] ?? 0;
  }

  heightOf(section: number): number {
    return this.#heights[section] ?? 0;
  }

  /** Pixels of the headings at the top of a section. */
  headingOf(section: number): number {
    const { dayHeading, monthHeading } = this.#metrics;
    const { opensDay, namesMonth } = this.cut.sections[section] ?? {};
    return (opensDay === true ? dayHeading : 0) + (namesMonth === true ? monthHeading : 0);
  }

  /** The rows of a section; null until its photos are known. */
  blockOf(section: number): Block | null {
    return this.#blocks.get(section) ?? null;
  }

  /** The section at a distance from the top. */
  sectionAt(top: number): number {
    return lastWhere(this.cut.sections.length, (at) => this.topOf(at) <= top);
  }

  /** Sections that lie between two distances from the top: the first, and the one after the last. */
  sectionsBetween(top: number, bottom: number): readonly [number, number] {
    if (this.cut.sections.length === 0) return [0, 0];
    return [this.sectionAt(top), this.sectionAt(bottom) + 1];
  }

  /** Forgets all shapes and starts from estimates for other metrics. */
  measure(metrics: Metrics): void {
    this.#metrics = metrics;
    this.#blocks.clear();
    for (const [index, section] of this.cut.sections.entries()) {
      const rows = estimateHeight(section.count, this.#rowOptions(section.continues));
      this.#heights[index] = this.#withFrame(index, rows);
    }
    this.#sum(0);
  }

  /**
   * Takes the shapes of sections' photos.
   *
   * @returns by how many pixels what lies above `anchor` became longer
   */
  know(shapes: ReadonlyMap<number, readonly number[]>, anchor: number): number {
    const before = this.topOf(anchor);
    let first = Infinity;
    for (const [index, aspects] of shapes) {
      const section = this.cut.sections[index];
      if (section === undefined) continue;
      const block = justify(aspects, this.#rowOptions(section.continues));
      this.#blocks.set(index, block);
      const height = this.#withFrame(index, block.height);
      if (height === this.#heights[index]) continue;
      this.#heights[index] = height;
      first = Math.min(first, index);
    }
    if (first !== Infinity) this.#sum(first);
    return this.topOf(anchor) - before;
  }

  #sum(from: number): void {
    let top = this.topOf(from);
    for (let index = from; index < this.#heights.length; index++) {
      this.#tops[index] = top;
      top += this.#heights[index] ?? 0;
    }
    this.#tops[this.#heights.length] = top;
  }

  #withFrame(index: number, rows: number): number {
    const { gap, below } = this.#metrics;
    const continues = this.cut.sections[index]?.continues === true;
    return Math.round(this.headingOf(index) + rows + (continues ? gap : below));
  }

  #rowOptions(continues: boolean): RowOptions {
    const { width, target, gap } = this.#metrics;
    return { width, target, gap, continues };
  }
}
