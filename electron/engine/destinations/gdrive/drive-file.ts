import { createHash } from 'node:crypto';

import { z } from 'zod';

import { fail } from '../../../../shared/domain/failure.ts';
import type { ObjectInfo } from '../contract.ts';

export const folderType = 'application/vnd.google-apps.folder';

/** They go into paths and queries. */
export const fileIdSchema = z.string().regex(/^[\w-]{1,200}$/u);

/** A file or folder as far as it is asked for (developers.google.com/workspace/drive/api/reference/rest/v3/files). */
export const driveFileSchema = z.object({
  id: fileIdSchema,
  name: z.string(),
  mimeType: z.string(),
  trashed: z.boolean(),
  createdTime: z.iso.datetime({ offset: true }),
  /** Absent for folders. */
  size: z
    .string()
    .regex(/^\d{1,15}$/u)
    .optional(),
  appProperties: z.record(z.string(), z.string()).optional(),
  sha256Checksum: z
    .string()
    .regex(/^[0-9a-f]{64}$/u)
    .optional(),
  md5Checksum: z
    .string()
    .regex(/^[0-9a-f]{32}$/u)
    .optional(),
  headRevisionId: z.string().max(300).optional(),
});
export type DriveFile = z.infer<typeof driveFileSchema>;

/** What has to be asked for to get a {@link DriveFile}. */
export const fileFields = Object.keys(driveFileSchema.shape).join(',');

const markName = 'cloudroll';

/**
 * The property, private to the client, that everything made here carries: it says that it was made here and under
 * which name. Names are looked for by it, because Drive's own search for a name ignores the case and is known to
 * miss names with quotes and accents. What somebody has renamed since is no longer taken for ours.
 */
export function markOf(name: string): Record<string, string> {
  return { [markName]: digestOf(name) };
}

/** A search for what was made here under this name in that folder. */
export function markQuery(folder: string, name: string): string {
  return `${childrenQuery(folder)} and appProperties has { key='${markName}' and value='${digestOf(name)}' }`;
}

/** A search for everything in that folder. */
export function childrenQuery(folder: string): string {
  return `'${folder}' in parents and trashed = false`;
}

/** Whether it was made here and still has its name. */
export function isMarked({ name, appProperties }: DriveFile): boolean {
  return appProperties?.[markName] === digestOf(name);
}

export function isFolder({ mimeType }: DriveFile): boolean {
  return mimeType === folderType;
}

/** Drive allows one name twice: the oldest counts, for every device the same. */
export function oldestFirst(files: readonly DriveFile[]): DriveFile[] {
  return files.toSorted((left, right) => {
    const age = Date.parse(left.createdTime) - Date.parse(right.createdTime);
    return age === 0 ? (left.id < right.id ? -1 : 1) : age;
  });
}

export function infoOf(key: string, file: DriveFile): ObjectInfo {
  const { id, size, createdTime, sha256Checksum, md5Checksum, headRevisionId } = file;
  if (size === undefined) {
    throw fail('serverError', `Google Drive does not say how many bytes ${key} has.`);
  }
  return {
    key,
    bytes: Number(size),
    modifiedMs: Date.parse(createdTime),
    hashes: {
      ...(sha256Checksum === undefined ? {} : { sha256: sha256Checksum }),
      ...(md5Checksum === undefined ? {} : { md5: md5Checksum }),
    },
    tag: headRevisionId === undefined ? null : `${id}:${headRevisionId}`,
  };
}

function digestOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 40);
}
