import { z } from 'zod';

import type { ObjectInfo } from '../contract.ts';
import { valueOf } from './connection.ts';
import type { DropboxConnection } from './connection.ts';
import { refusalFailure } from './dropbox-failure.ts';
import type { KnownContents } from './known-contents.ts';
import { entrySchema, infoOf } from './metadata.ts';

const pageSchema = z.object({
  entries: z.array(entrySchema),
  cursor: z.string().min(1),
  has_more: z.boolean(),
});

export interface ListTools {
  readonly connection: DropboxConnection;
  readonly known: KnownContents;
  /** Empty, or begins with a slash. */
  readonly root: string;
}

/**
 * Every file below a prefix. What changes while it runs may come twice. A cursor that Dropbox no longer knows is a
 * failure that passes: whoever lists again leaves out what came before.
 * @param pageSize entries a page, 1 to 2000
 */
export async function* listFolder(
  { connection, known, root }: ListTools,
  prefix: string,
  pageSize: number,
  signal: AbortSignal,
): AsyncGenerator<ObjectInfo> {
  const path = `${root}/${prefix}`.replace(/\/$/u, '');
  const depth = path.split('/').length;
  const begin = { path, recursive: true, limit: pageSize };
  const first = await connection.call(pageSchema, 'files/list_folder', begin, signal);
  if (!first.ok) {
    const { tags } = first.refusal;
    if (tags.includes('not_found') || tags.includes('not_folder')) return;
    throw refusalFailure(first.refusal);
  }
  for (let page = first.value; ;) {
    for (const file of page.entries) {
      // Upper and lower case above the prefix are Dropbox's; the name itself is always as it was written.
      const folders = file?.path_display?.split('/').slice(depth, -1);
      if (file === null || folders === undefined) continue;
      yield infoOf(`${prefix}${[...folders, file.name].join('/')}`, file, known);
    }
    if (!page.has_more) return;
    const { cursor } = page;
    const next = { cursor };
    page = valueOf(await connection.call(pageSchema, 'files/list_folder/continue', next, signal));
  }
}
