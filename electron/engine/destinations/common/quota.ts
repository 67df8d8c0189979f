import type { Quota } from '../contract.ts';

/**
 * The quota that a server's figures come to, bytes. Null where they say nothing: some mounted clouds and
 * network folders report no space at all, or more than there is in the world.
 * @param free for this user; null where there is no limit or none is told
 */
export function quotaOf(used: number, free: number | null): Quota | null {
  if (!isBytes(used)) return null;
  if (free === null || !isBytes(free) || !isBytes(used + free)) {
    return used === 0 ? null : { usedBytes: used, totalBytes: null };
  }
  return used + free === 0 ? null : { usedBytes: used, totalBytes: used + free };
}

function isBytes(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
