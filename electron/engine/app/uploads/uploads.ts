import { join } from 'node:path';

import { z } from 'zod';

import type { AppHandlers, AppParams } from '../../../../shared/contract/app/methods.ts';
import type { UploadBatch } from '../../../../shared/contract/app/uploads.ts';
import {
  CloudrollError,
  fail,
  failureOf,
  type Failure,
} from '../../../../shared/domain/failure.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { UploadBatchRow, UploadItemRow } from '../../catalog/uploads.ts';
import type { Logger } from '../../logging/logger.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FileSystem } from '../../ports/file-system.ts';
import type { Random } from '../../ports/random.ts';
import { newId } from '../new-id.ts';
import type { LoopJob } from '../sync-loop.ts';
import { BatchStanding, type BatchStandingPorts } from './batch-standing.ts';
import { addItem, chosen, isFinished, type Batch, type Item } from './batch.ts';
import { collectItems, mayBePhoto } from './collect.ts';
import { isFinal } from './item-standing.ts';
import { planOf, split, type Picked } from './picked-files.ts';
import { receiveFile, safeName } from './receive-file.ts';

export interface UploadsPorts extends BatchStandingPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly fileSystem: FileSystem;
  /** Where received files are kept. */
  readonly uploadsFolder: string;
  /** Keeps a folder backed up from now on. */
  readonly watch: (path: string) => Promise<unknown>;
  /** A directory of a watched folder has something new. */
  readonly nudge: (root: string, directory: string) => void;
  /** There is a job. */
  readonly onJob: () => void;
  readonly onBatch: (batch: UploadBatch) => void;
}

/** Between two tellings of a batch, milliseconds. */
const tellEveryMs = 300;
/** Items whose standing is looked up at one go. */
const itemsAtOnce = 2000;
/** Batches with nothing left to do are forgotten after this time, milliseconds. */
const keepMs = 7 * 86_400_000;

/** What people drop, paste or choose, followed until it is backed up. A restart forgets none of it. */
export class Uploads {
  readonly #ports: UploadsPorts;
  readonly #standing: BatchStanding;
  readonly #batches = new Map<string, Batch>();
  readonly #stop = new AbortController();
  readonly #receiving = new Set<Promise<void>>();
  #following: Promise<void> | null = null;
  #wanted = false;
  /** Whether there may be a picked file that no job has come by yet. */
  #jobDue = true;

  constructor(ports: UploadsPorts) {
    this.#ports = ports;
    this.#standing = new BatchStanding(ports);
    for (const row of ports.catalog.uploads.batches()) this.#restore(row);
  }

  get handlers() {
    return {
      'uploads.begin': (params) => Promise.resolve(this.#begin(params)),
      'uploads.receive': (params) => Promise.resolve(this.#announce(params)),
      'uploads.list': () =>
        Promise.resolve([...this.#batches.values()].map((batch) => this.#shown(batch))),
      'uploads.retry': ({ batch, items }) => {
        this.#retry(this.#batch(batch), items);
        return Promise.resolve({});
      },
      'uploads.cancel': ({ batch, items }) => {
        this.#cancel(this.#batch(batch), items);
        return Promise.resolve({});
      },
      'uploads.dismiss': ({ batch }) => {
        this.#dismiss(this.#batch(batch));
        return Promise.resolve({});
      },
    } satisfies Partial<AppHandlers>;
  }

  /** The next picked files that lie in no watched folder; null where there are none. */
  nextJob(): LoopJob | null {
    if (!this.#jobDue) return null;
    for (const batch of this.#batches.values()) {
      const picked = this.#standing.openPicks(batch);
      const destinations = this.#standing.destinationsOf(batch);
      if (picked.length === 0 || destinations.length === 0 || batch.collecting) continue;
      return {
        ...planOf(picked),
        destinations,
        onEnd: (how) => {
          this.#endJob(batch, picked, how);
        },
      };
    }
    this.#jobDue = false;
    return null;
  }

  /** Something was read, sent or proven. */
  follow(): void {
    this.#wanted = true;
    if (this.#stop.signal.aborted) return;
    this.#following ??= this.#followAll().finally(() => {
      this.#following = null;
    });
  }

  /** Everything that is not finished is tried again, if there is anything. */
  again(): void {
    const open = [...this.#batches.values()].some(
      (batch) => this.#standing.openPicks(batch).length > 0,
    );
    if (!open || this.#jobDue) return;
    this.#jobDue = true;
    this.#ports.onJob();
  }

  taken(url: string, key: string, bytes: number): void {
    if (this.#batches.size === 0) return;
    this.#standing.taken(url, key, bytes);
    this.follow();
  }

  /** Takes the bytes of an item that was announced. */
  async receive(
    batchId: string,
    itemId: string,
    bytes: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<void> {
    const batch = this.#batch(batchId);
    const item = batch.items.get(Number(itemId));
    if (item?.row.path !== null || item.received !== null || isFinal(item.shown.state)) {
      throw fail('conflict', 'This file is not expected, or not any more.');
    }
    const either = AbortSignal.any([signal, this.#stop.signal, batch.stop.signal]);
    const work = this.#receive(batch, item, bytes, either);
    this.#receiving.add(work);
    try {
      await work;
    } finally {
      this.#receiving.delete(work);
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled([...this.#receiving]);
    await this.#following;
  }

  #begin({ paths, target }: AppParams<'uploads.begin'>): UploadBatch {
    const batch = this.#open(target);
    batch.collecting = true;
    void this.#collect(batch, paths);
    return this.#shown(batch);
  }

  #announce({ files, target }: AppParams<'uploads.receive'>): UploadBatch {
    // What is received lies in a watched folder, which goes everywhere.
    const batch = this.#open({ ...target, destinations: [] });
    this.#add(
      batch,
      files.map(({ name, bytes, modifiedMs }) => ({
        ...{ name, bytes, modifiedMs },
        ...{ path: null, root: null, failure: null },
        // What lies in the folder under such a name is never looked at: it would wait for ever.
        fate: mayBePhoto(safeName(name)) ? null : ('ignored' as const),
      })),
    );
    this.#tell(batch);
    return this.#shown(batch);
  }

  #open({ album, destinations }: AppParams<'uploads.begin'>['target']): Batch {
    const { catalog, clock, random } = this.#ports;
    const known = this.#ports.destinations().map(({ id }) => id);
    const unknown = destinations.find((id) => !known.includes(id));
    if (unknown !== undefined) {
      throw fail('notFound', 'A destination that was chosen is not there any more.');
    }
    if (known.length === 0) {
      throw fail('invalid', 'There is no destination yet.', {
        hint: 'Add a destination first; then drop the photos again.',
      });
    }
    const row: UploadBatchRow = {
      id: newId(random),
      startedMs: clock.now(),
      album,
      destinations: JSON.stringify(destinations),
    };
    catalog.uploads.addBatch(row);
    return this.#keep(row, destinations);
  }

  #keep(row: UploadBatchRow, destinations: readonly string[]): Batch {
    const batch: Batch = {
      row,
      destinations,
      items: new Map(),
      stop: new AbortController(),
      collecting: false,
    };
    this.#batches.set(row.id, batch);
    return batch;
  }

  /** What was not received before the app ended never will be: its window is gone. */
  #restore(row: UploadBatchRow): void {
    const { catalog, clock } = this.#ports;
    const parsed = z.array(z.string()).safeParse(JSON.parse(row.destinations));
    const batch = this.#keep(row, parsed.success ? parsed.data : []);
    for (const item of catalog.uploads.items(row.id)) {
      if (item.path === null && item.fate === null) {
        const failure = JSON.stringify(notReceived);
        catalog.uploads.decide(item.id, 'failed', failure, null);
        addItem(batch, { ...item, fate: 'failed', failure });
      } else {
        addItem(batch, item);
      }
    }
    this.#standing.look(batch, batch.items.values());
    if (!isFinished(batch) || clock.now() - row.startedMs < keepMs) return;
    catalog.uploads.remove(row.id);
    this.#batches.delete(row.id);
  }

  async #collect(batch: Batch, paths: readonly string[]): Promise<void> {
    const { fileSystem, logger } = this.#ports;
    const signal = AbortSignal.any([this.#stop.signal, batch.stop.signal]);
    try {
      for await (const items of collectItems(paths, fileSystem, signal)) {
        this.#add(batch, items);
        this.follow();
      }
    } catch (error) {
      const { code, message } = failureOf(error);
      if (code !== 'cancelled') logger.error('items not collected', { code, message });
    }
    batch.collecting = false;
    if (signal.aborted) return;
    this.#standing.look(batch, batch.items.values());
    this.#startWork(batch);
    this.#tell(batch);
  }

  /** What lies in watched folders is looked at there; the rest is a job of its own. */
  #startWork(batch: Batch): void {
    const directories = new Map<string, Set<string>>();
    for (const { row, shown: item } of batch.items.values()) {
      const place =
        row.path === null || isFinal(item.state) ? null : this.#standing.watchedPlace(row.path);
      if (place === null) continue;
      const { directory } = split(place.relative);
      const of = directories.get(place.root) ?? new Set<string>();
      directories.set(place.root, of.add(directory));
    }
    for (const [root, of] of directories) {
      for (const directory of of) this.#ports.nudge(root, directory);
    }
    if (this.#standing.openPicks(batch).length === 0) return;
    this.#jobDue = true;
    this.#ports.onJob();
  }

  async #receive(
    batch: Batch,
    item: Item,
    bytes: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<void> {
    const { fileSystem, random, uploadsFolder } = this.#ports;
    const { album } = batch.row;
    const folder = album === null ? uploadsFolder : join(uploadsFolder, safeName(album));
    const held: { assetId: number | null } = { assetId: null };
    item.received = 0;
    try {
      const received = await receiveFile(
        item.row,
        bytes,
        {
          fileSystem,
          folder,
          id: newId(random),
          onProgress: (taken) => {
            item.received = item.row.bytes === 0 ? 1 : taken / item.row.bytes;
            this.follow();
          },
          keep: (sha256) => {
            held.assetId = this.#heldEverywhere(batch, sha256);
            return held.assetId === null;
          },
        },
        signal,
      );
      if (received.path === null) this.#decide(item, 'alreadyBackedUp', held);
      else await this.#takeReceived(item, received.path, received.bytes);
    } catch (error) {
      const failure = failureOf(error);
      const cancelled = failure.code === 'cancelled';
      if (!isFinal(item.shown.state)) {
        this.#decide(item, cancelled ? 'cancelled' : 'failed', {
          ...(cancelled ? {} : { failure: JSON.stringify(failure) }),
        });
      }
      throw error instanceof CloudrollError ? error : new CloudrollError(failure, error);
    } finally {
      item.received = null;
      this.#standing.look(batch, [item]);
      this.#tell(batch);
    }
  }

  async #takeReceived(item: Item, path: string, bytes: number): Promise<void> {
    const { catalog, fileSystem, uploadsFolder, watch, nudge } = this.#ports;
    const real = await fileSystem.realPath(path);
    catalog.uploads.received(item.row.id, real, bytes);
    item.row = { ...item.row, path: real, bytes };
    if (this.#standing.watchedPlace(real) === null) await watch(uploadsFolder);
    const place = this.#standing.watchedPlace(real);
    if (place !== null) nudge(place.root, split(place.relative).directory);
  }

  /** The asset with this content, where every destination of the batch has proven that it holds it. */
  #heldEverywhere(batch: Batch, sha256: string): number | null {
    const { assets, uploads } = this.#ports.catalog;
    const asset = assets.byHash(sha256);
    if (asset === null) return null;
    const rows = this.#standing.rowIds(batch);
    const held = rows.every((id) => uploads.delivery(asset.id, id)?.state === 'verified');
    return held && rows.length > 0 ? asset.id : null;
  }

  #endJob(batch: Batch, picked: readonly Picked[], how: 'whole' | 'cutOff' | Failure): void {
    const paths = new Set(picked.map(({ path }) => path));
    this.#standing.look(batch, batch.items.values());
    for (const item of batch.items.values()) {
      if (item.row.path === null || !paths.has(item.row.path)) continue;
      if (item.shown.state !== 'waiting' || item.shown.asset !== null) continue;
      // The run came by its folder and did not see it.
      if (how === 'whole') this.#decide(item, 'failed', { failure: JSON.stringify(notFound) });
    }
    // What is left waits for its destination: it is tried again when that is, not at once.
    this.#jobDue = [...this.#batches.values()].some(
      (other) =>
        (how === 'cutOff' || other !== batch) && this.#standing.openPicks(other).length > 0,
    );
    this.#standing.look(batch, batch.items.values());
    this.#tell(batch);
  }

  #retry(batch: Batch, ids: readonly string[]): void {
    const { catalog } = this.#ports;
    for (const item of chosen(batch, ids)) {
      if (!['failed', 'cancelled'].includes(item.shown.state)) continue;
      this.#decide(item, null);
      // Its bytes did not arrive: they may be sent again.
      if (item.row.path === null) continue;
      const file = this.#standing.fileOf(item.row);
      if (file === null) continue;
      catalog.problems.retryFiles([file.id]);
      if (file.assetId === null) continue;
      for (const rowId of this.#standing.rowIds(batch)) {
        catalog.problems.retryDeliveries(rowId, [file.assetId]);
      }
    }
    this.#standing.look(batch, batch.items.values());
    this.#startWork(batch);
    this.#tell(batch);
  }

  /** What lies in a watched folder is backed up with it and cannot be cancelled here. */
  #cancel(batch: Batch, ids: readonly string[] | null): void {
    if (ids === null) batch.stop.abort();
    const items = ids === null ? [...batch.items.values()] : chosen(batch, ids);
    let picks = false;
    for (const item of items) {
      const { path } = item.row;
      if (isFinal(item.shown.state)) continue;
      if (path !== null && this.#standing.watchedPlace(path) !== null) continue;
      picks ||= path !== null;
      this.#decide(item, 'cancelled');
    }
    this.#standing.look(batch, batch.items.values());
    this.#tell(batch);
    if (!picks) return;
    this.#jobDue = true;
    this.#ports.onJob();
  }

  #dismiss(batch: Batch): void {
    if (!isFinished(batch)) {
      throw fail('busy', 'This upload is still going on.', { hint: 'Cancel it first.' });
    }
    this.#ports.catalog.uploads.remove(batch.row.id);
    this.#batches.delete(batch.row.id);
  }

  #add(batch: Batch, items: Parameters<Catalog['uploads']['addItems']>[1]): void {
    const ids = this.#ports.catalog.uploads.addItems(batch.row.id, items);
    for (const [index, item] of items.entries()) {
      const id = ids[index];
      if (id !== undefined) {
        addItem(batch, { ...item, id, batchId: batch.row.id, assetId: null });
      }
    }
  }

  #decide(
    item: Item,
    fate: UploadItemRow['fate'],
    about: { readonly failure?: string; readonly assetId?: number | null } = {},
  ): void {
    const { failure = null, assetId = null } = about;
    this.#ports.catalog.uploads.decide(item.row.id, fate, failure, assetId);
    item.row = { ...item.row, fate, failure, assetId };
    item.shown = { ...item.shown, state: fate ?? 'waiting', failure: null };
  }

  async #followAll(): Promise<void> {
    while (this.#wanted && !this.#stop.signal.aborted) {
      this.#wanted = false;
      for (const batch of this.#batches.values()) {
        const open = [...batch.items.values()].filter((item) => !isFinal(item.shown.state));
        if (open.length === 0) continue;
        // In parts, so that a hundred thousand items hold nobody up.
        for (let start = 0; start < open.length; start += itemsAtOnce) {
          this.#standing.look(batch, open.slice(start, start + itemsAtOnce));
          await this.#ports.clock.sleep(0, this.#stop.signal).catch(() => undefined);
        }
        this.#tell(batch);
      }
      await this.#ports.clock.sleep(tellEveryMs, this.#stop.signal).catch(() => undefined);
    }
  }

  #shown(batch: Batch): UploadBatch {
    const { id, startedMs, album } = batch.row;
    return {
      ...{ id, startedMs, album },
      destinations: this.#standing.destinationsOf(batch).map((destination) => destination.id),
      items: [...batch.items.values()].map((item) => item.shown),
      collecting: batch.collecting,
    };
  }

  #tell(batch: Batch): void {
    this.#ports.onBatch(this.#shown(batch));
    if (isFinished(batch) && [...this.#batches.values()].every((one) => isFinished(one))) {
      this.#standing.forgetTaken();
    }
  }

  #batch(id: string): Batch {
    const batch = this.#batches.get(id);
    if (batch !== undefined) return batch;
    throw fail('notFound', 'There is no such upload.');
  }
}

const notFound: Failure = {
  code: 'notFound',
  message: 'The file is not there any more, or cannot be read.',
  hint: 'Drop it again from where it is now.',
};
const notReceived: Failure = {
  code: 'offline',
  message: 'The file was not received to its end.',
  hint: 'Drop it again.',
};
