import type { Destination } from '../destinations/contract.ts';

/**
 * The key under which a destination shows the object that stands under `key`. Where upper and lower case, or
 * ways of writing an accent, are not told apart, a key leads to an object that another device made under one
 * that is written otherwise. On record as two, it would look like a duplicate, of which one copy may go.
 */
export async function shownKey(
  destination: Destination,
  key: string,
  signal: AbortSignal,
): Promise<string> {
  if (!destination.capabilities.list) return key;
  let alias: string | null = null;
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  for await (const shown of destination.list(folder, signal)) {
    if (shown.key === key) return key;
    if (mayBeOne(shown.key, key)) alias = shown.key;
  }
  return alias ?? key;
}

/** Whether some file system takes two keys for one name; rather too often than too rarely. */
export function mayBeOne(key: string, other: string): boolean {
  return folded(key) === folded(other);
}

/** By way of upper case, since that is where `ß` and `SS` or `ſ` and `s` meet. */
function folded(key: string): string {
  return key.normalize('NFKD').toUpperCase().toLowerCase();
}
