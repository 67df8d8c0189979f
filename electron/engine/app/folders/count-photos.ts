import type { FolderCount } from '../../../../shared/contract/app/folders.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FileSystem } from '../../ports/file-system.ts';
import { walk } from '../../scan/walk.ts';

/** Between two tellings, milliseconds. */
const tellEveryMs = 200;

/** Counts the photos and videos of a folder by their names, without opening one; `cancelled` by the signal. */
export async function countPhotos(
  path: string,
  ports: { readonly fileSystem: FileSystem; readonly clock: Clock },
  onCount: (count: FolderCount) => void,
  signal: AbortSignal,
): Promise<FolderCount> {
  const { clock } = ports;
  let photos = 0;
  let bytes = 0;
  let toldAt = clock.monotonic();
  for await (const event of walk(path, {}, ports, signal)) {
    if (event.type !== 'directory') continue;
    for (const { candidate, stat } of event.files) {
      if (candidate !== 'media') continue;
      photos += 1;
      bytes += stat.size;
    }
    const now = clock.monotonic();
    if (now - toldAt < tellEveryMs) continue;
    toldAt = now;
    onCount({ path, photos, bytes, complete: false });
  }
  const count = { path, photos, bytes, complete: true };
  onCount(count);
  return count;
}
