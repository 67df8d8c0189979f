import { promises as fs } from 'node:fs';
import path from 'node:path';

import type { Failure } from '../../../shared/domain/failure.ts';
import { NodeFileSystem } from '../../../electron/engine/adapters/node-file-system.ts';
import type { Delivery } from '../../../electron/engine/catalog/deliveries.ts';
import type { Destination } from '../../../electron/engine/destinations/contract.ts';
import { silentLogger } from '../../../electron/engine/logging/logger.ts';
import type { Random } from '../../../electron/engine/ports/random.ts';
import { deliver, type Outcome } from '../../../electron/engine/transfer/deliver.ts';
import {
  DestinationSession,
  type SessionOptions,
} from '../../../electron/engine/transfer/destination-session.ts';
import { CommitQueue } from '../../../electron/engine/flow/commit-queue.ts';
import { Wakeup } from '../../../electron/engine/flow/wakeup.ts';
import { StillClock } from '../catalog/still-clock.ts';
import { describedAs, nowMs, TestCatalog } from '../catalog/test-catalog.ts';
import { testMediaReader } from '../destinations/test-media-reader.ts';

const patient = new AbortController().signal;
let devices = 0;

/** One computer with real files, a catalogue and one destination. */
export class TestDevice {
  readonly folder: string;
  readonly test: TestCatalog;
  readonly clock = new StillClock(nowMs);
  readonly #fileSystem = new NodeFileSystem();
  readonly #random: Random;

  /** @param folder for its photos @param catalogue a file to keep the catalogue in; default: memory */
  constructor(folder: string, id: string, catalogue?: string) {
    this.folder = folder;
    this.test = new TestCatalog(1, id, folder, catalogue);
    this.#random = countingRandom();
  }

  pathOf(name: string): string {
    return path.join(this.folder, name);
  }

  /** A file on disk that has been found and read. Returns the asset's id. */
  async addPhoto(name: string, text: string, description = describedAs()): Promise<number> {
    await fs.writeFile(this.pathOf(name), text);
    const { size, mtimeMs } = await fs.stat(this.pathOf(name));
    const file = this.test.addFile(name, 'media', null, { size, modifiedMs: mtimeMs });
    return this.test.read(file.id, text, description);
  }

  delivery(assetId: number): Delivery {
    return this.test.delivery(assetId);
  }

  /** Commits at once: this device's clock stands still. */
  #commits(): CommitQueue {
    const { catalog } = this.test;
    return new CommitQueue((work) => catalog.commit(work), {
      now: () => 0,
      monotonic: () => 0,
      sleep: () => Promise.resolve(),
    });
  }

  deliver(assetId: number, destination: Destination, signal = patient): Promise<Outcome> {
    const ports = {
      clock: this.clock,
      random: this.#random,
      fileSystem: this.#fileSystem,
      catalog: this.test.catalog,
      destination,
      commits: this.#commits(),
      run: 1,
      onProgress: () => undefined,
    };
    return deliver(this.delivery(assetId), ports, signal);
  }

  /** One run with the destination; returns what came of each photo and why it stopped, if it did. */
  async sync(
    destination: Destination,
    changes: Partial<SessionOptions> = {},
  ): Promise<{ results: string[]; stopped: Failure | null; notices: Failure[] }> {
    const { catalog } = this.test;
    const results: string[] = [];
    const notices: Failure[] = [];
    const session = new DestinationSession(
      {
        clock: this.clock,
        random: this.#random,
        fileSystem: this.#fileSystem,
        mediaReader: testMediaReader,
        catalog,
        logger: silentLogger,
      },
      {
        destinationId: this.test.destinationId,
        destination,
        scope: this.test.scope,
        run: catalog.identity.startRun(),
        wakeup: new Wakeup(),
        commits: this.#commits(),
        moreToCome: () => false,
        retryFailed: true,
        dryRun: false,
        known: false,
        startAnew: false,
        ...changes,
      },
      {
        onOutcome: (_delivery, outcome) => {
          results.push(outcome.result === 'failed' ? outcome.failure.code : outcome.result);
        },
        onProgress: () => undefined,
        onNotice: (failure) => {
          notices.push(failure);
        },
      },
    );
    await session.run(patient);
    return { results, stopped: session.stopped, notices };
  }
}

/** Bytes that differ from one call, and one device, to the next. */
function countingRandom(): Random {
  devices += 1;
  let count = 0;
  const device = devices;
  return {
    fraction: () => 0.5,
    bytes: (length) => {
      count += 1;
      return Uint8Array.from({ length }, (_, index) => (device * 31 + count * 7 + index) % 256);
    },
  };
}
