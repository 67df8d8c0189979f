/** Randomness as the engine sees it, so that a seed can replay a whole run. */
export interface Random {
  /** Uniform in [0, 1). */
  fraction(): number;
  /** `count` random bytes. */
  bytes(count: number): Uint8Array;
}
