import type { ContentHash } from '../../../shared/domain/asset.ts';

/** An object that must be at the destination. */
export interface ExpectedObject {
  /** Identifies the object within the ledger. */
  readonly id: number;
  readonly key: string;
  readonly hash: ContentHash;
  readonly bytes: number;
}

/** What must be at one destination, and when each object's bytes were last read; kept in the catalogue. */
export interface VerifyLedger {
  /** How many objects are expected. */
  count(): number;
  lookup(key: string): ExpectedObject | null;
  /** Every expected object, each once. */
  expected(): Iterable<ExpectedObject>;
  /** Known contents whose hash begins so: what an object without a record may be. */
  contentsByPrefix(hashPrefix: string): readonly { hash: ContentHash; bytes: number }[];
  /**
   * Expected objects whose bytes were not read at or after `beforeMs`, those never read first and then the
   * oldest reading first; at most `limit`.
   */
  leastLatelyRead(beforeMs: number, limit: number): readonly ExpectedObject[];
  /** How many expected objects were read at or after `sinceMs`. */
  countReadSince(sinceMs: number): number;
  /** Remembers that reading was tried, whatever came of it. `atMs`: milliseconds since 1970. */
  recordRead(id: number, atMs: number): void;
}
