/** One row of pictures: all of one height, side by side over the whole width. */
export interface Row {
  /** Index of the first picture. */
  readonly first: number;
  /** Pixels from the top of the block. */
  readonly top: number;
  readonly height: number;
  /** Pixels from the left, one for each picture. */
  readonly lefts: readonly number[];
  readonly widths: readonly number[];
}

export interface Block {
  readonly rows: readonly Row[];
  readonly height: number;
}

export interface RowOptions {
  /** Pixels available; at least 1. */
  readonly width: number;
  /** Height that rows come close to, in pixels. */
  readonly target: number;
  /** Pixels between pictures. */
  readonly gap: number;
  /** Whether the last row is stretched to the width too, because more follows it. */
  readonly continues: boolean;
}

/** Pictures that are wider or taller than this show their middle. */
const NARROWEST = 0.5;
const WIDEST = 3;
/** A last row is stretched when that makes it at most so much higher than the others. */
const STRETCHED = 1.25;

/**
 * Puts pictures into rows in their order. Each full row is exactly `width` pixels wide, whole pixels
 * everywhere, and about `target` high.
 *
 * @param aspects width by height of each picture
 */
export function justify(aspects: readonly number[], options: RowOptions): Block {
  const shapes = aspects.map(layoutAspect);
  const rows: Row[] = [];
  let top = 0;
  for (let first = 0; first < shapes.length;) {
    const count = rowLength(shapes, first, options);
    const row = makeRow(
      shapes.slice(first, first + count),
      first,
      top,
      options,
      first + count === shapes.length,
    );
    rows.push(row);
    top += row.height + options.gap;
    first += count;
  }
  return { rows, height: rows.length === 0 ? 0 : top - options.gap };
}

/** Height in pixels that so many pictures of unknown shape will about need. */
export function estimateHeight(count: number, { width, target, gap }: RowOptions): number {
  if (count === 0) return 0;
  const perRow = Math.max(1, width / (target * TYPICAL + gap));
  return Math.ceil(count / perRow) * (target + gap) - gap;
}

/** Between 4:3 lying and the share of standing pictures. */
const TYPICAL = 1.25;

/** The shape in which a picture is shown in a row; square where it is not known. */
export function layoutAspect(aspect: number): number {
  if (!Number.isFinite(aspect) || aspect <= 0) return 1;
  return Math.min(WIDEST, Math.max(NARROWEST, aspect));
}

/** How many pictures from `first` on make a row whose height comes closest to the target. */
function rowLength(shapes: readonly number[], first: number, options: RowOptions): number {
  let sum = 0;
  let before = Infinity;
  for (let index = first; index < shapes.length; index++) {
    sum += shapes[index] ?? 1;
    const count = index - first + 1;
    const height = heightOf(sum, count, options);
    if (height <= options.target) {
      const without = before / options.target;
      const including = options.target / Math.max(1, height);
      return count > 1 && without < including ? count - 1 : count;
    }
    before = height;
  }
  return shapes.length - first;
}

function heightOf(sum: number, count: number, { width, gap }: RowOptions): number {
  return (width - gap * (count - 1)) / sum;
}

function makeRow(
  shapes: readonly number[],
  first: number,
  top: number,
  options: RowOptions,
  last: boolean,
): Row {
  const { width, target, gap, continues } = options;
  const sum = shapes.reduce((total, shape) => total + shape, 0);
  const full = heightOf(sum, shapes.length, options);
  const stretch = !last || continues || full <= target * STRETCHED;
  const height = Math.max(1, Math.round(stretch ? Math.min(full, target * 2) : target));
  // Rounding a running edge instead of each width keeps the row exactly as wide as it has to be.
  const lefts: number[] = [];
  const widths: number[] = [];
  const space = stretch && full <= target * 2 ? width - gap * (shapes.length - 1) : sum * height;
  let taken = 0;
  for (const [index, shape] of shapes.entries()) {
    const left = Math.round((taken / sum) * space);
    taken += shape;
    const right = Math.round((taken / sum) * space);
    lefts.push(left + index * gap);
    widths.push(Math.max(1, right - left));
  }
  return { first, top, height, lefts, widths };
}
