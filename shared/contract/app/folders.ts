import { z } from 'zod';

import { failureSchema } from './failure-schema.ts';

const pathSchema = z.string().min(1).max(32_768);

/** A folder that is kept backed up. */
export const watchedFolderSchema = z.strictObject({
  id: z.string(),
  path: pathSchema,
  /** Names or patterns (`*`, `**`, `?`; gitignore's rules) below the folder that are left alone. */
  exclude: z.array(z.string().min(1).max(500)).max(200),
  /** Photos and videos known in it. */
  photos: z.int().nonnegative(),
  /** Bytes of these. */
  bytes: z.number().nonnegative(),
  /** `unknown`: it cannot be looked at now (drive away, no permission); nothing is taken for deleted. */
  state: z.enum(['waiting', 'scanning', 'watched', 'unknown']),
  failure: failureSchema.nullable(),
});
export type WatchedFolder = z.infer<typeof watchedFolderSchema>;

/** A folder that the wizard proposes: the Pictures folder, a camera, a card. */
export const suggestedFolderSchema = z.strictObject({
  path: pathSchema,
  kind: z.enum(['pictures', 'camera', 'drive', 'cloud', 'other']),
  /** Name for people, e.g. of the drive. */
  name: z.string(),
});
export type SuggestedFolder = z.infer<typeof suggestedFolderSchema>;

/** What lies in a folder, counted live; `complete` once all was looked at. */
export const folderCountSchema = z.strictObject({
  path: pathSchema,
  photos: z.int().nonnegative(),
  bytes: z.number().nonnegative(),
  complete: z.boolean(),
});
export type FolderCount = z.infer<typeof folderCountSchema>;

/** The content of one folder of the computer the engine runs on, to choose from. */
export const browsedFolderSchema = z.strictObject({
  path: pathSchema,
  parent: pathSchema.nullable(),
  folders: z.array(z.strictObject({ name: z.string(), path: pathSchema })),
  /** Whether a file could be made in it. */
  writable: z.boolean(),
});
export type BrowsedFolder = z.infer<typeof browsedFolderSchema>;

/** A drive or folder that a backup could go to; another drive than the photos' comes first. */
export const suggestedPlaceSchema = z.strictObject({
  path: pathSchema,
  name: z.string(),
  kind: z.enum(['drive', 'folder', 'cloud']),
  /** Bytes. */
  free: z.number().nonnegative().nullable(),
  /** Whether it lies on the same drive as the photos: no help when that drive breaks. */
  sameDrive: z.boolean(),
});
export type SuggestedPlace = z.infer<typeof suggestedPlaceSchema>;

export { pathSchema };
