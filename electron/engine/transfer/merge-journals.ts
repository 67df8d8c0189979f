import type { Failure } from '../../../shared/domain/failure.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Destination } from '../destinations/contract.ts';
import { sha256Of } from '../hashing/sha256.ts';
import { readNewSegments, type JournalPosition } from '../journal/read-segments.ts';
import type { Clock } from '../ports/clock.ts';

export interface MergeResult {
  /** An id of this device that somebody else writes under; null where nobody does. */
  readonly cloned: string | null;
  /** Devices whose journal could not be read to its end. */
  readonly problems: readonly { device: string; failure: Failure }[];
}

/**
 * Takes over what all devices have journalled at a destination since the last time. This device's own
 * journal is read along: a segment there that this catalogue did not write tells of a clone.
 */
export async function mergeJournals(
  ports: { catalog: Catalog; destination: Destination; destinationId: number; clock: Clock },
  signal: AbortSignal,
): Promise<MergeResult> {
  const { catalog, destination, destinationId, clock } = ports;
  const problems: { device: string; failure: Failure }[] = [];
  let cloned: string | null = null;
  for await (const reading of readNewSegments(
    destination,
    positions(catalog, destinationId),
    signal,
  )) {
    // Asked each time: a clone may be noticed at another destination in the meantime.
    if (reading.device === catalog.identity.device()?.id) {
      if (!adoptOwnSegment(catalog, destinationId, reading)) cloned = reading.device;
    } else if (reading.kind === 'problem') {
      problems.push({ device: reading.device, failure: reading.failure });
    } else {
      const { device, sequence, sha256, segment } = reading;
      const { deviceName, entries } = segment;
      catalog.applySegment(
        destinationId,
        { device, sequence, sha256 },
        deviceName,
        entries,
        clock.now(),
      );
    }
  }
  return { cloned, problems };
}

/** A segment of our own beyond what we know is the one we sealed before a crash, or not ours. */
function adoptOwnSegment(
  catalog: Catalog,
  destinationId: number,
  reading: { kind: 'segment' | 'problem'; sequence: number; sha256?: string },
): boolean {
  const { sequence } = catalog.deliveries.destination(destinationId);
  if (reading.sequence <= sequence) return true;
  const pending = catalog.outbox.pending(destinationId);
  if (pending?.sequence !== reading.sequence) return false;
  // Our own write, damaged on its way in: publishing it again mends it.
  if (reading.kind === 'problem') return true;
  if (reading.sha256 !== sha256Of(pending.bytes)) return false;
  return catalog.outbox.published(destinationId, pending, reading.sha256);
}

function positions(catalog: Catalog, destinationId: number): Map<string, JournalPosition> {
  const known = new Map<string, JournalPosition>(
    catalog.outbox.peers(destinationId).map((peer) => [peer.device, peer]),
  );
  const device = catalog.identity.device();
  const { sequence, segmentHash } = catalog.deliveries.destination(destinationId);
  if (device !== null && segmentHash !== null) {
    known.set(device.id, { sequence, sha256: segmentHash });
  }
  return known;
}
