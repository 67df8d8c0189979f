import type { FailureCode } from '../../../shared/domain/failure.ts';
import type { Assets } from '../catalog/assets.ts';
import type { Thumbnail } from '../ports/thumbnailer.ts';

/** Why there is no picture now although there may be one another time. */
const passing: ReadonlySet<FailureCode> = new Set([
  ...(['changed', 'notFound', 'unreadable', 'diskFull', 'busy'] as const),
]);

/** Remembers what became of an asset's picture; false where another attempt may have another end. */
export function recordPicture(
  assets: Pick<Assets, 'setPreview'>,
  assetId: number,
  { placeholderReason, thumbHash }: Thumbnail,
): boolean {
  if (placeholderReason === null) {
    assets.setPreview(assetId, 'made', thumbHash, null);
    return true;
  }
  if (passing.has(placeholderReason.code)) return false;
  assets.setPreview(assetId, 'placeholder', thumbHash, JSON.stringify(placeholderReason));
  return true;
}
