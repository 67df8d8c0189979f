import type { ContentHash } from '../../../shared/domain/asset.ts';
import type { EvidenceMethod } from '../../../shared/domain/journal-entry.ts';
import type { Destination } from '../destinations/contract.ts';
import { sha256OfStream } from '../hashing/sha256.ts';

/** What an object must be. */
export interface Expected {
  readonly hash: ContentHash;
  readonly bytes: number;
  /** The version tag under which another device proved the object; null where there is none. */
  readonly tag: string | null;
}

export type Verdict =
  | { readonly holds: true; readonly method: EvidenceMethod; readonly tag: string | null }
  | { readonly holds: false; readonly reason: 'missing' | 'different' };

/**
 * Whether the destination holds these very bytes under a key, by its own evidence: its SHA-256, an
 * unchanged version tag of an object that was proven before, or the bytes themselves read back.
 */
export async function prove(
  destination: Destination,
  key: string,
  expected: Expected,
  signal: AbortSignal,
): Promise<Verdict> {
  const info = await destination.stat(key, signal);
  if (info === null) return { holds: false, reason: 'missing' };
  if (info.bytes !== expected.bytes) return { holds: false, reason: 'different' };
  if (info.hashes.sha256 !== undefined) {
    return info.hashes.sha256 === expected.hash
      ? { holds: true, method: 'server-sha256', tag: info.tag }
      : { holds: false, reason: 'different' };
  }
  if (expected.tag !== null && info.tag === expected.tag) {
    return { holds: true, method: 'unchanged', tag: info.tag };
  }
  const stored = await readBack(destination, key, signal);
  return stored.sha256 === expected.hash && stored.bytes === expected.bytes
    ? { holds: true, method: 'read-back', tag: info.tag }
    : { holds: false, reason: 'different' };
}

/** SHA-256 of the bytes that the destination gives back. */
export async function readBack(
  destination: Destination,
  key: string,
  signal: AbortSignal,
): Promise<{ sha256: ContentHash; bytes: number }> {
  return destination.readBack === undefined
    ? sha256OfStream(destination.open(key, null, signal))
    : destination.readBack(key, signal);
}
