import { createHash } from 'node:crypto';
import { hostname } from 'node:os';

import { NodeFileSystem } from '../../../engine/adapters/node-file-system.ts';
import { SystemClock } from '../../../engine/adapters/system-clock.ts';
import { SystemRandom } from '../../../engine/adapters/system-random.ts';
import { BandwidthLimit } from '../../../engine/destinations/decorators/bandwidth.ts';
import { decorate } from '../../../engine/destinations/decorators/decorate.ts';
import type { Destination } from '../../../engine/destinations/contract.ts';
import type { Purpose } from '../../../engine/destinations/open-context.ts';
import { builtInDestinations } from '../../../engine/destinations/registry.ts';
import type { Logger } from '../../../engine/logging/logger.ts';
import { ExifToolMetadata } from '../../../engine/media/exiftool-metadata.ts';
import { WorkerMediaReader } from '../../../engine/media/worker-media-reader.ts';
import { environmentSecrets } from '../../../engine/secrets/environment-secrets.ts';
import type { DestinationUrl } from '../../../../shared/domain/destination-url.ts';
import type { Context } from '../context.ts';
import { limitTransfers } from './limit-transfers.ts';

/** The real adapters behind the engine's ports, and what was opened with them. */
export class Engine implements AsyncDisposable {
  readonly clock = new SystemClock();
  readonly random = new SystemRandom();
  readonly fileSystem = new NodeFileSystem();
  readonly mediaReader = new WorkerMediaReader({ fallback: new ExifToolMetadata() });
  readonly logger: Logger;
  readonly #context: Context;
  readonly #registry = builtInDestinations();
  readonly #bandwidth: BandwidthLimit;
  readonly #opened: Destination[] = [];

  constructor(context: Context, logger: Logger) {
    this.#context = context;
    this.logger = logger;
    this.#bandwidth = new BandwidthLimit(this.clock, context.options.limit ?? null);
  }

  /** A scheme that nothing knows is `invalid`. */
  requireKind(url: DestinationUrl): void {
    this.#registry.kindOf(url);
  }

  /** A destination as it is, closed with the engine; `invalid` for a URL that nothing can open. */
  async openBare(url: DestinationUrl, purpose: Purpose): Promise<Destination> {
    const { environment, dataDirectory } = this.#context;
    const owner = createHash('sha256').update(`${hostname()}\n${dataDirectory}`).digest('hex');
    const destination = await this.#registry.open(url, {
      purpose,
      fileSystem: this.fileSystem,
      mediaReader: this.mediaReader,
      clock: this.clock,
      random: this.random,
      secrets: environmentSecrets(environment),
      logger: this.logger,
      owner: owner.slice(0, 16),
    });
    this.#opened.push(destination);
    return destination;
  }

  /** A destination as the engine uses it: it tries again, keeps to limits and to what the server asks. */
  async open(url: DestinationUrl, purpose: Purpose): Promise<Destination> {
    const bare = limitTransfers(await this.openBare(url, purpose), this.#context.options.transfers);
    return decorate(bare, this, { bandwidth: this.#bandwidth });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#opened.map((destination) => destination.close()));
    await this.mediaReader.close();
  }
}
