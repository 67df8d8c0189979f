import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { where } from '../where.ts';

/** Real photos beside the repository, where they exist. */
export const sharedPhotos = fileURLToPath(new URL('../../../../shared/photos', import.meta.url));

export const haveSharedPhotos = where(existsSync(sharedPhotos), 'the shared photos are not here');

/** Paths relative to {@link sharedPhotos}, sorted; licences left out. */
export function sharedPhotoNames(): readonly string[] {
  if (!haveSharedPhotos) return [];
  return readdirSync(sharedPhotos, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'LICENSE')
    .map((entry) => relative(sharedPhotos, join(entry.parentPath, entry.name)))
    .sort();
}
