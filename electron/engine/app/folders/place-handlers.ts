import type { FolderCount } from '../../../../shared/contract/app/folders.ts';
import type { AppHandlers } from '../../../../shared/contract/app/methods.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FileSystem } from '../../ports/file-system.ts';
import { countPhotos } from './count-photos.ts';
import type { AppOptions } from '../options.ts';
import { Places } from './places.ts';

export interface PlaceHandlersPorts {
  readonly fileSystem: FileSystem;
  readonly clock: Clock;
  readonly options: Pick<AppOptions, 'platform' | 'home' | 'environment'>;
  /** Paths of the folders that are backed up. */
  readonly folders: () => readonly string[];
  /** How far a count is. */
  readonly onCount: (count: FolderCount) => void;
}

/** Answers what the wizard asks of this computer: where photos lie, and where a backup could go. */
export function placeHandlers({
  fileSystem,
  clock,
  options,
  folders,
  onCount,
}: PlaceHandlersPorts) {
  const { platform, home, environment } = options;
  const places = new Places({ fileSystem, platform, home, environment });
  return {
    'folders.suggest': () => places.photoFolders(),
    'folders.count': ({ path }: { path: string }, signal: AbortSignal) =>
      countPhotos(path, { fileSystem, clock }, onCount, signal),
    'folders.browse': ({ path }: { path: string | null }) => places.browse(path),
    'folders.create': ({ parent, name }: { parent: string; name: string }) =>
      places.create(parent, name),
    'destinations.suggest': () => places.backupPlaces(folders()),
  } satisfies Partial<AppHandlers>;
}
