/**
 * Two devices raced and one content has several objects. Every device names the same one to stay: the one
 * with the smallest key, since a key never changes, whoever records it and whenever. Only an object that has
 * not the smallest key may ever be removed, and only after one with a smaller key was proven; so the
 * smallest of all that exist is safe, whatever each device knows of the others.
 */
export function planContest<T extends { readonly key: string }>(
  objects: readonly T[],
): { readonly winner: T; readonly losers: readonly T[] } | null {
  const [winner, ...losers] = objects.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return winner === undefined || losers.length === 0 ? null : { winner, losers };
}
