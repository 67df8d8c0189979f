import { z } from 'zod';

import type { ObjectInfo } from '../contract.ts';
import type { KnownContents } from './known-contents.ts';

/** A file as Dropbox describes it. */
export const fileSchema = z.object({
  name: z.string(),
  path_display: z.string().optional(),
  /** Changes whenever the file is written. */
  rev: z.string(),
  size: z.int().nonnegative(),
  server_modified: z.string(),
  content_hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/u)
    .optional(),
});
export type FileMetadata = z.infer<typeof fileSchema>;

/** What may stand under a path; null: no file. */
export const entrySchema = z
  .discriminatedUnion('.tag', [
    z.object({ '.tag': z.literal('file'), ...fileSchema.shape }),
    z.object({ '.tag': z.literal('folder') }),
    z.object({ '.tag': z.literal('deleted') }),
  ])
  .transform((entry): FileMetadata | null => (entry['.tag'] === 'file' ? entry : null));

/** The content hash is the tag as well: the same bytes have the same one, whoever wrote them again. */
export function infoOf(key: string, file: FileMetadata, known: KnownContents): ObjectInfo {
  const modified = Date.parse(file.server_modified);
  const hash = file.content_hash;
  const sha256 = hash === undefined ? undefined : known.sha256Of(hash);
  return {
    key,
    bytes: file.size,
    modifiedMs: Number.isNaN(modified) ? null : modified,
    hashes: sha256 === undefined ? {} : { sha256 },
    tag: hash ?? null,
  };
}
