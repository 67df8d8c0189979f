import type { ContentHash } from '../../../shared/domain/asset.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Thumbnailer } from '../ports/thumbnailer.ts';
import { recordPicture } from './record-picture.ts';

/** Pictures in the making at once. */
const atOnce = 3;
const pageSize = 64;

interface Wanted {
  readonly id: number;
  readonly hash: ContentHash;
  readonly path: string;
}

/**
 * Makes the pictures of all photos that have none yet, newest first. A photo whose file went away or changed
 * meanwhile is left for a later run; one that cannot be pictured gets a placeholder with its reason.
 */
export async function makePreviews(
  ports: { readonly catalog: Catalog; readonly thumbnailer: Thumbnailer },
  onProgress: (made: number, left: number, assetId: number | null) => void,
  signal: AbortSignal,
): Promise<void> {
  const { assets } = ports.catalog;
  const passedOver = new Set<number>();
  let left = assets.countWithoutPreview();
  let made = 0;
  for (;;) {
    const page = assets
      .withoutPreview(pageSize + passedOver.size)
      .filter((wanted) => !passedOver.has(wanted.id));
    if (page.length === 0) return;
    const queue = page.values();
    const worker = async (): Promise<void> => {
      for (const wanted of queue) {
        signal.throwIfAborted();
        const isMade = await makeOne(wanted, ports, signal);
        if (isMade) made += 1;
        else passedOver.add(wanted.id);
        left = Math.max(0, left - 1);
        onProgress(made, left, isMade ? wanted.id : null);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
  }
}

async function makeOne(
  wanted: Wanted,
  { catalog, thumbnailer }: { catalog: Catalog; thumbnailer: Thumbnailer },
  signal: AbortSignal,
): Promise<boolean> {
  const thumbnail = await thumbnailer.make(wanted.path, wanted.hash, signal);
  return recordPicture(catalog.assets, wanted.id, thumbnail);
}
