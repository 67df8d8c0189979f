/** Time as the engine sees it. Safety never depends on `now`; waiting uses `monotonic` and `sleep`. */
export interface Clock {
  /** Wall clock, milliseconds since 1970; may jump. */
  now(): number;
  /** Milliseconds that only grow. */
  monotonic(): number;
  /** Resolves after `milliseconds`, 0 being once everything has had its turn that is ready now; rejects with a `cancelled` failure when the signal aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}
