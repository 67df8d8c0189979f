import type { AppHandlers } from '../../../shared/contract/app/methods.ts';
import type { UploadBatch, UploadItem } from '../../../shared/contract/app/uploads.ts';
import type { FakeEngine } from './fake-engine.ts';

type UploadMethod = Extract<keyof AppHandlers, `uploads.${string}`>;

/** Uploads by path are done at once; files that are sent stay on their way until a test says otherwise. */
export function fakeUploads(engine: FakeEngine): Pick<AppHandlers, UploadMethod> {
  let batches: readonly UploadBatch[] = [];
  const nothing = (): Promise<Record<string, never>> => Promise.resolve({});
  const begin = (
    names: readonly { readonly name: string; readonly bytes: number }[],
    target: { readonly album: string | null; readonly destinations: readonly string[] },
    state: UploadItem['state'],
  ): UploadBatch => {
    const batch: UploadBatch = {
      id: `b${String(batches.length + 1)}`,
      startedMs: engine.nowMs,
      album: target.album,
      destinations: [...target.destinations],
      items: names.map(({ name, bytes }, index) => ({
        id: `i${String(index)}`,
        name,
        bytes,
        state,
        progress: state === 'backedUp' ? 1 : 0,
        asset: state === 'backedUp' ? index.toString(36) : null,
        failure: null,
      })),
      collecting: false,
    };
    batches = [...batches, batch];
    engine.announce('upload', batch);
    return batch;
  };
  const change = (id: string, how: (item: UploadItem) => UploadItem): void => {
    batches = batches.map((batch) =>
      batch.id === id ? { ...batch, items: batch.items.map(how) } : batch,
    );
    const changed = batches.find((batch) => batch.id === id);
    if (changed !== undefined) engine.announce('upload', changed);
  };
  return {
    'uploads.begin': ({ paths, target }) =>
      Promise.resolve(
        begin(
          paths.map((path) => ({ name: path.split('/').at(-1) ?? path, bytes: 4_300_000 })),
          target,
          'backedUp',
        ),
      ),
    'uploads.receive': ({ files, target }) => Promise.resolve(begin(files, target, 'receiving')),
    'uploads.list': () => Promise.resolve([...batches]),
    'uploads.retry': nothing,
    'uploads.cancel': ({ batch, items }) => {
      change(batch, (item) =>
        (items === null || items.includes(item.id)) && item.state !== 'backedUp'
          ? { ...item, state: 'cancelled' }
          : item,
      );
      return nothing();
    },
    'uploads.dismiss': ({ batch }) => {
      batches = batches.filter(({ id }) => id !== batch);
      return nothing();
    },
  };
}
