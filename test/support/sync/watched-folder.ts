import { createHash } from 'node:crypto';
import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { onTestFinished } from 'vitest';
import { NodeFileSystem } from '../../../electron/engine/adapters/node-file-system.ts';
import { Catalog } from '../../../electron/engine/catalog/catalog.ts';
import { Database } from '../../../electron/engine/catalog/database.ts';
import type { EnginePorts } from '../../../electron/engine/engine-ports.ts';
import { silentLogger } from '../../../electron/engine/logging/logger.ts';
import type { MediaReader } from '../../../electron/engine/ports/media-reader.ts';
import type { SyncResult } from '../../../electron/engine/sync/run-sync.ts';
import {
  watchSync,
  type FolderListener,
  type FolderWatcher,
} from '../../../electron/engine/sync/watch-sync.ts';
import type { SyncEvent, SyncSummary } from '../../../shared/contract/sync-events.ts';
import { fail } from '../../../shared/domain/failure.ts';
import { MemoryDestination, type GateCall } from '../destinations/memory-destination.ts';
import { MemoryStore } from '../destinations/memory-store.ts';
import { seededRandom } from '../destinations/seeded-random.ts';
import { testMediaReader } from '../destinations/test-media-reader.ts';
import { PacedClock } from './paced-clock.ts';

/** A folder watcher worked by hand. */
export class HandWatcher {
  #listener: FolderListener | null = null;
  #fail: (error: Error) => void = () => undefined;

  readonly watch: FolderWatcher = (_roots, listener, signal) => {
    this.#listener = listener;
    return new Promise((resolve, reject) => {
      this.#fail = reject;
      signal.addEventListener('abort', () => {
        resolve();
      });
    });
  };

  ready(): void {
    this.#listener?.onReady();
  }

  hint(root: string, directory = ''): void {
    this.#listener?.onHint(root, directory);
  }

  fail(error: Error): void {
    this.#fail(error);
  }
}

/** A real folder that `watchSync` backs up to a destination in memory, seen from outside. */
export class WatchedFolder {
  readonly root: string;
  readonly clock = new PacedClock(Date.now() + 60_000);
  readonly store = new MemoryStore();
  readonly events: SyncEvent[] = [];
  readonly calls: GateCall[] = [];
  readonly ports: EnginePorts;
  /** What the destination does with a call before it works. */
  gate: (call: GateCall) => Promise<void> = () => Promise.resolve();
  /** What happens while a file is read, after the first look at it. */
  whileReading: (file: string) => Promise<void> = () => Promise.resolve();
  readonly #controller = new AbortController();
  readonly #lookers = new Set<() => void>();
  #ended: Promise<SyncResult | null> = Promise.resolve(null);

  private constructor(root: string) {
    this.root = root;
    // Takes every file for a JPEG without metadata.
    const mediaReader: MediaReader = {
      ...testMediaReader,
      inspect: async (file, signal) => {
        const read = await testMediaReader.hash(file, signal);
        await this.whileReading(file);
        return {
          ...read,
          type: { kind: 'photo', mime: 'image/jpeg' },
          tags: {},
          metadataFailure: null,
        };
      },
    };
    const catalog = new Catalog(Database.over(new DatabaseSync(':memory:')));
    this.ports = {
      clock: this.clock,
      random: seededRandom(1),
      fileSystem: new NodeFileSystem(),
      mediaReader,
      catalog,
      logger: silentLogger,
    };
  }

  static async make(): Promise<WatchedFolder> {
    const root = await fs.mkdtemp(path.join(await fs.realpath(tmpdir()), 'cloudroll-sync-'));
    onTestFinished(() => fs.rm(root, { recursive: true, force: true }));
    return new WatchedFolder(root);
  }

  start(watcher: FolderWatcher): void {
    const destination = new MemoryDestination({
      store: this.store,
      gate: async (call) => {
        this.calls.push(call);
        for (const look of [...this.#lookers]) look();
        await this.gate(call);
      },
    });
    this.#ended = watchSync(
      {
        folders: [this.root],
        targets: [{ url: 'memory://one', name: 'one', destination }],
        deviceName: 'test',
        platform: process.platform,
      },
      this.ports,
      watcher,
      (event) => {
        this.events.push(event);
        for (const look of [...this.#lookers]) look();
      },
      this.#controller.signal,
    );
    onTestFinished(async () => {
      await this.stop();
    });
  }

  /** Ends the watching; the result of the last run. */
  stop(): Promise<SyncResult | null> {
    this.#controller.abort();
    return this.#ended;
  }

  /** A whole file under its name in one step, as programs that care write it. */
  async put(name: string, content: string): Promise<void> {
    const target = path.join(this.root, name);
    const partial = path.join(
      this.root,
      `.${createHash('sha256').update(name).digest('hex')}.part`,
    );
    await fs.mkdir(path.dirname(target), { recursive: true });
    await fs.writeFile(partial, content);
    await fs.rename(partial, target);
  }

  /** Resolves as soon as this holds after some event, those before included. */
  async until(holds: () => boolean): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (!holds()) return;
        this.#lookers.delete(look);
        resolve();
      };
      this.#lookers.add(look);
      this.#ended.catch(reject);
      look();
    });
  }

  /** Resolves with the summary that ends the run with this number, from 1. */
  async summary(number: number): Promise<SyncSummary> {
    await this.until(() => this.#summaries().length >= number);
    const summary = this.#summaries()[number - 1];
    if (summary === undefined) throw fail('bug', 'There is no such summary.');
    return summary;
  }

  /** Names of files that were uploaded, in the order of their proof. */
  get uploaded(): string[] {
    return this.events.flatMap((event) =>
      event.event === 'photo' && event.result === 'uploaded' ? [path.basename(event.path)] : [],
    );
  }

  /** Contents of the photos at the destination, sorted. */
  get stored(): string[] {
    return [...this.store.objects]
      .filter(([key]) => !key.startsWith('.cloudroll/'))
      .map(([, { bytes }]) => Buffer.from(bytes).toString('utf8'))
      .sort();
  }

  /** All journal segments at the destination, one after the other. */
  get journal(): string {
    return [...this.store.objects]
      .filter(([key]) => key.startsWith('.cloudroll/journal/'))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, { bytes }]) => Buffer.from(bytes).toString('utf8'))
      .join('');
  }

  /** Where the catalogue believes a content to lie, relative to the folder. */
  placesOf(content: string): string[] {
    const { assets, files } = this.ports.catalog;
    const asset = assets.byHash(createHash('sha256').update(content).digest('hex'));
    return asset === null ? [] : files.locationsOf(asset.id).map((place) => place.path);
  }

  checks(): number {
    return this.calls.filter(({ operation, phase }) => operation === 'check' && phase === 'before')
      .length;
  }

  #summaries(): SyncSummary[] {
    return this.events.filter((event) => event.event === 'summary');
  }
}
