import { z } from 'zod';

import { fail, failureOf } from '../../../../shared/domain/failure.ts';
import type { ObjectInfo } from '../contract.ts';
import { infoOf, itemSchema, itemSelection, pathIn } from './drive-items.ts';
import type { DriveItem, DrivePath } from './drive-items.ts';
import { isFolder } from './folders.ts';
import type { GraphApi } from './graph-api.ts';

const pageSchema = z.object({
  value: z.array(itemSchema),
  '@odata.nextLink': z.string().max(8192).nullish(),
});

/** OneDrive gives up to this many on a page. */
const pageSize = 1000;
/** What is deeper is none of ours. */
const deepest = 64;

/**
 * Every file below a folder, folder after folder and page after page
 * (learn.microsoft.com/graph/api/driveitem-list-children); nothing where there is no such folder.
 * @param prefix key of the folder: empty, or ends in `/`
 */
export async function* listBelow(
  api: GraphApi,
  base: DrivePath,
  prefix: string,
  signal: AbortSignal,
): AsyncGenerator<ObjectInfo> {
  const waiting = [prefix];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const parts = folder.split('/').filter((part) => part !== '');
    for await (const item of childrenOf(api, [...base, ...parts], signal)) {
      // A name that leads elsewhere cannot be one; whoever sends it is no OneDrive.
      if (/^\.{0,2}$|[/\\]/u.test(item.name)) continue;
      if (isFolder(item)) {
        if (parts.length < deepest) waiting.push(`${folder}${item.name}/`);
        continue;
      }
      const info = infoOf(`${folder}${item.name}`, item);
      if (info !== null) yield info;
    }
  }
}

async function* childrenOf(
  api: GraphApi,
  path: DrivePath,
  signal: AbortSignal,
): AsyncGenerator<DriveItem> {
  let next: string | null = `${pathIn(path, 'children')}?$top=${String(pageSize)}&${itemSelection}`;
  const visited = new Set<string>();
  while (next !== null) {
    if (visited.has(next)) throw fail('serverError', 'OneDrive’s list of files goes in a circle.');
    visited.add(next);
    let page: z.infer<typeof pageSchema>;
    try {
      page = await api.json(pageSchema, { method: 'GET', path: next }, [200], signal);
    } catch (error) {
      // Only of a folder that was never there may nothing be said; one that vanishes makes the list wrong.
      if (failureOf(error).code === 'notFound' && visited.size === 1) return;
      throw error;
    }
    yield* page.value;
    const link = page['@odata.nextLink'];
    next = link === null || link === undefined ? null : api.ownPath(link);
  }
}
