import { isAssetKey } from '../../../shared/domain/object-key.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Destination } from '../destinations/contract.ts';
import type { Clock } from '../ports/clock.ts';
import { prove } from './prove.ts';

export interface StrayPorts {
  readonly catalog: Catalog;
  readonly destination: Destination;
  readonly destinationId: number;
  readonly clock: Clock;
}

/**
 * Notes the photos at a destination that no journal names: uploads whose device died, or lost its
 * catalogue, before it could tell. Only needed where this catalogue cannot know of its own past there.
 */
export async function findStrays(ports: StrayPorts, signal: AbortSignal): Promise<void> {
  const { catalog, destination, destinationId } = ports;
  if (!destination.capabilities.list) return;
  for await (const { key, bytes } of destination.list('', signal)) {
    const parts = isAssetKey(key);
    if (parts === null) continue;
    const state = catalog.objects.byKey(destinationId, key)?.state;
    if (state === 'present' || state === 'retiring') continue;
    catalog.objects.addStray(destinationId, { key, bytes, hashPrefix: parts.hashPrefix });
  }
}

/** Proves and journals every stray whose content is known by now; the rest wait until it is. */
export async function claimStrays(ports: StrayPorts, signal: AbortSignal): Promise<void> {
  const { catalog, destination, destinationId, clock } = ports;
  for (const stray of catalog.objects.claimableStrays(destinationId)) {
    const { key, bytes, hash, assetId } = stray;
    if (catalog.objects.byKey(destinationId, key)?.state !== 'present') {
      const verdict = await prove(destination, key, { hash, bytes, tag: null }, signal);
      if (verdict.holds) {
        const proof = { key, method: verdict.method, tag: verdict.tag };
        catalog.recordObject(destinationId, assetId, proof, clock.now());
      }
    }
    catalog.objects.dropStray(destinationId, key);
  }
}
