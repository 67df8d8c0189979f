import { segmentKey } from '../journal/segment-key.ts';
import type { StrayPorts } from './claim-strays.ts';
import { prove, readBack } from './prove.ts';

/**
 * Whether a destination whose marker is not the remembered one is the same backup all the same: two devices
 * that set it up at once may have overwritten each other's marker where the server cannot prevent it, and a
 * marker may be lost. This device's own latest journal segment, or else a photo that it proved there, tells.
 * With no claim at all there is nothing to be wrong about.
 */
export async function holdsOwnTrace(ports: StrayPorts, signal: AbortSignal): Promise<boolean> {
  const { catalog, destination, destinationId } = ports;
  const { sequence, segmentHash } = catalog.deliveries.destination(destinationId);
  const device = catalog.identity.device();
  if (device !== null && segmentHash !== null) {
    const key = segmentKey(device.id, sequence);
    if ((await destination.stat(key, signal)) === null) return false;
    return (await readBack(destination, key, signal)).sha256 === segmentHash;
  }
  const claimed = catalog.totals.anyVerified(destinationId);
  if (claimed === null) return true;
  return (await prove(destination, claimed.key, { ...claimed, tag: null }, signal)).holds;
}
