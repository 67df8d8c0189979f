import { fail } from '../../../../shared/domain/failure.ts';
import type { PutResult, ReopenableSource } from '../contract.ts';
import type { Checksums } from './checksums.ts';
import type { GoogleStorageConnection } from './connection.ts';
import { infoOf } from './object-resource.ts';
import type { StorageObject } from './object-resource.ts';

/** Longest time that is given to removing what should not be there, milliseconds. */
const removeMs = 30_000;

/** What is told of a new object beside its bytes. */
export function metadataFor(name: string, { mime, modifiedMs }: ReopenableSource): object {
  return {
    name,
    contentType: mime,
    // In the name and unit that rclone uses, so that other tools show the file's own date.
    metadata: { mtime: new Date(modifiedMs).toISOString() },
  };
}

/**
 * The outcome of an upload whose bytes had the source's SHA-256 and these checksums. Where the service stored
 * something else, exactly that is removed again and the upload is `corrupt`.
 */
export async function provenResult(
  connection: GoogleStorageConnection,
  key: string,
  source: ReopenableSource,
  stored: StorageObject,
  expected: Checksums,
): Promise<PutResult> {
  const { prefix } = connection.settings;
  const info = infoOf(stored, prefix);
  if (info?.key !== key) {
    throw fail('serverError', 'The server answered an upload with another file.');
  }
  const { md5Hash, crc32c } = stored;
  const differs =
    info.bytes !== source.bytes ||
    (md5Hash !== undefined && md5Hash !== expected.md5) ||
    (crc32c !== undefined && crc32c !== expected.crc32c);
  if (differs) {
    await removeVersion(connection, key, stored.generation);
    throw fail('corrupt', 'The bytes arrived at Google damaged and were removed again.');
  }
  // The CRC-32C alone is too short to be the proof of a photo.
  return { ...info, evidence: md5Hash === undefined ? null : 'server-md5' };
}

/** Removes this version of an object and no other; the upload's own failure counts more than one of this. */
async function removeVersion(
  connection: GoogleStorageConnection,
  key: string,
  generation: string,
): Promise<void> {
  const object = `${connection.settings.prefix}${key}`;
  const query = { generation, ifGenerationMatch: generation };
  const request = { method: 'DELETE' as const, target: { object }, query };
  const signal = AbortSignal.timeout(removeMs);
  await connection.command(request, [204, 404, 412], signal).catch(() => undefined);
}
