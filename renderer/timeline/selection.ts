/** Which photos are selected, and where a range would begin. */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** Index in the timeline of the photo that was clicked last. */
  readonly anchor: number | null;
}

export const NOTHING: Selection = { ids: new Set(), anchor: null };

/** The most that can be selected at once: what the engine takes in one request. */
export const MOST = 10_000;

/** Takes a photo in, or out where it is in. */
export function toggle(selection: Selection, id: string, index: number): Selection {
  const ids = new Set(selection.ids);
  if (!ids.delete(id) && ids.size < MOST) ids.add(id);
  return { ids, anchor: index };
}

/** Takes photos in (or out), up to the most there can be. */
export function change(
  selection: Selection,
  ids: Iterable<string>,
  selected: boolean,
  anchor: number | null = selection.anchor,
): Selection {
  const next = new Set(selection.ids);
  for (const id of ids) {
    if (!selected) next.delete(id);
    else if (next.size < MOST) next.add(id);
  }
  return { ids: next, anchor };
}

/** From and to (inclusive) of the photos between two places in the timeline, whichever comes first. */
export function between(one: number, other: number): readonly [number, number] {
  return [Math.min(one, other), Math.max(one, other)];
}
