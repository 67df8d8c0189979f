import type { Destination } from '../destinations/contract.ts';
import { readNewSegments } from '../journal/read-segments.ts';
import { segmentKey } from '../journal/segment-key.ts';
import type { StrayPorts } from './claim-strays.ts';
import { prove, readBack } from './prove.ts';

/**
 * Whether a destination whose marker is not the remembered one is the same backup all the same: two devices
 * that set it up at once may have overwritten each other's marker where the server cannot prevent it, and a
 * marker may be lost. This device's own latest journal segment, or else a photo that it proved there (which
 * another device may have given up in favour of its own), tells.
 * With no claim at all there is nothing to be wrong about.
 */
export async function holdsOwnTrace(ports: StrayPorts, signal: AbortSignal): Promise<boolean> {
  const { catalog, destination, destinationId } = ports;
  const journal = await ownJournal(ports, signal);
  if (journal !== 'none') return journal === 'stands';
  const claimed = catalog.totals.anyVerified(destinationId);
  if (claimed === null) return true;
  const verdict = await prove(destination, claimed.key, { ...claimed, tag: null }, signal);
  return verdict.holds || (await isRetired(destination, claimed.key, signal));
}

/** Whether some device has announced there that it gives up this object in favour of another one. */
async function isRetired(
  destination: Destination,
  key: string,
  signal: AbortSignal,
): Promise<boolean> {
  for await (const reading of readNewSegments(destination, new Map(), signal)) {
    if (reading.kind !== 'segment') continue;
    const { entries } = reading.segment;
    if (entries.some((entry) => entry.type === 'retired' && entry.key === key)) return true;
  }
  return false;
}

/**
 * How this device's latest journal segment stands at the destination: `none` where it has not published any
 * yet; `lost` where it is gone, or where a clone of this computer wrote another one over it, which some
 * servers cannot prevent. What only that segment told is in no journal then.
 */
export async function ownJournal(
  ports: StrayPorts,
  signal: AbortSignal,
): Promise<'none' | 'stands' | 'lost'> {
  const { catalog, destination, destinationId } = ports;
  const { sequence, segmentHash } = catalog.deliveries.destination(destinationId);
  const device = catalog.identity.device();
  if (device === null || segmentHash === null) return 'none';
  const key = segmentKey(device.id, sequence);
  const info = await destination.stat(key, signal);
  if (info === null) return 'lost';
  const sha256 = info.hashes.sha256 ?? (await readBack(destination, key, signal)).sha256;
  return sha256 === segmentHash ? 'stands' : 'lost';
}
