import { fail, failureOf } from '../../../shared/domain/failure.ts';
import type { JournalEntry } from '../../../shared/domain/journal-entry.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { PendingSegment } from '../catalog/outbox.ts';
import type { Destination } from '../destinations/contract.ts';
import { sha256Of } from '../hashing/sha256.ts';
import { parseEntry } from '../journal/entry-schema.ts';
import {
  decodeSegment,
  encodeSegment,
  maxSegmentBytes,
  maxSegmentEntries,
  splitEntries,
} from '../journal/segment-codec.ts';
import { segmentKey } from '../journal/segment-key.ts';
import type { Clock } from '../ports/clock.ts';
import { bytesSource } from './bytes-source.ts';
import { prove } from './prove.ts';
import { putProven } from './put-proven.ts';

/** What publishing needs. */
export interface JournalPorts {
  readonly catalog: Catalog;
  readonly destination: Destination;
  readonly destinationId: number;
  readonly clock: Clock;
}

/**
 * `foreign`: somebody else wrote the next segment under this device's id. `again`: what stood there was
 * damaged and is gone, or this device got a new id meanwhile; publish once more.
 */
export type Published = 'nothing' | 'published' | 'foreign' | 'again';

/**
 * Publishes the oldest waiting entries as one immutable segment. It is sealed in the catalogue first, so
 * that a restart sends the same bytes under the same number and recognises its own work.
 */
export async function publishSegment(ports: JournalPorts, signal: AbortSignal): Promise<Published> {
  const { catalog, destination, destinationId, clock } = ports;
  const segment = catalog.outbox.pending(destinationId) ?? sealSegment(catalog, destinationId);
  if (segment === null) return 'nothing';
  const key = segmentKey(requireDevice(catalog).id, segment.sequence);
  const source = bytesSource(segment.bytes, 'application/x-ndjson', clock.now());
  if ((await putProven(destination, key, source, signal)) === 'exists') {
    const expected = { hash: source.sha256, bytes: source.bytes, tag: null };
    const verdict = await prove(destination, key, expected, signal);
    if (!verdict.holds) {
      if (await holdsSegment(destination, key, signal)) return 'foreign';
      // Our own write, damaged on its way in, and the reply was lost: nobody can have used it.
      await destination.remove(key, signal);
      return 'again';
    }
  }
  return catalog.outbox.published(destinationId, segment, sha256Of(segment.bytes))
    ? 'published'
    : 'again';
}

async function holdsSegment(
  destination: Destination,
  key: string,
  signal: AbortSignal,
): Promise<boolean> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of destination.open(key, null, signal)) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > maxSegmentBytes) return false;
  }
  try {
    decodeSegment(Buffer.concat(chunks), key);
    return true;
  } catch (error) {
    if (failureOf(error).code === 'corrupt') return false;
    // A newer version's segment is one, too.
    if (failureOf(error).code === 'unsupported') return true;
    throw error;
  }
}

/** Fixes the next segment's bytes; null where no entry waits. */
function sealSegment(catalog: Catalog, destinationId: number): PendingSegment | null {
  return catalog.transaction(() => {
    const waiting = catalog.outbox.waiting(destinationId, maxSegmentEntries);
    const entries = waiting.map(({ json }) => readEntry(json));
    const [part] = splitEntries(entries);
    if (part === undefined) return null;
    const device = requireDevice(catalog);
    const { sequence, segmentHash } = catalog.deliveries.destination(destinationId);
    const segment: PendingSegment = {
      sequence: sequence + 1,
      bytes: encodeSegment({
        device: device.id,
        deviceName: device.name,
        sequence: sequence + 1,
        previous: segmentHash,
        entries: part,
      }),
      lastOutboxId: waiting[part.length - 1]?.id ?? 0,
    };
    catalog.outbox.seal(destinationId, segment);
    return segment;
  });
}

function readEntry(json: string): JournalEntry {
  const entry = parseEntry(JSON.parse(json));
  if (entry === null || entry === 'unknown') {
    throw fail('corrupt', 'The catalogue holds a journal entry that does not keep to the format.');
  }
  return entry;
}

function requireDevice(catalog: Catalog): { id: string; name: string } {
  const device = catalog.identity.device();
  if (device === null) throw fail('bug', 'The catalogue has no device id yet.');
  return device;
}
