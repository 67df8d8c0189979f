import type { Catalog } from '../catalog/catalog.ts';
import type { Delivery } from '../catalog/deliveries.ts';
import type { LivePhotoHalf, PhotoFacts } from '../destinations/contract.ts';

/** What the catalogue knows of a photo or video, for a destination that shows it to people. */
export function photoFacts(
  catalog: Catalog,
  { assetId, destinationId, name }: Delivery,
): PhotoFacts {
  const { captured, type, contentIdentifier } = catalog.assets.byId(assetId).description;
  const half = type.kind === 'video' ? 'motion' : 'still';
  const livePhoto: LivePhotoHalf | null =
    contentIdentifier === null
      ? null
      : {
          identifier: contentIdentifier,
          half,
          otherKeys: catalog.objects.ofOtherHalf(contentIdentifier, half, destinationId),
        };
  return { name, captured, livePhoto };
}
