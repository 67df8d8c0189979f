import type { MediaKind } from './asset.ts';
import { candidateByName, extensionOf, mediaTypeOf } from './media-types.ts';
import { pathKey } from './path-key.ts';
import { takeoutOwners } from './takeout.ts';

/**
 * Which sidecars of one folder belong to which media file of the same folder:
 *
 * - `photo.ext.xmp` to `photo.ext` (darktable, digiKam), `photo_01.ext.xmp` too where there is no
 *   `photo_01.ext` (darktable's duplicates), and `photo.xmp` to `photo.*` (Adobe), the RAW file first,
 *   because Adobe writes sidecars for RAW;
 * - Apple's `photo.aae` to `photo.*`, the still first (a Live Photo's film shares its stem);
 *   `IMG_E1234.AAE` and `IMG_O1234.AAE` go with `IMG_1234.*` where no medium has their own stem;
 * - Google Takeout's `.json`, see `takeout.ts`.
 *
 * Names are compared by {@link pathKey}. Of several media that fit equally, the first in code unit order
 * is the owner, so that every device decides alike.
 *
 * @param names all names in the folder.
 * @returns sidecar name → media name; a sidecar without a media file is not in it.
 */
export function sidecarOwners(names: readonly string[]): ReadonlyMap<string, string> {
  const media = names.filter((name) => candidateByName(name) === 'media').sort();
  const byName = new Map(media.toReversed().map((name) => [pathKey(name), name]));
  const byStem = Map.groupBy(media, (name) => pathKey(stemOf(name)));
  const owners = new Map<string, string>(takeoutOwners(names));
  for (const name of names) {
    const owner = ownerOf(name, byName, byStem);
    if (owner !== undefined) owners.set(name, owner);
  }
  return owners;
}

const rawFirst: readonly MediaKind[] = ['raw', 'photo', 'video'];
const photoFirst: readonly MediaKind[] = ['photo', 'raw', 'video'];

function ownerOf(
  sidecar: string,
  byName: ReadonlyMap<string, string>,
  byStem: ReadonlyMap<string, readonly string[]>,
): string | undefined {
  const stem = pathKey(stemOf(sidecar));
  switch (extensionOf(sidecar)) {
    case 'xmp':
      return (
        byName.get(stem) ??
        byName.get(stem.replace(/_\d{2}(?=\.[^.]+$)/u, '')) ??
        best(byStem.get(stem), rawFirst)
      );
    case 'aae':
      return (
        best(byStem.get(stem), photoFirst) ??
        best(byStem.get(stem.replace(/^img_[eo](?=\d)/u, 'img_')), photoFirst)
      );
    default:
      return undefined;
  }
}

function best(
  candidates: readonly string[] | undefined,
  order: readonly MediaKind[],
): string | undefined {
  const kinds = (candidates ?? []).map((name) => ({
    name,
    kind: kindByName(name),
  }));
  for (const kind of order) {
    const found = kinds.find((candidate) => candidate.kind === kind);
    if (found !== undefined) return found.name;
  }
  return undefined;
}

function kindByName(name: string): MediaKind | undefined {
  return mediaTypeOf(new Uint8Array(), name)?.kind;
}

function stemOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? name : name.slice(0, dot);
}
