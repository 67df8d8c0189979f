import {
  CloudrollError,
  failureOf,
  stopsDestination,
  type Failure,
} from '../../../shared/domain/failure.ts';
import type { Scope } from '../catalog/deliveries.ts';
import type { Publication, Publications } from '../catalog/publications.ts';
import type { Publisher, ShowResult, UploadedAsset } from '../destinations/publisher.ts';
import type { EnginePorts } from '../engine-ports.ts';
import { FileSource } from '../transfer/file-source.ts';
import { findSource } from '../transfer/find-source.ts';

/** Bytes that are uploaded before they are shown, so that no token grows old while others are uploaded. */
const batchBytes = 1024 * 1024 * 1024;
/** Lost replies after which a run gives up; what is unknown is looked up by the next one. */
const mostDoubts = 3;

export interface PublishListener {
  onPublished(publication: Publication): void;
  onProgress(publication: Publication, bytes: number): void;
  /** It was reached. */
  onConnected(): void;
  /** The publisher as a whole came to a stop. */
  onStopped(failure: Failure): void;
}

export interface PublishOptions {
  readonly publisherId: number;
  readonly publisher: Publisher;
  readonly scope: Scope;
  readonly run: number;
  /** Whether what failed in an earlier run is tried again. */
  readonly retryFailed: boolean;
}

/** A photo whose bytes the publisher has. */
interface Uploaded {
  readonly publication: Publication;
  readonly asset: UploadedAsset;
}

/**
 * One run's work with one publisher: uploads what it does not show yet and has it shown, batch after batch. Before
 * anything is shown the catalogue says that it is about to be; where the reply is lost, what the publisher shows is
 * looked up before it is asked again, so that nothing is shown twice. None of this is ever read by the backup.
 */
export class PublishSession {
  readonly #ports: EnginePorts;
  readonly #options: PublishOptions;
  readonly #listener: PublishListener;
  readonly #publications: Publications;
  #stopped: Failure | null = null;
  #doubts = 0;

  constructor(ports: EnginePorts, options: PublishOptions, listener: PublishListener) {
    this.#ports = ports;
    this.#options = options;
    this.#listener = listener;
    this.#publications = ports.catalog.publications;
  }

  /** Why the publisher as a whole came to a stop; null where it did not. */
  get stopped(): Failure | null {
    return this.#stopped;
  }

  /** Works until nothing is left that this run can do. Only cancelling rejects; what else fails is in {@link stopped}. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      await this.#work(signal);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code === 'cancelled' && signal.aborted) throw error;
      if (failure.code === 'bug') this.#ports.logger.error('publishing', { ...failure });
      this.#stopped = failure;
      this.#listener.onStopped(failure);
    }
  }

  async #work(signal: AbortSignal): Promise<void> {
    const { publisherId, scope, retryFailed } = this.#options;
    if (retryFailed) this.#publications.requeueFailed(publisherId);
    this.#publications.queueAll(publisherId, scope);
    let batch = this.#nextBatch();
    // Every request counts against the provider's quota of a day: without work none is made.
    if (batch.length === 0 && this.#publications.showing(publisherId).length === 0) return;
    const place = await this.#connect(signal);
    await this.#lookUpDoubtful(place, signal);
    while ((batch = this.#nextBatch()).length > 0) {
      const uploaded = await this.#uploadAll(batch, signal);
      if (uploaded.length > 0) await this.#show(place, uploaded, signal);
      await this.#lookUpDoubtful(place, signal);
    }
  }

  /** Reaches the place; looks through it where others may have added to it, or the catalogue is new. */
  async #connect(signal: AbortSignal): Promise<string> {
    const { publisher, publisherId } = this.#options;
    const known = this.#publications.publishers().find(({ id }) => id === publisherId);
    const place = await publisher.open(known?.place ?? null, signal);
    const asBefore = known?.place === place.id && known.placeItems === place.items;
    if (!asBefore) {
      await this.#lookThrough(place.id, signal);
      this.#publications.rememberPlace(publisherId, place.id, place.items);
    }
    this.#listener.onConnected();
    return place.id;
  }

  /** What is open here and shown there already is published. */
  async #lookThrough(place: string, signal: AbortSignal): Promise<void> {
    const { publisher, publisherId, run } = this.#options;
    const shown = new Map<string, string>();
    for await (const { hashPrefix, id } of publisher.shown(place, signal)) {
      shown.set(hashPrefix, id);
    }
    const lengths = new Set([...shown.keys()].map(({ length }) => length));
    const asked = new Set(this.#publications.showing(publisherId).map(({ assetId }) => assetId));
    this.#ports.catalog.transaction(() => {
      for (const publication of this.#publications.open(publisherId)) {
        const { hash, assetId } = publication;
        const prefix = [...lengths].map((length) => hash.slice(0, length));
        const id = prefix.map((one) => shown.get(one)).find((one) => one !== undefined);
        if (id === undefined) continue;
        this.#publications.recordPublished(publication, id, asked.has(assetId) ? run : null);
      }
    });
  }

  /**
   * What was asked to be shown without a reply that says whether it is: published where it is found, and free to be
   * asked for again where it is not.
   */
  async #lookUpDoubtful(place: string, signal: AbortSignal): Promise<void> {
    const { publisher, publisherId } = this.#options;
    const before = this.#publications.showing(publisherId);
    if (before.length === 0) return;
    await this.#ports.clock.sleep(publisher.settleMs, signal);
    await this.#lookThrough(place, signal);
    const missing = this.#publications.showing(publisherId);
    const left = new Set(missing.map(({ assetId }) => assetId));
    this.#ports.catalog.transaction(() => {
      for (const publication of missing) this.#publications.putBack(publication, true);
    });
    for (const publication of before) {
      if (!left.has(publication.assetId)) this.#listener.onPublished(publication);
    }
  }

  /** The next photos that the publisher takes; those that it never takes are put on record with their reason. */
  #nextBatch(): Publication[] {
    const { publisher, publisherId, scope } = this.#options;
    for (;;) {
      const waiting = this.#publications.waiting(publisherId, scope, publisher.batchSize);
      const refused = waiting.flatMap((publication) => {
        const failure = publisher.refusal(publication);
        return failure === null ? [] : [{ publication, failure }];
      });
      if (refused.length === 0) return firstBytes(waiting, batchBytes);
      this.#ports.catalog.transaction(() => {
        for (const { publication, failure } of refused) {
          this.#publications.skip(publication, failure);
        }
      });
    }
  }

  /** Those that could be uploaded, or were before; a failure of the publisher as a whole rejects. */
  async #uploadAll(batch: readonly Publication[], signal: AbortSignal): Promise<Uploaded[]> {
    const uploaded: Uploaded[] = [];
    const stops: unknown[] = [];
    const left = [...batch];
    const work = async (): Promise<void> => {
      for (let next = left.shift(); next !== undefined && stops.length === 0; next = left.shift()) {
        try {
          uploaded.push({ publication: next, asset: await this.#upload(next, signal) });
        } catch (error) {
          const failure = failureOf(error);
          if (stopsPublisher(failure) || signal.aborted) stops.push(error);
          else this.#publications.fail(next, failure);
        }
      }
    };
    await Promise.all(Array.from({ length: this.#options.publisher.uploadsAtOnce }, work));
    if (stops.length > 0) throw stops[0];
    return uploaded;
  }

  async #upload(publication: Publication, signal: AbortSignal): Promise<UploadedAsset> {
    const { publisher } = this.#options;
    const { catalog, clock, fileSystem } = this.#ports;
    const { hash, bytes, mime, name, uploadToken, uploadedMs } = publication;
    const age = clock.now() - (uploadedMs ?? 0);
    if (uploadToken !== null && age >= 0 && age < publisher.tokenLifeMs) {
      return { hash, name, token: uploadToken };
    }
    const place = await findSource(publication.assetId, this.#ports);
    const path = `${place.rootPath}/${place.path}`;
    const { modifiedMs } = place;
    const source = new FileSource(fileSystem, path, { hash, bytes, mime, modifiedMs });
    const resume = {
      load: () => publication.resumeToken ?? undefined,
      save: (token: string | undefined) => {
        this.#publications.saveResumeToken(publication, token ?? null);
      },
    };
    const onProgress = (taken: number): void => {
      this.#listener.onProgress(publication, taken);
    };
    try {
      const token = await publisher.upload(publication, source, { resume, onProgress }, signal);
      this.#publications.recordUpload(publication, token, Math.round(clock.now()));
      return { hash, name, token };
    } catch (error) {
      if (source.failure !== null || failureOf(error).code === 'changed') {
        catalog.files.readAgain(place.fileId, clock.now());
      }
      throw error;
    }
  }

  async #show(place: string, batch: readonly Uploaded[], signal: AbortSignal): Promise<void> {
    const { publisher } = this.#options;
    const { catalog } = this.#ports;
    catalog.transaction(() => {
      for (const { publication } of batch) this.#publications.beginShowing(publication);
    });
    let results: readonly ShowResult[];
    try {
      results = await publisher.show(
        place,
        batch.map(({ asset }) => asset),
        signal,
      );
    } catch (error) {
      this.#takeFailure(batch, error, signal);
      return;
    }
    this.#takeResults(batch, results);
  }

  /** Nobody knows whether it happened, unless the publisher refused: what is in doubt stays on record as such. */
  #takeFailure(batch: readonly Uploaded[], error: unknown, signal: AbortSignal): void {
    const { code } = failureOf(error);
    if (isDoubtful(code)) {
      this.#doubts += 1;
      if (signal.aborted || this.#doubts > mostDoubts) throw error;
      return;
    }
    const keepToken = stopsPublisher(failureOf(error));
    this.#ports.catalog.transaction(() => {
      for (const { publication } of batch) this.#publications.putBack(publication, keepToken);
    });
    throw error;
  }

  #takeResults(batch: readonly Uploaded[], results: readonly ShowResult[]): void {
    const { publisherId, run } = this.#options;
    const stops: Failure[] = [];
    const published: Publication[] = [];
    this.#ports.catalog.transaction(() => {
      for (const [position, { publication }] of batch.entries()) {
        const result = results[position];
        if (result === undefined) continue;
        if (result.shown) {
          this.#publications.recordPublished(publication, result.id, run);
          published.push(publication);
        } else if (stopsPublisher(result.failure)) {
          stops.push(result.failure);
          this.#publications.putBack(publication, true);
        } else if (result.failure.code === 'unsupported') {
          this.#publications.skip(publication, result.failure);
        } else {
          this.#publications.fail(publication, result.failure);
        }
      }
      this.#publications.countShown(publisherId, published.length);
    });
    for (const publication of published) this.#listener.onPublished(publication);
    const [stop] = stops;
    if (stop !== undefined) throw new CloudrollError(stop);
  }
}

/** Failures of the publisher, not of one photo: the run does no more there. */
function stopsPublisher({ code }: Failure): boolean {
  return stopsDestination(code) || code === 'rateLimited' || code === 'bug';
}

/** After these a request may have been carried out all the same. */
function isDoubtful(code: Failure['code']): boolean {
  return ['offline', 'timeout', 'serverError', 'cancelled', 'bug'].includes(code);
}

/** As many from the start as fit, one at least. */
function firstBytes(publications: readonly Publication[], mostBytes: number): Publication[] {
  let bytes = 0;
  return publications.filter((publication, position) => {
    bytes += publication.bytes;
    return position === 0 || bytes <= mostBytes;
  });
}
