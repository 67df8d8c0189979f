import type { ContentHash } from '../../../shared/domain/asset.ts';
import { objectKey } from '../../../shared/domain/object-key.ts';

/** An object that some device recorded for the content, as far as planning needs it. */
export interface RecordedObject {
  readonly key: string;
  readonly bytes: number;
  readonly tag: string | null;
}

export type DeliveryPlan =
  | { readonly action: 'adopt'; readonly key: string; readonly tag: string | null }
  | { readonly action: 'upload'; readonly key: string };

/**
 * How an asset comes to be backed up: content that any device has put there already is proven and adopted;
 * only what is not there is uploaded. A key that was fixed before is kept, so that a restart meets its own
 * half-done work.
 */
export function planDelivery(
  asset: { hash: ContentHash; bytes: number; name: string; wall: string; key: string | null },
  recorded: readonly RecordedObject[],
): DeliveryPlan {
  const match = recorded.find((object) => object.bytes === asset.bytes);
  if (match !== undefined) return { action: 'adopt', key: match.key, tag: match.tag };
  return {
    action: 'upload',
    key: asset.key ?? objectKey({ wall: asset.wall, name: asset.name, hash: asset.hash }),
  };
}

/** Lengths of the hash in a key, each tried when the one before is taken by other content. */
const suffixLengths = [12, 24, 64] as const;

/** The key to try after `taken` turned out to hold other content; null when none is left. */
export function nextKey(
  asset: { hash: ContentHash; name: string; wall: string },
  taken: string,
): string | null {
  const keys = suffixLengths.map((suffixLength) => objectKey({ ...asset, suffixLength }));
  const position = keys.indexOf(taken);
  return keys[position + 1] ?? null;
}
