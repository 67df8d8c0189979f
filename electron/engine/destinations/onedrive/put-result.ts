import { fail } from '../../../../shared/domain/failure.ts';
import type { PutOptions, PutResult, ReopenableSource } from '../contract.ts';
import { infoOf, pathOfId } from './drive-items.ts';
import type { DriveItem, DrivePath } from './drive-items.ts';
import type { GraphApi } from './graph-api.ts';

/** What is to be uploaded, and to where. */
export interface PutJob {
  readonly key: string;
  readonly path: DrivePath;
  readonly source: ReopenableSource;
  readonly options: PutOptions;
}

/**
 * What OneDrive says of a file that it has just made, held against what was sent. One of another length,
 * QuickXorHash or name is removed again. Only a SHA-256 proves it: it was never sent, so whoever knows it has read
 * these bytes. QuickXorHash cannot: parts of a file that changed places leave it as it was.
 */
export async function resultOf(
  api: GraphApi,
  { key, path, source }: PutJob,
  item: DriveItem,
  quickXorHash: string,
  signal: AbortSignal,
): Promise<PutResult> {
  const hashes = item.file?.hashes;
  const told = hashes?.quickXorHash ?? '';
  if (item.name !== path.at(-1)) {
    await removeMade(api, item, signal);
    throw fail('unsupported', 'OneDrive gave the file another name than it was meant to have.', {
      hint: 'Rename the file: plain letters, digits, spaces and dots always work.',
    });
  }
  const info = infoOf(key, item);
  if (info?.bytes !== source.bytes || (told !== '' && told !== quickXorHash)) {
    await removeMade(api, item, signal);
    throw fail('corrupt', 'OneDrive stored other bytes than were sent.');
  }
  const proven = hashes?.sha256Hash?.toLowerCase() === source.sha256;
  return {
    ...info,
    hashes: proven ? { sha256: source.sha256 } : {},
    evidence: proven ? 'server-sha256' : null,
  };
}

/** By its id, so that no other file can be meant. */
async function removeMade(api: GraphApi, item: DriveItem, signal: AbortSignal): Promise<void> {
  await api.command({ method: 'DELETE', path: pathOfId(item.id) }, [204, 404], signal);
}
