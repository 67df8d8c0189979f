/** What a figure has to keep to: its ratio to the peer's, or itself. */
export interface Goal {
  readonly of: 'ratio' | 'value';
  readonly direction: 'atMost' | 'atLeast';
  readonly limit: number;
}

/** A peer's figure; null where the peer is not there. */
export interface PeerFigure {
  readonly name: string;
  readonly value: number | null;
}

/** One line of the table. */
export interface Row {
  /** Stable, to find the same row in an earlier run. */
  readonly id: string;
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  readonly peer: PeerFigure | null;
  /** Ours by the peer's; null without one. */
  readonly ratio: number | null;
  readonly goal: Goal | null;
  /** Null where there is no goal, or nothing to hold the figure against. */
  readonly met: boolean | null;
}

/** A row from its figures; null where the figure itself could not be had. */
export function rowOf(figures: {
  readonly id: string;
  readonly what: string;
  readonly unit: string;
  readonly ours: number | null | undefined;
  readonly peer?: { readonly name: string; readonly value: number | null | undefined };
  readonly goal?: Goal;
}): Row | null {
  const { id, what, unit, ours, peer, goal } = figures;
  if (ours === null || ours === undefined) return null;
  const theirs = peer?.value ?? null;
  const ratio = theirs === null || theirs === 0 ? null : ours / theirs;
  return {
    id,
    what,
    unit,
    ours,
    peer: peer === undefined ? null : { name: peer.name, value: theirs },
    ratio,
    goal: goal ?? null,
    met: goal === undefined ? null : meets(goal.of === 'ratio' ? ratio : ours, goal),
  };
}

/** Ours is at most, or at least, so many times the peer's. */
export function timesPeer(direction: Goal['direction'], limit: number): Goal {
  return { of: 'ratio', direction, limit };
}

/** The figure itself is at most so much. */
export function atMost(limit: number): Goal {
  return { of: 'value', direction: 'atMost', limit };
}

/** The rows that could be had. */
export function present(rows: readonly (Row | null)[]): Row[] {
  return rows.filter((row) => row !== null);
}

function meets(figure: number | null, goal: Goal): boolean | null {
  if (figure === null) return null;
  return goal.direction === 'atMost' ? figure <= goal.limit : figure >= goal.limit;
}
