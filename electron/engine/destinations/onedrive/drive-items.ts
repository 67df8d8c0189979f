import { z } from 'zod';

import type { ObjectInfo } from '../contract.ts';

/** What is asked of an item. */
export const itemSelection = '$select=id,name,size,file,folder,cTag,lastModifiedDateTime';

const shortText = z.string().max(1000).nullish().catch(null);

/** learn.microsoft.com/graph/api/resources/driveitem, as far as it is used. */
export const itemSchema = z.object({
  id: z.string().min(1).max(400),
  name: z.string().max(1000),
  size: z.int().nonnegative().nullish(),
  cTag: shortText,
  lastModifiedDateTime: shortText,
  file: z
    .object({
      hashes: z.object({ quickXorHash: shortText, sha256Hash: shortText }).nullish().catch(null),
    })
    .nullish(),
  folder: z.object({}).nullish(),
});
export type DriveItem = z.infer<typeof itemSchema>;

/** Names of folders and of a file, from the root of the drive. */
export type DrivePath = readonly string[];

/**
 * The address of an item by its path (learn.microsoft.com/graph/onedrive-addressing-driveitems). The colon at its end
 * keeps a file with the name of some property, such as `photo`, from being taken for that.
 */
export function pathOfItem(path: DrivePath): string {
  return path.length === 0
    ? '/me/drive/root'
    : `/me/drive/root:/${path.map(encodeURIComponent).join('/')}:`;
}

/** The address of something that belongs to an item, such as `children`. */
export function pathIn(path: DrivePath, member: string): string {
  return `${pathOfItem(path)}/${member}`;
}

export function pathOfId(id: string): string {
  return `/me/drive/items/${encodeURIComponent(id)}`;
}

/** What an item says of an object; null for what is no file. */
export function infoOf(key: string, item: DriveItem): ObjectInfo | null {
  if (item.file === null || item.file === undefined || typeof item.size !== 'number') return null;
  const modified = Date.parse(item.lastModifiedDateTime ?? '');
  return {
    key,
    bytes: item.size,
    modifiedMs: Number.isNaN(modified) ? null : modified,
    // What Graph may tell of older files is no hash that Microsoft vouches for.
    hashes: {},
    tag: tagOf(item),
  };
}

/** The cTag changes with the content, the eTag also when a file is renamed or shared. */
export function tagOf({ cTag }: DriveItem): string | null {
  return cTag === null || cTag === undefined || cTag === '' ? null : cTag;
}
