import { fail, failureOf } from '../../../../shared/domain/failure.ts';
import type { ObjectInfo } from '../contract.ts';
import type { DriveApi } from './drive-api.ts';
import { infoOf, isFolder, oldestFirst } from './drive-file.ts';
import type { DriveFile } from './drive-file.ts';

/** Folders that are read at once. */
const foldersAtOnce = 4;
/** Drive itself allows a hundred. */
const deepest = 200;

/** Folders of one path: Drive allows several of one name, which count as one. */
interface Folder {
  readonly ids: readonly string[];
  /** Empty, or ends in `/`. */
  readonly prefix: string;
  readonly depth: number;
}

/**
 * Every file below folders. One folder is asked for at a time: what Drive answers for several in one search is known
 * to be incomplete at times. A folder that goes away meanwhile has no files.
 */
export async function* listTree(
  api: DriveApi,
  ids: readonly string[],
  prefix: string,
  signal: AbortSignal,
): AsyncGenerator<ObjectInfo> {
  const waiting: Folder[] = [{ ids, prefix, depth: 0 }];
  while (waiting.length > 0) {
    const batch = waiting.splice(-foldersAtOnce);
    const contents = await Promise.all(batch.map((folder) => contentsOf(api, folder, signal)));
    for (const { files, folders } of contents) {
      yield* files;
      waiting.push(...folders);
    }
  }
}

async function contentsOf(
  api: DriveApi,
  { ids, prefix, depth }: Folder,
  signal: AbortSignal,
): Promise<{ readonly files: readonly ObjectInfo[]; readonly folders: readonly Folder[] }> {
  if (depth > deepest) throw fail('serverError', 'Google Drive has folders without an end.');
  const children: DriveFile[] = [];
  for (const id of ids) children.push(...(await childrenOf(api, id, signal)));
  const files = new Map<string, ObjectInfo>();
  const folders = new Map<string, string[]>();
  for (const child of oldestFirst(children)) {
    const { name } = child;
    if (isFolder(child)) folders.set(name, [...(folders.get(name) ?? []), child.id]);
    else if (!files.has(name)) files.set(name, infoOf(`${prefix}${name}`, child));
  }
  return {
    files: [...files.values()],
    folders: [...folders].map(([name, of]) => ({
      ids: of,
      prefix: `${prefix}${name}/`,
      depth: depth + 1,
    })),
  };
}

async function childrenOf(api: DriveApi, id: string, signal: AbortSignal): Promise<DriveFile[]> {
  const children: DriveFile[] = [];
  try {
    for await (const child of api.children(id, signal)) children.push(child);
  } catch (error) {
    if (failureOf(error).code !== 'notFound') throw error;
  }
  return children;
}
