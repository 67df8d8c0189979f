import { z } from 'zod';

const readPath = z.string().regex(/^(?:\/[^]*|id:.*|rev:[0-9a-f]{9,})$/u);
const writePath = z.string().regex(/^\/[^]*$/u);
const folderPath = z.string().regex(/^(?:\/[^]*)?$/u);
const hash = z.string().length(64);
const cursor = z.strictObject({ session_id: z.string(), offset: z.int().nonnegative() });
/** A member of a union that carries nothing may be written as its name alone. */
const modeName = z.enum(['add', 'overwrite']);
const mode = z.union([
  modeName,
  z.strictObject({ '.tag': modeName }).transform((member) => member['.tag']),
]);
const commit = {
  path: writePath,
  mode: mode.optional(),
  autorename: z.boolean().optional(),
  client_modified: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/u)
    .optional(),
  mute: z.boolean().optional(),
  strict_conflict: z.boolean().optional(),
};

/** More that may be told of an entry; nothing here has any of it. */
const details = {
  include_deleted: z.boolean().optional(),
  include_media_info: z.boolean().optional(),
  include_has_explicit_shared_members: z.boolean().optional(),
};

/** The arguments of the routes that the double knows (github.com/dropbox/dropbox-api-spec, files.stone). */
export const routeArguments = {
  metadata: z.strictObject({ path: readPath, ...details }),
  createFolder: z.strictObject({ path: writePath, autorename: z.boolean().optional() }),
  list: z.strictObject({
    path: folderPath,
    recursive: z.boolean().default(false),
    limit: z.int().min(1).max(2000).optional(),
    include_mounted_folders: z.boolean().optional(),
    include_non_downloadable_files: z.boolean().optional(),
    ...details,
  }),
  listContinue: z.strictObject({ cursor: z.string().min(1) }),
  remove: z.strictObject({
    path: writePath,
    parent_rev: z
      .string()
      .regex(/^[0-9a-f]{9,}$/u)
      .optional(),
  }),
  download: z.strictObject({ path: readPath }),
  upload: z.strictObject({ ...commit, content_hash: hash.optional() }),
  start: z.strictObject({
    close: z.boolean().default(false),
    session_type: z.literal('sequential').optional(),
    content_hash: hash.optional(),
  }),
  append: z.strictObject({
    cursor,
    close: z.boolean().default(false),
    content_hash: hash.optional(),
  }),
  finish: z.strictObject({
    cursor,
    commit: z.strictObject(commit),
    content_hash: hash.optional(),
  }),
  finishBatch: z.strictObject({
    entries: z
      .array(z.strictObject({ cursor, commit: z.strictObject(commit) }))
      .min(1)
      .max(1000),
  }),
};
