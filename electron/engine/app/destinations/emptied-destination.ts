import { parseDestinationUrl } from '../../../../shared/domain/destination-url.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { Engine } from '../../runtime/engine.ts';
import { readMarker } from '../../transfer/marker.ts';

/** Longest look at a destination that does not answer as it should, milliseconds. */
const longestLookMs = 10_000;

/**
 * Whether a backup folder is there but does not hold the backup that is known of it. False for one that is away,
 * for one that was never set up, and for destinations other than folders. Whether it was emptied on purpose, or
 * another drive is mounted in its place, only a person knows.
 */
export async function isEmptied(engine: Engine, catalog: Catalog, url: string): Promise<boolean> {
  const place = parseDestinationUrl(url);
  if (place.scheme !== 'file') return false;
  const { marker } = catalog.deliveries.ensureDestination(url, url);
  if (marker === null) return false;
  try {
    const destination = await engine.open(place, 'read');
    try {
      const signal = AbortSignal.timeout(longestLookMs);
      await destination.check(signal);
      return (await readMarker(destination, signal)) !== marker;
    } finally {
      await engine.release(destination);
    }
  } catch {
    // It is away, as its failure says.
    return false;
  }
}
