import { z } from 'zod';

import { captureTimeSources } from '../../domain/asset.ts';
import { deliveryStates } from '../../domain/states.ts';
import { evidenceMethods } from '../../domain/journal-entry.ts';
import { failureSchema } from './failure-schema.ts';

/** `YYYY-MM-DD` by wall time. */
export const daySchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/u);
/** Opaque name of an asset on this computer; never a path. */
export const assetIdSchema = z.string().regex(/^[0-9a-z]{1,16}$/u);

/** Which photos are shown; an empty filter shows all. Given parts all have to hold. */
export const timelineFilterSchema = z
  .strictObject({
    /** Words that each occur in the name, folder, camera, lens, title or date. */
    text: z.string().max(200),
    from: daySchema,
    to: daySchema,
    kinds: z.array(z.enum(['photo', 'raw', 'video'])).max(3),
    /** Album id. */
    album: z.string().max(64),
    camera: z.string().max(200),
    /** `safe` at every destination; `waiting` or `failed` at some. */
    state: z.enum(['safe', 'waiting', 'failed']),
    rating: z.int().min(1).max(5),
    /** Only photos with a place. */
    placed: z.boolean(),
    /** Only photos of which several files exist. */
    duplicates: z.boolean(),
  })
  .partial();
export type TimelineFilter = z.infer<typeof timelineFilterSchema>;

/** A day of the timeline and how many photos it has, newest first. */
export const dayCountSchema = z.strictObject({ day: daySchema, count: z.int().positive() });
export type DayCount = z.infer<typeof dayCountSchema>;

/** What a tile shows. */
export const timelineItemSchema = z.strictObject({
  id: assetIdSchema,
  /** Wall time, `YYYY-MM-DDTHH:MM:SS…`, without a zone. */
  wall: z.string(),
  name: z.string(),
  kind: z.enum(['photo', 'raw', 'video']),
  /** Pixels as displayed; null where unknown. */
  width: z.int().positive().nullable(),
  height: z.int().positive().nullable(),
  durationMs: z.number().nonnegative().nullable(),
  /** ThumbHash, base64. */
  thumbHash: z.string().nullable(),
  /** `placeholder`: no picture can be made of it here. */
  picture: z.enum(['none', 'made', 'placeholder']),
  live: z.boolean(),
  /** Files on this computer with this content. */
  copies: z.int().nonnegative(),
  /** By its worst destination; `none` where it is meant for no destination. */
  state: z.enum(['safe', 'waiting', 'failed', 'none']),
});
export type TimelineItem = z.infer<typeof timelineItemSchema>;

/** Photos of a range of days, newest first; `offset` and `limit` cut pages out of a large range. */
export const timelineRangeSchema = z.strictObject({
  filter: timelineFilterSchema,
  newest: daySchema,
  oldest: daySchema,
  offset: z.int().nonnegative(),
  limit: z.int().min(1).max(1000),
});
export type TimelineRange = z.infer<typeof timelineRangeSchema>;

/** All that is known of one photo. */
export const assetDetailsSchema = z.strictObject({
  item: timelineItemSchema,
  /** The video that was taken with a Live Photo. */
  film: assetIdSchema.nullable(),
  /** Lower-case hexadecimal SHA-256. */
  hash: z.string(),
  bytes: z.number().nonnegative(),
  mime: z.string(),
  captured: z.strictObject({
    wall: z.string(),
    offset: z.string().nullable(),
    source: z.enum(captureTimeSources),
    confidence: z.enum(['high', 'medium', 'low']),
  }),
  camera: z.string().nullable(),
  lens: z.string().nullable(),
  exposure: z.string().nullable(),
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  rating: z.number().nullable(),
  title: z.string().nullable(),
  /** Why there is no picture. */
  pictureFailure: failureSchema.nullable(),
  files: z.array(
    z.strictObject({
      path: z.string(),
      /** `here`: seen at the last look; `unknown`: its drive is away; `absent`: gone from there. */
      state: z.enum(['here', 'unknown', 'absent']),
    }),
  ),
  sidecars: z.array(z.string()),
  /** Older and newer contents that the same file has had, by wall time. */
  versions: z.array(timelineItemSchema),
  destinations: z.array(
    z.strictObject({
      destination: z.string(),
      name: z.string(),
      state: z.enum(deliveryStates),
      /** Where it lies there. */
      key: z.string().nullable(),
      evidence: z.enum(evidenceMethods).nullable(),
      /** When it was proven, milliseconds since 1970. */
      verifiedMs: z.number().nullable(),
      failure: failureSchema.nullable(),
    }),
  ),
});
export type AssetDetails = z.infer<typeof assetDetailsSchema>;

/** A folder with photos, shown as an album. */
export const albumSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** The folder's full path. */
  path: z.string(),
  count: z.int().nonnegative(),
  cover: assetIdSchema.nullable(),
  newest: z.string().nullable(),
});
export type Album = z.infer<typeof albumSchema>;

/** Several files with the same content. */
export const duplicateSchema = z.strictObject({
  item: timelineItemSchema,
  bytes: z.number().nonnegative(),
  paths: z.array(z.string()),
});
export type Duplicate = z.infer<typeof duplicateSchema>;
