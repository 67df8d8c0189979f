import { z } from 'zod';

/**
 * The parts of Immich's answers that are used, after its OpenAPI description of versions 2 and 3
 * (https://api.immich.app). What else they hold is let go.
 */

const id = z.uuid();
const name = z.string().max(32_768);
/** SHA-1 of the file, which Immich computed as it received it. */
const checksum = z.base64().length(28);

export const versionSchema = z.object({ major: z.int(), minor: z.int(), patch: z.int() });

export const apiKeySchema = z.object({ permissions: z.array(name) });

export const userSchema = z.object({
  id,
  quotaSizeInBytes: z.number().nullish(),
  quotaUsageInBytes: z.number().nullish(),
});

/** Extensions with their dot, lower case. */
export const mediaTypesSchema = z.object({ image: z.array(name), video: z.array(name) });

export const assetSchema = z.object({
  id,
  ownerId: id,
  checksum,
  originalFileName: name,
  fileModifiedAt: z.string(),
  createdAt: z.string().default(''),
  isTrashed: z.boolean(),
  isOffline: z.boolean().default(false),
  libraryId: z.string().nullish(),
  livePhotoVideoId: z.string().nullish(),
  exifInfo: z.object({ fileSizeInByte: z.number().nullish() }).nullish(),
});
export type ImmichAsset = z.infer<typeof assetSchema>;

export const searchSchema = z.object({
  assets: z.object({
    items: z.array(assetSchema).max(10_000),
    nextPage: z.string().nullable(),
  }),
});

export const bulkCheckSchema = z.object({
  results: z.array(
    z.object({
      action: z.enum(['accept', 'reject']),
      reason: z.string().optional(),
      assetId: id.optional(),
      isTrashed: z.boolean().optional(),
    }),
  ),
});

export const uploadSchema = z.object({ id, status: z.string() });
