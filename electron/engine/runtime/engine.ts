import { createHash } from 'node:crypto';
import { hostname } from 'node:os';

import type { DestinationUrl } from '../../../shared/domain/destination-url.ts';
import { KnownHostsFile } from '../data-directory/known-hosts-file.ts';
import { NodeFileSystem } from '../adapters/node-file-system.ts';
import { SystemClock } from '../adapters/system-clock.ts';
import { SystemRandom } from '../adapters/system-random.ts';
import type { Destination } from '../destinations/contract.ts';
import { BandwidthLimit } from '../destinations/decorators/bandwidth.ts';
import { decorate } from '../destinations/decorators/decorate.ts';
import { limitTransfers } from '../destinations/decorators/limit-transfers.ts';
import type { Purpose } from '../destinations/open-context.ts';
import { builtInDestinations } from '../destinations/registry.ts';
import type { Logger } from '../logging/logger.ts';
import { ExifToolMetadata } from '../media/exiftool-metadata.ts';
import { WorkerMediaReader } from '../media/worker-media-reader.ts';
import type { Clock } from '../ports/clock.ts';
import type { Secrets } from '../secrets/secrets.ts';

export interface EngineOptions {
  /** Absolute path. */
  readonly dataDirectory: string;
  readonly secrets: Secrets;
  /** Bytes a second over all destinations; null for no limit. */
  readonly limit: number | null;
  /** Most transfers at once at a destination that is opened now; null lets it adapt. */
  readonly transfers: () => number | null;
  readonly logger: Logger;
  /** Default: the computer's own. */
  readonly clock?: Clock;
}

/** The real adapters behind the engine's ports, and what was opened with them. */
export class Engine implements AsyncDisposable {
  readonly clock: Clock;
  readonly random = new SystemRandom();
  readonly fileSystem = new NodeFileSystem();
  readonly mediaReader = new WorkerMediaReader({ fallback: new ExifToolMetadata() });
  readonly registry = builtInDestinations();
  readonly bandwidth: BandwidthLimit;
  readonly logger: Logger;
  readonly #options: EngineOptions;
  readonly #opened = new Set<Destination>();

  constructor(options: EngineOptions) {
    this.#options = options;
    this.clock = options.clock ?? new SystemClock();
    this.logger = options.logger;
    this.bandwidth = new BandwidthLimit(this.clock, options.limit);
  }

  /** A destination as it is, closed with the engine; `invalid` for a URL that nothing can open. */
  async openBare(
    url: DestinationUrl,
    purpose: Purpose,
    secrets = this.#options.secrets,
  ): Promise<Destination> {
    const { dataDirectory } = this.#options;
    const owner = createHash('sha256').update(`${hostname()}\n${dataDirectory}`).digest('hex');
    const destination = await this.registry.open(url, {
      purpose,
      fileSystem: this.fileSystem,
      mediaReader: this.mediaReader,
      clock: this.clock,
      random: this.random,
      secrets,
      logger: this.logger,
      knownHosts: new KnownHostsFile(dataDirectory),
      owner: owner.slice(0, 16),
    });
    this.#opened.add(destination);
    return destination;
  }

  /** A destination as the engine uses it: it tries again, keeps to limits and to what the server asks. */
  async open(url: DestinationUrl, purpose: Purpose, secrets?: Secrets): Promise<Destination> {
    const bare = await this.openBare(url, purpose, secrets);
    const limited = limitTransfers(bare, this.#options.transfers());
    const decorated = decorate(limited, this, { bandwidth: this.bandwidth });
    this.#opened.delete(bare);
    this.#opened.add(decorated);
    return decorated;
  }

  /** Closes one destination before the others; never rejects. */
  async release(destination: Destination): Promise<void> {
    this.#opened.delete(destination);
    await Promise.allSettled([destination.close()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled([...this.#opened].map((destination) => destination.close()));
    await this.mediaReader.close();
  }
}
