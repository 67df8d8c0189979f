import { basename, dirname } from 'node:path';

import { failureOf, type Failure } from '../../../../shared/domain/failure.ts';
import { ignoreReason } from '../../../../shared/domain/ignore-rules.ts';
import { candidateByName } from '../../../../shared/domain/media-types.ts';
import type { UploadItemRow } from '../../catalog/uploads.ts';
import type { FileSystem } from '../../ports/file-system.ts';
import { fromTypedPath } from '../../scan/raw-path.ts';
import { below } from '../../scan/roots.ts';
import { walk } from '../../scan/walk.ts';

/** What an item is before the catalogue knows it. */
export type NewItem = Omit<UploadItemRow, 'id' | 'batchId' | 'assetId'>;

/** Items of one batch; what a person drops by mistake (a whole drive) ends somewhere. */
const mostItems = 100_000;
/** Items that are told of at once. */
const itemsAtOnce = 500;

const tooMany: Failure = {
  code: 'invalid',
  message: 'This is more than can be uploaded at once.',
  hint: 'Add the folder to the folders that are kept backed up instead.',
};

/**
 * The items in what was dropped: files as they are, folders with all photos and videos below them. A file
 * that cannot be looked at becomes an item with its reason, one that is no photo or video an ignored one.
 */
export async function* collectItems(
  paths: readonly string[],
  fileSystem: FileSystem,
  signal: AbortSignal,
): AsyncGenerator<NewItem[], void> {
  let count = 0;
  for (const given of paths) {
    for await (const items of itemsOf(given, fileSystem, signal)) {
      const room = mostItems - count;
      count += items.length;
      yield items.slice(0, room);
      if (count > mostItems) {
        yield [failed(given, tooMany)];
        return;
      }
    }
  }
}

/** Whether a file with this name is looked at for a photo or video at all. */
export function mayBePhoto(name: string): boolean {
  return (
    !['other', 'sidecar'].includes(candidateByName(name)) && ignoreReason(name, 'file') === null
  );
}

async function* itemsOf(
  given: string,
  fileSystem: FileSystem,
  signal: AbortSignal,
): AsyncGenerator<NewItem[], void> {
  try {
    const path = await fileSystem.realPath(fromTypedPath(given));
    const stat = await fileSystem.stat(path);
    if (stat.kind === 'directory') {
      yield* itemsBelow(path, fileSystem, signal);
      return;
    }
    const name = basename(path);
    const usable = stat.kind === 'file' && mayBePhoto(name);
    const item = fileItem(dirname(path), path, name, stat.size);
    yield [usable ? item : { ...item, fate: 'ignored' }];
  } catch (error) {
    const failure = failureOf(error);
    if (failure.code === 'cancelled' || failure.code === 'bug') throw error;
    yield [failed(given, failure)];
  }
}

async function* itemsBelow(
  root: string,
  fileSystem: FileSystem,
  signal: AbortSignal,
): AsyncGenerator<NewItem[], void> {
  let items: NewItem[] = [];
  for await (const event of walk(root, {}, { fileSystem }, signal)) {
    if (event.type === 'unreadable') {
      items.push(failed(below(root, event.path), event.failure));
    } else if (event.type === 'directory') {
      for (const { name, stat, candidate } of event.files) {
        if (candidate === 'sidecar') continue;
        const path = below(below(root, event.path), name);
        items.push(fileItem(root, path, name, stat.size));
      }
    }
    if (items.length < itemsAtOnce) continue;
    yield items;
    items = [];
  }
  if (items.length > 0) yield items;
}

function fileItem(root: string, path: string, name: string, bytes: number): NewItem {
  return { name, path, root, bytes, modifiedMs: null, fate: null, failure: null };
}

function failed(path: string, failure: Failure): NewItem {
  return {
    ...fileItem(dirname(path), path, basename(path), 0),
    fate: 'failed',
    failure: JSON.stringify(failure),
  };
}
