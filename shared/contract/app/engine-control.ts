import { z } from 'zod';

import { failureSchema } from './failure-schema.ts';
import { pathSchema } from './folders.ts';
import { assetIdSchema } from './timeline.ts';

/** Sizes of a picture that a host may ask for; `PictureSize` as a schema. */
export const pictureSizeSchema = z.enum(['grid', 'preview', 'original']);

/** What the engine cannot see by itself; `Surroundings` as a schema. */
export const surroundingsSchema = z.strictObject({
  onBattery: z.boolean(),
  suspended: z.boolean(),
  online: z.boolean(),
});

/** A file that is handed out as a picture or video; `PictureFile` as a schema. */
export const pictureFileSchema = z.strictObject({
  path: pathSchema,
  /** Bytes. */
  size: z.int().nonnegative(),
  mime: z.string().min(1).max(255),
  /** Changes whenever the bytes do, for `ETag`. */
  tag: z.string().min(1).max(200),
});

/** Names a question to match its answer; counted up by the one who asks. */
const requestId = z.int().nonnegative();

/**
 * From Electron's main process to the engine's utility process, by `UtilityProcess.postMessage`.
 *
 * `start` comes first and once; everything else only counts after it and may come before `ready`.
 */
export const toEngineSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('start'),
    dataDirectory: pathSchema,
    /** Version of the product, as the snapshot tells it. */
    version: z.string().min(1).max(100),
    surroundings: surroundingsSchema,
  }),
  z.strictObject({ type: z.literal('surroundings'), now: surroundingsSchema }),
  /**
   * Comes with exactly one MessagePort, which becomes a `Channel` that carries `serveChannel`: one for each
   * window, and one that the main process keeps for itself, to follow `status`, `settings` and `finished`
   * for tray and notifications and to call methods, with `AppClient`. Closing the port ends it.
   */
  z.strictObject({ type: z.literal('connect') }),
  /** Answered by a `picture` with the same id, unless it is cancelled before. */
  z.strictObject({
    type: z.literal('picture'),
    id: requestId,
    asset: assetIdSchema,
    size: pictureSizeSchema,
  }),
  z.strictObject({ type: z.literal('cancelPicture'), id: requestId }),
  /** Comes with the MessagePort to the process that was asked for with `startThumbnails`. */
  z.strictObject({ type: z.literal('thumbnailPort'), id: requestId }),
  /** That process is gone, or could not be started; `status` is its exit status where it has one. */
  z.strictObject({
    type: z.literal('thumbnailExit'),
    id: requestId,
    status: z.int().nullable(),
  }),
  /** Parks every transfer and ends the process: `parked`, then exit status 0. */
  z.strictObject({ type: z.literal('shutDown') }),
]);
export type ToEngine = z.infer<typeof toEngineSchema>;

/** From the engine's utility process to Electron's main process. */
export const fromEngineSchema = z.discriminatedUnion('type', [
  /** The app is open: what was asked meanwhile is answered from now on. */
  z.strictObject({ type: z.literal('ready') }),
  /**
   * The app cannot be opened; the process ends with status 1. `busy`: another Cloudroll has the data
   * directory, and starting again does not help until it is gone.
   */
  z.strictObject({ type: z.literal('failed'), failure: failureSchema }),
  /** `picture` null: there can be none. `failure`: it could not be looked for. */
  z.strictObject({
    type: z.literal('picture'),
    id: requestId,
    picture: pictureFileSchema.nullable(),
    failure: failureSchema.nullable(),
  }),
  /**
   * Asks for a process that renders thumbnails, under a number that the engine counts up: only the main
   * process can start one, since a packaged Electron runs no other program's code as plain Node.
   */
  z.strictObject({ type: z.literal('startThumbnails'), id: requestId }),
  /** Ends that process at once, whatever it is doing. */
  z.strictObject({ type: z.literal('stopThumbnails'), id: requestId }),
  /** Everything is written and closed; the process ends itself now. */
  z.strictObject({ type: z.literal('parked') }),
]);
export type FromEngine = z.infer<typeof fromEngineSchema>;
