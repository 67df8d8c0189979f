import { z } from 'zod';

import { failureSchema } from './failure-schema.ts';
import { assetIdSchema } from './timeline.ts';

/**
 * One file that was dropped, pasted or chosen. `duplicate`: backed up before, which is a result too.
 * `ignored`: it is no photo or video.
 */
export const uploadItemSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  bytes: z.number().nonnegative(),
  state: z.enum([
    'waiting',
    'receiving',
    'reading',
    'uploading',
    'backedUp',
    'alreadyBackedUp',
    'ignored',
    'failed',
    'cancelled',
  ]),
  /** 0 to 1. */
  progress: z.number().min(0).max(1),
  asset: assetIdSchema.nullable(),
  failure: failureSchema.nullable(),
});
export type UploadItem = z.infer<typeof uploadItemSchema>;

/** What was dropped at once. */
export const uploadBatchSchema = z.strictObject({
  id: z.string(),
  startedMs: z.number(),
  album: z.string().nullable(),
  /** Ids of the destinations that it goes to. */
  destinations: z.array(z.string()),
  items: z.array(uploadItemSchema),
  /** Whether folders among what was dropped are still being looked through. */
  collecting: z.boolean(),
});
export type UploadBatch = z.infer<typeof uploadBatchSchema>;

/** Where an upload goes. */
export const uploadTargetSchema = z.strictObject({
  /** Album (a folder's name below the uploads folder) or null. */
  album: z.string().min(1).max(200).nullable(),
  /** Ids; empty means all. */
  destinations: z.array(z.string().max(64)).max(50),
});
export type UploadTarget = z.infer<typeof uploadTargetSchema>;
