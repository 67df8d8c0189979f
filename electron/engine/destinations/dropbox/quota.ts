import { z } from 'zod';

import type { Quota } from '../contract.ts';

const bytes = z.int().nonnegative();

/** dropbox.com/developers/documentation/http/documentation#users-get_space_usage */
export const spaceSchema = z.object({
  used: bytes,
  allocation: z.union([
    z.object({ '.tag': z.literal('individual'), allocated: bytes }),
    z.object({
      '.tag': z.literal('team'),
      used: bytes,
      allocated: bytes,
      /** What the team leaves to this member; 0: no limit but the team's. */
      user_within_team_space_allocated: bytes,
    }),
    z.object({ '.tag': z.string() }).transform(() => null),
  ]),
});

/** Of a team's account whichever runs out is told: its own share, or the team's space. */
export function quotaOfAccount({ used, allocation }: z.infer<typeof spaceSchema>): Quota {
  if (allocation === null) return { usedBytes: used, totalBytes: null };
  if (allocation['.tag'] === 'individual') {
    return { usedBytes: used, totalBytes: allocation.allocated };
  }
  const own = allocation.user_within_team_space_allocated;
  return own > 0
    ? { usedBytes: used, totalBytes: own }
    : { usedBytes: allocation.used, totalBytes: allocation.allocated };
}
