import { fail, failureOf } from '../../../../shared/domain/failure.ts';
import type { ObjectInfo } from '../contract.ts';
import { assetSchema, searchSchema } from './answers.ts';
import type { ImmichAsset } from './answers.ts';
import type { ImmichConnection } from './connection.ts';
import { containerOverhead } from './container.ts';
import { containerName, keyInName } from './keys.ts';

/** Where Immich shows an asset. Those of the locked folder are not shown to any key. */
const visibilities = ['timeline', 'archive', 'hidden'] as const;

/** The most that Immich gives at once. */
const pageSize = 1000;

/** An asset of this user that is there to stay; null where there is none, or where it lies in the trash. */
export async function assetOf(
  connection: ImmichConnection,
  id: string,
  owner: string,
  signal: AbortSignal,
): Promise<ImmichAsset | null> {
  const asset = await anyAsset(connection, id, signal);
  return asset !== null && stays(asset, owner) ? asset : null;
}

/** An asset that the key may see, also one in the trash or of somebody else. */
export async function anyAsset(
  connection: ImmichConnection,
  id: string,
  signal: AbortSignal,
): Promise<ImmichAsset | null> {
  try {
    return await connection.get(assetSchema, `/assets/${id}`, signal);
  } catch (error) {
    if (failureOf(error).code === 'notFound') return null;
    throw error;
  }
}

/** All of this user's photos and videos, oldest first. */
export async function* photosOf(
  connection: ImmichConnection,
  owner: string,
  signal: AbortSignal,
): AsyncGenerator<ImmichAsset> {
  for (const visibility of visibilities) {
    for await (const asset of search(connection, { visibility }, signal)) {
      const foreign = !stays(asset, owner) || asset.libraryId != null;
      if (!foreign && keyInName(asset.originalFileName) === null) yield asset;
    }
  }
}

/** The containers whose names begin so, one for each key. */
export async function containersOf(
  connection: ImmichConnection,
  named: { readonly owner: string; readonly encodedPrefix: string },
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ImmichAsset>> {
  const found = new Map<string, ImmichAsset>();
  const { owner, encodedPrefix } = named;
  // Immich looks for a part of the name, in any case of letters: what it finds is more than is wanted.
  const wanted = { visibility: 'hidden', originalFileName: encodedPrefix || containerName('') };
  for await (const asset of search(connection, wanted, signal)) {
    const { originalFileName } = asset;
    const key = keyInName(originalFileName);
    if (key === null || !originalFileName.startsWith(encodedPrefix) || !stays(asset, owner))
      continue;
    const other = found.get(key);
    if (other === undefined || isBefore(asset, other)) found.set(key, asset);
  }
  return found;
}

/** Every container of a key, the one that counts first. More than one is left by two that came at once. */
export async function containersUnder(
  connection: ImmichConnection,
  key: string,
  owner: string,
  signal: AbortSignal,
): Promise<ImmichAsset[]> {
  const name = containerName(key);
  const found: ImmichAsset[] = [];
  for await (const asset of search(
    connection,
    { visibility: 'hidden', originalFileName: name },
    signal,
  )) {
    if (asset.originalFileName === name && stays(asset, owner)) found.push(asset);
  }
  return found.sort((one, other) => (isBefore(one, other) ? -1 : 1));
}

/** What is known of the object in a container. */
export function containedInfo(key: string, asset: ImmichAsset): ObjectInfo {
  const bytes = Math.max(0, bytesOfAsset(asset) - containerOverhead(key));
  const modifiedMs = momentOf(asset.createdAt || asset.fileModifiedAt);
  return { key, bytes, modifiedMs, hashes: {}, tag: asset.checksum };
}

/** What is known of a photo or video. */
export function photoInfo(key: string, asset: ImmichAsset): ObjectInfo {
  return {
    key,
    bytes: bytesOfAsset(asset),
    modifiedMs: momentOf(asset.fileModifiedAt),
    hashes: { sha1: Buffer.from(asset.checksum, 'base64').toString('hex') },
    tag: asset.checksum,
  };
}

/** Size of the original, bytes. */
function bytesOfAsset({ exifInfo }: ImmichAsset): number {
  const bytes = exifInfo?.fileSizeInByte;
  if (bytes != null && Number.isSafeInteger(bytes) && bytes >= 0) return bytes;
  throw fail('serverError', 'Immich does not tell how large a file is.', {
    hint: 'It may still be reading it; if this goes on, run its job “Extract metadata”.',
  });
}

/** Found by an index of Immich's database, in pages. */
async function* search(
  connection: ImmichConnection,
  filter: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): AsyncGenerator<ImmichAsset> {
  const seen = new Set<string>();
  let page: number | null = 1;
  while (page !== null) {
    // Oldest first: what comes while the pages are read comes at the end.
    const question = { ...filter, page, size: pageSize, withExif: true, order: 'asc' };
    const { assets } = await connection.post(searchSchema, '/search/metadata', question, signal);
    for (const asset of assets.items) {
      if (seen.has(asset.id)) continue;
      seen.add(asset.id);
      yield asset;
    }
    page = nextPage(page, assets.nextPage);
  }
}

function nextPage(page: number, named: string | null): number | null {
  if (named === null) return null;
  if (Number(named) === page + 1) return page + 1;
  throw fail('serverError', 'Immich’s list does not go on where it stopped.');
}

/** Partners' assets are found as well; what lies in the trash goes. */
function stays({ ownerId, isTrashed, isOffline }: ImmichAsset, owner: string): boolean {
  return ownerId === owner && !isTrashed && !isOffline;
}

function isBefore(one: ImmichAsset, other: ImmichAsset): boolean {
  if (one.createdAt !== other.createdAt) return one.createdAt < other.createdAt;
  return one.id < other.id;
}

function momentOf(text: string): number | null {
  const moment = Date.parse(text);
  return Number.isNaN(moment) ? null : moment;
}
