import { z } from 'zod';

import {
  destinationCardSchema,
  destinationDraftSchema,
  destinationStatusSchema,
  testStepSchema,
} from './destinations.ts';
import {
  browsedFolderSchema,
  folderCountSchema,
  pathSchema,
  suggestedFolderSchema,
  suggestedPlaceSchema,
  watchedFolderSchema,
} from './folders.ts';
import { settingsPatchSchema, settingsSchema } from './settings.ts';
import { signInIdSchema, startedSignInSchema } from './sign-in.ts';
import { activityEntrySchema, problemSchema, syncStatusSchema } from './status.ts';
import {
  albumSchema,
  assetDetailsSchema,
  assetIdSchema,
  dayCountSchema,
  duplicateSchema,
  timelineFilterSchema,
  timelineItemSchema,
  timelineRangeSchema,
} from './timeline.ts';
import { uploadBatchSchema, uploadTargetSchema } from './uploads.ts';

const nothing = z.strictObject({});
const id = z.string().min(1).max(64);
const ids = z.array(id).min(1).max(10_000);
const page = { cursor: z.string().max(200).nullable(), limit: z.int().min(1).max(500) };

/** What the window shows first: everything that is small. */
export const snapshotSchema = z.strictObject({
  version: z.string(),
  /** Node's name of the platform the engine runs on: `win32`, `darwin`, `linux` … */
  platform: z.string(),
  deviceName: z.string(),
  dataDirectory: z.string(),
  /** Where files that are dropped into a browser are kept. */
  uploadsFolder: z.string(),
  /** Whether secrets can be kept; the failure says what to do. */
  keychain: z.strictObject({ available: z.boolean(), hint: z.string().nullable() }),
  settings: settingsSchema,
  status: syncStatusSchema,
});
export type Snapshot = z.infer<typeof snapshotSchema>;

/**
 * Everything a window can ask of the engine: the parameters as the engine checks them and the result as the
 * window checks it. A method that takes long also tells its progress by an event, and stops when cancelled.
 */
export const appMethods = {
  'app.snapshot': { params: nothing, result: snapshotSchema },
  /** Version, platform, settings, states and the log's end, without secrets and without names of photos. */
  'app.diagnostics': { params: nothing, result: z.string() },
  'settings.update': { params: settingsPatchSchema, result: settingsSchema },

  'folders.suggest': { params: nothing, result: z.array(suggestedFolderSchema) },
  /** Counts until complete; event `folderCount` meanwhile. */
  'folders.count': { params: z.strictObject({ path: pathSchema }), result: folderCountSchema },
  'folders.browse': {
    params: z.strictObject({ path: pathSchema.nullable() }),
    result: browsedFolderSchema,
  },
  'folders.create': {
    params: z.strictObject({ parent: pathSchema, name: z.string().min(1).max(255) }),
    result: browsedFolderSchema,
  },
  /** `invalid` with a reason for a folder inside another, a destination inside it, or one that is not there. */
  'folders.add': { params: z.strictObject({ path: pathSchema }), result: watchedFolderSchema },
  'folders.update': {
    params: z.strictObject({ id, exclude: z.array(z.string().min(1).max(500)).max(200) }),
    result: watchedFolderSchema,
  },
  /** Stops watching; what is backed up stays backed up. */
  'folders.remove': { params: z.strictObject({ id }), result: nothing },

  'destinations.cards': { params: nothing, result: z.array(destinationCardSchema) },
  'destinations.suggest': { params: nothing, result: z.array(suggestedPlaceSchema) },
  /** Event `testStep` meanwhile. Nothing is left behind at the destination. */
  'destinations.test': {
    params: z.strictObject({ draft: destinationDraftSchema }),
    result: z.array(testStepSchema),
  },
  'destinations.add': {
    params: z.strictObject({ draft: destinationDraftSchema }),
    result: destinationStatusSchema,
  },
  /** A new name, new secrets or a new sign-in to the same account; the place it leads to stays. */
  'destinations.update': {
    params: z.strictObject({
      id,
      name: z.string().min(1).max(100),
      secrets: z.record(z.string().max(100), z.string().max(10_000)),
      /** Id of a sign-in that is `done`; null keeps the one there is. Another account is `conflict`. */
      signIn: signInIdSchema.nullable(),
    }),
    result: destinationStatusSchema,
  },
  /** Forgets it and its secrets here and signs out; deletes nothing there. */
  'destinations.remove': { params: z.strictObject({ id }), result: nothing },
  /** Tests an existing destination; event `testStep` meanwhile. */
  'destinations.check': { params: z.strictObject({ id }), result: z.array(testStepSchema) },
  /** Starts comparing catalogue, journals and objects; progress in the status, the result in the history. */
  'destinations.verify': {
    params: z.strictObject({ id, readPercent: z.number().min(0).max(100) }),
    result: nothing,
  },
  /** Reads everything known from the destination's journals again; uploads nothing that is there. */
  'destinations.rebuild': { params: z.strictObject({ id }), result: nothing },

  /**
   * Begins to wait for a sign-in with the browser; event `signIn` when it ends. The window opens the address.
   * In a draft, `values[<name of the field of the type signIn>]` is the id of a sign-in that is `done`.
   * `invalid` with what to do where neither the build nor `secrets` bring a client id.
   */
  'signIn.start': {
    params: z.strictObject({
      card: z.string().max(100),
      /** What is typed into the form's fields for secrets: a client id and client secret of one's own. */
      secrets: z.record(z.string().max(100), z.string().max(10_000)),
      /** The destination that is signed in to again, whose client id is used; null for a new one. */
      destination: id.nullable(),
    }),
    result: startedSignInSchema,
  },
  /** Stops waiting, or forgets a sign-in that is `done` and not used yet. One that is over is fine. */
  'signIn.cancel': { params: z.strictObject({ id: signInIdSchema }), result: nothing },

  'sync.now': { params: nothing, result: nothing },
  /** Null until resumed. */
  'sync.pause': { params: z.strictObject({ untilMs: z.number().nullable() }), result: nothing },
  'sync.resume': { params: nothing, result: nothing },
  'sync.answer': { params: z.strictObject({ id, accept: z.boolean() }), result: nothing },

  'problems.page': {
    params: z.strictObject({ ...page, destination: id.nullable(), ignored: z.boolean() }),
    result: z.strictObject({
      problems: z.array(problemSchema),
      cursor: z.string().nullable(),
      total: z.int().nonnegative(),
    }),
  },
  /** Null retries all. */
  'problems.retry': { params: z.strictObject({ ids: ids.nullable() }), result: nothing },
  /** They stay listed as ignored and are not counted as needing attention; undone by `ignored: false`. */
  'problems.ignore': { params: z.strictObject({ ids, ignored: z.boolean() }), result: nothing },
  'activity.page': {
    params: z.strictObject(page),
    result: z.strictObject({
      entries: z.array(activityEntrySchema),
      cursor: z.string().nullable(),
    }),
  },

  'timeline.days': {
    params: z.strictObject({ filter: timelineFilterSchema }),
    result: z.array(dayCountSchema),
  },
  'timeline.range': { params: timelineRangeSchema, result: z.array(timelineItemSchema) },
  /** Neighbours of a photo in the timeline order, for the lightbox. */
  'timeline.around': {
    params: z.strictObject({
      filter: timelineFilterSchema,
      id: assetIdSchema,
      newer: z.int().min(0).max(100),
      older: z.int().min(0).max(100),
    }),
    result: z.array(timelineItemSchema),
  },
  'timeline.cameras': { params: nothing, result: z.array(z.string()) },
  'asset.details': { params: z.strictObject({ id: assetIdSchema }), result: assetDetailsSchema },
  'albums.list': { params: nothing, result: z.array(albumSchema) },
  'duplicates.page': {
    params: z.strictObject(page),
    result: z.strictObject({
      duplicates: z.array(duplicateSchema),
      cursor: z.string().nullable(),
      total: z.int().nonnegative(),
    }),
  },
  /** Copies originals into a folder, never over a file that is there; event `exported` meanwhile. */
  'assets.export': {
    params: z.strictObject({ ids, into: pathSchema }),
    result: z.strictObject({ copied: z.int().nonnegative(), failed: z.int().nonnegative() }),
  },
  /** Shows the file in the computer's file manager, on the computer the engine runs on. */
  'assets.reveal': { params: z.strictObject({ id: assetIdSchema }), result: nothing },

  /** Files and folders by their paths on the computer the engine runs on; they stay where they are. */
  'uploads.begin': {
    params: z.strictObject({
      paths: z.array(pathSchema).min(1).max(100_000),
      target: uploadTargetSchema,
    }),
    result: uploadBatchSchema,
  },
  /** A batch for files that have no path here: their bytes follow by the host's upload address. */
  'uploads.receive': {
    params: z.strictObject({
      files: z
        .array(
          z.strictObject({
            name: z.string().min(1).max(1000),
            bytes: z.int().nonnegative(),
            modifiedMs: z.number().nullable(),
          }),
        )
        .min(1)
        .max(10_000),
      target: uploadTargetSchema,
    }),
    result: uploadBatchSchema,
  },
  'uploads.list': { params: nothing, result: z.array(uploadBatchSchema) },
  'uploads.retry': { params: z.strictObject({ batch: id, items: ids }), result: nothing },
  'uploads.cancel': {
    params: z.strictObject({ batch: id, items: ids.nullable() }),
    result: nothing,
  },
  /** Takes a finished batch off the list. */
  'uploads.dismiss': { params: z.strictObject({ batch: id }), result: nothing },
} as const;

export type AppMethod = keyof typeof appMethods;
export type AppParams<M extends AppMethod> = z.infer<(typeof appMethods)[M]['params']>;
export type AppResult<M extends AppMethod> = z.infer<(typeof appMethods)[M]['result']>;

/** What the engine implements: one function a method. Failures are thrown as `CloudrollError`. */
export type AppHandlers = {
  readonly [M in AppMethod]: (params: AppParams<M>, signal: AbortSignal) => Promise<AppResult<M>>;
};
