import type { AssetDetails } from '../../../shared/contract/app/timeline.ts';
import { fail } from '../../../shared/domain/failure.ts';
import type { AssetFile } from '../catalog/asset-records.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { toDisplayPath } from '../scan/raw-path.ts';
import { below } from '../scan/roots.ts';
import { itemOf, numbered, storedFailure } from './items.ts';
import { opaqueId } from './opaque-id.ts';
import type { CurrentDestination } from './ports.ts';

/** The full path of a file. */
export function pathOf({ rootPath, directory, name }: AssetFile): string {
  return below(rootPath, directory === '' ? name : `${directory}/${name}`);
}

/** All that is known of one photo; `notFound` where there is none. */
export function detailsOf(
  catalog: Catalog,
  id: number,
  current: readonly CurrentDestination[],
): AssetDetails {
  const destinations = numbered(catalog, current);
  const rowIds = destinations.map(({ rowId }) => rowId);
  const [entry] = catalog.timeline.entries([id], rowIds);
  if (entry === undefined) throw fail('notFound', 'There is no such photo.');
  const { hash, bytes, description } = catalog.assets.byId(id);
  const { type, captured, camera, lens, exposure, latitude, longitude, rating, title } =
    description;
  const files = catalog.records.files(id);
  const film = catalog.records.film(id);
  const deliveries = catalog.records.deliveries(id);
  return {
    item: itemOf(entry),
    film: film === null ? null : opaqueId(film),
    hash,
    bytes,
    mime: type.mime,
    captured: {
      wall: captured.wall,
      offset: captured.offset,
      source: captured.source,
      confidence: captured.confidence,
    },
    camera,
    lens,
    exposure,
    latitude,
    longitude,
    rating,
    title,
    pictureFailure: storedFailure(catalog.records.picture(id)?.failure ?? null),
    files: files.map((file) => ({ path: toDisplayPath(pathOf(file)), state: fileStateOf(file) })),
    sidecars: files
      .filter(({ state }) => state !== 'absent')
      .flatMap((file) => sidecarsOf(catalog, file)),
    versions: catalog.timeline.entries(catalog.records.versions(id), rowIds).map(itemOf),
    destinations: destinations.flatMap(({ id: name, name: title, rowId }) => {
      const delivery = deliveries.find(({ destinationId }) => destinationId === rowId);
      if (delivery === undefined) return [];
      const { state, key, evidence, verifiedMs, failure } = delivery;
      return [
        {
          destination: name,
          name: title,
          state,
          key,
          evidence,
          verifiedMs,
          failure: storedFailure(failure),
        },
      ];
    }),
  };
}

function fileStateOf({ state }: AssetFile): 'here' | 'unknown' | 'absent' {
  if (state === 'hashed') return 'here';
  return state === 'absent' ? 'absent' : 'unknown';
}

function sidecarsOf(catalog: Catalog, file: AssetFile): string[] {
  return catalog.files
    .sidecarsOf(file.fileId)
    .map((name) => toDisplayPath(pathOf({ ...file, name })));
}
