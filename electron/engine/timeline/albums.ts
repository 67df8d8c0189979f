import type { Album } from '../../../shared/contract/app/timeline.ts';
import type { AlbumRow } from '../catalog/albums.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { toDisplayPath } from '../scan/raw-path.ts';
import { below } from '../scan/roots.ts';
import { giveWay } from './give-way.ts';
import { opaqueId } from './opaque-id.ts';

/** Changed folders that are counted anew at once: some ten milliseconds for folders of a usual size. */
const foldersAtOnce = 20;

/** Folders with photos, the one with the newest photo first. */
export async function albumsOf(catalog: Catalog, signal: AbortSignal): Promise<Album[]> {
  while (catalog.albums.refresh(foldersAtOnce)) await giveWay(signal);
  return catalog.albums.list().map(albumOf);
}

function albumOf(row: AlbumRow): Album {
  const last = row.path.slice(row.path.lastIndexOf('/') + 1);
  return {
    id: opaqueId(row.directoryId),
    name: toDisplayPath(last === '' ? row.rootName : last),
    path: toDisplayPath(below(row.rootPath, row.path)),
    count: row.count,
    cover: opaqueId(row.coverId),
    newest: row.newest,
  };
}
