import { useQueryClient } from '@tanstack/react-query';
import { useState, useSyncExternalStore } from 'react';

import type { UploadBatch, UploadItem, UploadTarget } from '../../shared/contract/app/uploads.ts';
import { fail } from '../../shared/domain/failure.ts';
import { pastedFolder } from '../../shared/domain/pasted-image.ts';
import { queryKey, useAppEvent, useAppQuery, useSession } from '../app/engine.tsx';
import { useHost } from '../app/host.ts';
import { withBatch, withSent } from './upload-items.ts';
import type { Dropped } from './dropped-files.ts';
import { checkPasted, isPastedBitmap, namedByDate } from './pasted-image.ts';
import { useFileSender } from './uploads-provider.tsx';

/** Files of one request to the engine, at most. */
const FILES_A_REQUEST = 5000;
const PATHS_A_REQUEST = 100_000;

export interface Uploads {
  readonly batches: readonly UploadBatch[];
  readonly loading: boolean;
  readonly error: unknown;
  readonly refetch: () => void;
  /** Something that was dropped is being taken over. */
  readonly taking: boolean;
  /** An image was pasted and is kept as a file. */
  readonly pasted: boolean;
  /** Why something could not be taken over or changed. */
  readonly failure: unknown;
  readonly takePaths: (paths: readonly string[]) => Promise<boolean>;
  readonly takeDropped: (dropped: Dropped) => Promise<boolean>;
  readonly retry: (batch: UploadBatch, items: readonly UploadItem[]) => void;
  /** Null cancels all that is left. */
  readonly cancel: (batch: UploadBatch, item: UploadItem | null) => void;
  readonly dismiss: (batch: UploadBatch) => void;
  readonly pictureOf: (batch: UploadBatch, item: UploadItem) => string | null;
}

/** What was dropped so far, and taking more. */
export function useUploads(target: UploadTarget): Uploads {
  const session = useSession();
  const host = useHost();
  const sender = useFileSender();
  const queries = useQueryClient();
  useSyncExternalStore(sender.subscribe, sender.version);
  const list = useAppQuery('uploads.list', {});
  const [taking, setTaking] = useState(0);
  const [failure, setFailure] = useState<unknown>(null);
  const [pasted, setPasted] = useState(false);

  const take = (batch: UploadBatch): void => {
    queries.setQueryData(queryKey('uploads.list', {}), (known: UploadBatch[] | undefined) =>
      withBatch(known ?? [], batch),
    );
  };
  useAppEvent('upload', take);

  const attempt = async (work: () => Promise<void>): Promise<boolean> => {
    setFailure(null);
    setTaking((now) => now + 1);
    try {
      await work();
      return true;
    } catch (error) {
      setFailure(error);
      return false;
    } finally {
      setTaking((now) => now - 1);
    }
  };
  const begin = async (paths: readonly string[]): Promise<void> => {
    for (let at = 0; at < paths.length; at += PATHS_A_REQUEST) {
      const some = paths.slice(at, at + PATHS_A_REQUEST);
      take(await session.call('uploads.begin', { paths: some, target }));
    }
  };
  const keepPasted = async (image: File): Promise<void> => {
    checkPasted(image);
    if (host.keepPasted === null) {
      const into = { ...target, album: pastedFolder };
      await receive([namedByDate(image)], into);
    } else {
      await begin([await host.keepPasted(new Uint8Array(await image.arrayBuffer()))]);
    }
    setPasted(true);
  };
  const receive = async (files: readonly File[], into: UploadTarget): Promise<void> => {
    const { uploadUrl } = host;
    if (uploadUrl === null) {
      throw fail('unsupported', 'This is no file on this computer.', {
        hint: 'Save it as a file first, then drop the file.',
      });
    }
    for (let at = 0; at < files.length; at += FILES_A_REQUEST) {
      const some = files.slice(at, at + FILES_A_REQUEST);
      const batch = await session.call('uploads.receive', {
        files: some.map(described),
        target: into,
      });
      take(batch);
      for (const [index, item] of batch.items.entries()) {
        const file = some[index];
        if (file === undefined || (item.state !== 'waiting' && item.state !== 'receiving'))
          continue;
        sender.send(batch.id, item.id, file, uploadUrl(batch.id, item.id));
      }
    }
  };
  const fallible = (work: () => Promise<unknown>): void => {
    setFailure(null);
    work().catch((error: unknown) => {
      setFailure(error);
    });
  };
  return {
    batches: (list.data ?? []).map((batch) => ({
      ...batch,
      items: [...withSent(batch.items, (item) => sender.share(batch.id, item))],
    })),
    loading: list.isPending,
    error: list.error,
    refetch: () => {
      void list.refetch();
    },
    taking: taking > 0,
    pasted,
    failure,
    takePaths: (paths) => attempt(() => begin(paths)),
    takeDropped: (dropped) =>
      attempt(async () => {
        const { paths, rest } = splitByPath(dropped.given, host.pathOf);
        if (paths.length > 0) await begin(paths);
        const files = paths.length > 0 ? rest : await dropped.files();
        const now = Date.now();
        const bitmaps = dropped.pasted ? files.filter((file) => isPastedBitmap(file, now)) : [];
        for (const image of bitmaps) await keepPasted(image);
        const others = files.filter((file) => !bitmaps.includes(file));
        if (others.length > 0) await receive(others, target);
      }),
    retry: (batch, items) => {
      fallible(async () => {
        await session.call('uploads.retry', { batch: batch.id, items: items.map(({ id }) => id) });
        for (const { id } of items) sender.again(batch.id, id);
      });
    },
    cancel: (batch, item) => {
      fallible(async () => {
        await session.call('uploads.cancel', {
          batch: batch.id,
          items: item === null ? null : [item.id],
        });
        sender.release(batch.id, item?.id ?? null);
      });
    },
    dismiss: (batch) => {
      fallible(async () => {
        await session.call('uploads.dismiss', { batch: batch.id });
        sender.release(batch.id, null);
        queries.setQueryData(queryKey('uploads.list', {}), (known: UploadBatch[] | undefined) =>
          known?.filter(({ id }) => id !== batch.id),
        );
      });
    },
    pictureOf: (batch, { id, asset }) =>
      asset === null ? sender.picture(batch.id, id) : host.pictureUrl(asset, 'grid'),
  };
}

function described(file: File): { name: string; bytes: number; modifiedMs: number | null } {
  return {
    name: file.name === '' ? 'image' : file.name.slice(-1000),
    bytes: file.size,
    modifiedMs: file.lastModified,
  };
}

/** Files of which the host knows where they lie, and those it does not. */
function splitByPath(
  files: readonly File[],
  pathOf: ((file: object) => string | null) | null,
): { readonly paths: readonly string[]; readonly rest: readonly File[] } {
  const paths: string[] = [];
  const rest: File[] = [];
  for (const file of files) {
    const path = pathOf?.(file) ?? null;
    if (path === null || path === '') rest.push(file);
    else paths.push(path);
  }
  return { paths, rest };
}
