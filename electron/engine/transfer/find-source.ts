import { fail, failureOf } from '../../../shared/domain/failure.ts';
import type { FileLocation } from '../catalog/files.ts';
import type { EnginePorts } from '../engine-ports.ts';

/**
 * The first place on this computer that still has an asset's bytes, as far as size and time can tell. What turns
 * out otherwise is marked to be read again.
 * @throws `changed` where no place is left
 */
export async function findSource(
  assetId: number,
  ports: Pick<EnginePorts, 'catalog' | 'clock' | 'fileSystem'>,
): Promise<FileLocation> {
  const { catalog, clock, fileSystem } = ports;
  for (const place of catalog.files.locationsOf(assetId)) {
    if (place.state !== 'hashed') continue;
    try {
      const stat = await fileSystem.stat(`${place.rootPath}/${place.path}`);
      if (stat.size === place.size && stat.modifiedMs === place.modifiedMs) return place;
      catalog.files.readAgain(place.fileId, clock.now());
    } catch (error) {
      const failure = failureOf(error);
      // Its drive may have gone away in this moment; only a whole scan may call it absent.
      if (failure.code === 'notFound') catalog.files.setState(place.fileId, 'unknown');
      else catalog.files.setFailed(place.fileId, failure);
    }
  }
  throw fail('changed', 'The file changed or went away before it could be sent.', {
    hint: 'It is read again and sent as it is now.',
  });
}
