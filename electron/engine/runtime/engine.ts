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
import { decoratePublisher } from '../destinations/decorators/decorate-publisher.ts';
import { limitTransfers } from '../destinations/decorators/limit-transfers.ts';
import type { Endpoints } from '../destinations/endpoints.ts';
import type { OpenContext, Purpose } from '../destinations/open-context.ts';
import type { Publisher } from '../destinations/publisher.ts';
import { builtInDestinations, type DestinationRegistry } from '../destinations/registry.ts';
import type { OpenAccessTokens } from '../destinations/sign-in.ts';
import type { Logger } from '../logging/logger.ts';
import { ExifToolMetadata } from '../media/exiftool-metadata.ts';
import { WorkerMediaReader } from '../media/worker-media-reader.ts';
import type { Clock } from '../ports/clock.ts';
import type { Secrets } from '../secrets/secrets.ts';
import { Accounts, type ReplaceSecret } from '../sign-in/accounts.ts';
import type { BuiltClients } from '../sign-in/oauth-client.ts';
import { MemoryAtRest } from './memory-at-rest.ts';

export interface EngineOptions {
  /** Absolute path. */
  readonly dataDirectory: string;
  readonly secrets: Secrets;
  /** Bytes a second over all destinations; null for no limit. */
  readonly limit: number | null;
  /** Most transfers at once at a destination that is opened now; null lets it adapt. */
  readonly transfers: () => number | null;
  readonly logger: Logger;
  /** Keeps a refresh token that came in place of another; default: it is lost with this process. */
  readonly replaceSecret?: ReplaceSecret;
  /** Hears of every secret that comes by, so that none is shown anywhere. */
  readonly hide?: (secret: string) => void;
  /** Test servers in place of providers; none without it. */
  readonly endpoints?: Endpoints;
  /** Where the SSH agent listens, as `SSH_AUTH_SOCK` names it. */
  readonly sshAgent?: string | undefined;
  /** Clients that the build brings along; default: those of this build. */
  readonly builtClients?: BuiltClients;
  /** Default: the computer's own. */
  readonly clock?: Clock;
  /** Default: all that the product brings along. */
  readonly registry?: DestinationRegistry;
}

/** What a destination is opened with that is not kept yet. */
export interface Unkept {
  readonly secrets: Secrets;
  /** Of the sign-in that has just been done. */
  readonly accessTokens?: OpenAccessTokens;
}

/** The real adapters behind the engine's ports, and what was opened with them. */
export class Engine implements AsyncDisposable {
  readonly clock: Clock;
  readonly random = new SystemRandom();
  readonly fileSystem = new NodeFileSystem();
  readonly mediaReader = new WorkerMediaReader({ fallback: new ExifToolMetadata() });
  readonly registry: DestinationRegistry;
  readonly bandwidth: BandwidthLimit;
  readonly logger: Logger;
  readonly accounts: Accounts;
  readonly endpoints: Endpoints;
  readonly #options: EngineOptions;
  readonly #opened = new Set<Destination | Publisher>();
  readonly #memory = new MemoryAtRest();

  constructor(options: EngineOptions) {
    this.#options = options;
    this.clock = options.clock ?? new SystemClock();
    this.logger = options.logger;
    this.registry = options.registry ?? builtInDestinations();
    this.endpoints = options.endpoints ?? (() => undefined);
    this.accounts = new Accounts({
      clock: this.clock,
      logger: this.logger,
      replace: options.replaceSecret ?? (() => Promise.resolve()),
      hide: options.hide ?? (() => undefined),
      ...(options.builtClients === undefined ? {} : { built: options.builtClients }),
    });
    this.bandwidth = new BandwidthLimit(this.clock, options.limit);
  }

  /** A destination as it is, closed with the engine; `invalid` for a URL that nothing can open. */
  async openBare(url: DestinationUrl, purpose: Purpose, unkept?: Unkept): Promise<Destination> {
    const destination = await this.registry.open(url, this.#contextOf(url, purpose, unkept));
    this.#opened.add(destination);
    return destination;
  }

  /** A place that only shows photos, closed with the engine; it tries again and keeps to limits. */
  async openPublisher(url: DestinationUrl, unkept?: Unkept): Promise<Publisher> {
    const bare = await this.registry.openPublisher(url, this.#contextOf(url, 'write', unkept));
    const publisher = decoratePublisher(bare, this, this.bandwidth);
    this.#opened.add(publisher);
    return publisher;
  }

  #contextOf(url: DestinationUrl, purpose: Purpose, unkept: Unkept | undefined): OpenContext {
    const { dataDirectory, secrets: kept, sshAgent } = this.#options;
    const secrets = unkept?.secrets ?? kept;
    const accessTokens: OpenAccessTokens =
      unkept === undefined
        ? (provider) => this.accounts.of(url, provider, secrets)
        : (unkept.accessTokens ?? ((provider) => this.accounts.from(url, provider, secrets)));
    const owner = createHash('sha256').update(`${hostname()}\n${dataDirectory}`).digest('hex');
    return {
      purpose,
      fileSystem: this.fileSystem,
      mediaReader: this.mediaReader,
      clock: this.clock,
      random: this.random,
      secrets,
      logger: this.logger,
      ...(sshAgent === undefined || sshAgent === '' ? {} : { sshAgent }),
      knownHosts: new KnownHostsFile(dataDirectory),
      owner: owner.slice(0, 16),
      endpoints: this.endpoints,
      accessTokens,
    };
  }

  /** A destination as the engine uses it: it tries again, keeps to limits and to what the server asks. */
  async open(url: DestinationUrl, purpose: Purpose): Promise<Destination> {
    const bare = await this.openBare(url, purpose);
    const limited = limitTransfers(bare, this.#options.transfers());
    const decorated = decorate(limited, this, { bandwidth: this.bandwidth });
    this.#opened.delete(bare);
    this.#opened.add(decorated);
    return decorated;
  }

  /** Closes one destination before the others; never rejects. */
  async release(destination: Destination | Publisher): Promise<void> {
    this.#opened.delete(destination);
    await Promise.allSettled([destination.close()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#memory.close();
    await Promise.allSettled([...this.#opened].map((destination) => destination.close()));
    await this.mediaReader.close();
  }
}
