const firstMs = 500;
const longestMs = 60_000;

/** A process that ran for this long before it ended starts the count of crashes anew, milliseconds. */
export const steadyMs = 60_000;

/**
 * How long to wait before the engine is started again: half a second after the first crash, twice as long
 * after each further one, a minute at most.
 *
 * @param crashes in a row, at least 1
 */
export function restartDelayMs(crashes: number): number {
  return Math.min(longestMs, firstMs * 2 ** Math.min(crashes - 1, 16));
}
