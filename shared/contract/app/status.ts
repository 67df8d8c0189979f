import { z } from 'zod';

import { destinationStatusSchema } from './destinations.ts';
import { failureSchema } from './failure-schema.ts';
import { watchedFolderSchema } from './folders.ts';

/**
 * What the engine is doing, in one word; the tray has a picture for each.
 * `attention`: something needs a person. `setup`: no folder or no backup yet; a
 * destination that only shows photos is none. `idle` only with no work left.
 */
export const activities = [
  'starting',
  'setup',
  'scanning',
  'syncing',
  'idle',
  'paused',
  'attention',
  'offline',
] as const;
export type Activity = (typeof activities)[number];

/** Something that only a person can decide, e.g. whether photos that vanished were removed on purpose. */
export const questionSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(['vanished', 'emptiedFolder', 'otherDrive', 'emptiedDestination']),
  /** Folder or destination that it is about. */
  subject: z.string(),
  failure: failureSchema,
});
export type Question = z.infer<typeof questionSchema>;

/** Everything the sync status shows. `safe + waiting + failed = photos`; a photo counts by its worst destination. */
export const syncStatusSchema = z.strictObject({
  activity: z.enum(activities),
  /** Why it is paused. */
  pause: z
    .strictObject({
      reason: z.enum(['person', 'battery', 'metered', 'suspended']),
      /** Milliseconds since 1970; null until resumed. */
      untilMs: z.number().nullable(),
    })
    .nullable(),
  /** Distinct photos and videos of the watched folders. */
  photos: z.int().nonnegative(),
  safe: z.int().nonnegative(),
  waiting: z.int().nonnegative(),
  failed: z.int().nonnegative(),
  /** Files that are found but not read yet: no photo is known of them. */
  unread: z.int().nonnegative(),
  /** Whether every folder was looked at to its end since the start. */
  scanned: z.boolean(),
  /** A file that is being worked on. */
  current: z.string().nullable(),
  /** 0 to 1 of the work at hand; null while idle or not yet known. */
  progress: z.number().min(0).max(1).nullable(),
  /** Bytes a second over all destinations. */
  rate: z.number().nonnegative().nullable(),
  remainingMs: z.number().nonnegative().nullable(),
  previews: z.strictObject({ made: z.int().nonnegative(), wanted: z.int().nonnegative() }),
  /** When all was last found to be backed up, milliseconds since 1970. */
  lastCompleteMs: z.number().nullable(),
  folders: z.array(watchedFolderSchema),
  destinations: z.array(destinationStatusSchema),
  questions: z.array(questionSchema),
  /** What went wrong beside photos and destinations, newest first; a handful. */
  notices: z.array(z.strictObject({ atMs: z.number(), failure: failureSchema })),
});
export type SyncStatus = z.infer<typeof syncStatusSchema>;

/** A photo that is not backed up somewhere, or not shown where it was to be, with its reason. */
export const problemSchema = z.strictObject({
  /** To name it in `problems.retry` and `problems.ignore`. */
  id: z.string(),
  /** Null where the file itself could not be read. */
  destination: z.string().nullable(),
  /** Null where the file's content is not known. */
  asset: z.string().nullable(),
  path: z.string(),
  failure: failureSchema,
  attempts: z.int().nonnegative(),
  /** Next attempt, milliseconds since 1970; null when only a person can start one. */
  retryAtMs: z.number().nullable(),
  ignored: z.boolean(),
});
export type Problem = z.infer<typeof problemSchema>;

/** One line of the history. */
export const activityEntrySchema = z.strictObject({
  id: z.string(),
  atMs: z.number(),
  kind: z.enum(['backedUp', 'failed', 'verified', 'paused', 'resumed', 'started', 'changed']),
  /** Photos it is about. */
  photos: z.int().nonnegative(),
  bytes: z.number().nonnegative(),
  destination: z.string().nullable(),
  failure: failureSchema.nullable(),
});
export type ActivityEntry = z.infer<typeof activityEntrySchema>;
