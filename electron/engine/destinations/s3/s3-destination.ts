import { fail, failureOf } from '../../../../shared/domain/failure.ts';
import { SharedProbe } from '../common/shared-probe.ts';
import type {
  ByteRange,
  Capabilities,
  Destination,
  ObjectInfo,
  PutOptions,
  PutResult,
  ReopenableSource,
  UnfinishedUpload,
} from '../contract.ts';
import type { OpenContext } from '../open-context.ts';
import { endUploads } from './abandoned-uploads.ts';
import { BodyPool } from './body-pool.ts';
import { ByteBudget } from './byte-budget.ts';
import { maxSockets, S3Connection } from './connection.ts';
import { sha256OfBase64, tagOf } from './digests.ts';
import { BucketLister } from './list-bucket.ts';
import { MultipartApi } from './multipart-api.ts';
import { smallestPart } from './multipart-token.ts';
import { putMultipart } from './put-multipart.ts';
import { putSingle } from './put-single.ts';
import { cautiousQuirks, probeQuirks } from './quirks.ts';
import type { Quirks } from './quirks.ts';
import { readObject } from './read-object.ts';
import { s3ErrorOf } from './s3-failure.ts';
import type { S3Settings } from './settings.ts';

/** Larger objects go up in parts. */
export const singlePutBytes = smallestPart;

/**
 * A bucket, or a folder in one, at any service that speaks S3. What the server really does is probed by
 * {@link check}, and by the first upload without it; {@link capabilities} tell the outcome afterwards.
 *
 * Create-only is `atomic` where the server refuses a second put. Objects above {@link singlePutBytes} depend
 * on the same condition when they are completed, which some servers ignore; they are looked up just before.
 */
export class S3Destination implements Destination {
  readonly #connection: S3Connection;
  readonly #context: Pick<OpenContext, 'random' | 'purpose' | 'logger'>;
  readonly #lister: BucketLister;
  readonly #budget = new ByteBudget(heldBytes);
  readonly #bodies = new BodyPool(singlePutBytes + 1);
  readonly #background = new Set<Promise<void>>();
  readonly #probe = new SharedProbe((signal) => this.#learn(signal));
  #quirks: Quirks = cautiousQuirks;

  constructor(
    settings: S3Settings,
    context: Pick<OpenContext, 'random' | 'purpose' | 'logger' | 'secrets' | 'clock'>,
  ) {
    this.#connection = new S3Connection(settings, context.secrets, context.clock);
    this.#context = context;
    this.#lister = new BucketLister(this.#connection);
  }

  get capabilities(): Capabilities {
    const { conditionalPut, sha256, etagIsMd5 } = this.#quirks;
    const md5 = etagIsMd5 && sha256 === 'unsupported' ? (['md5'] as const) : [];
    return {
      createOnly: conditionalPut ? 'atomic' : 'checked',
      resumable: true,
      serverHash: sha256 === 'reported' ? ['sha256'] : md5,
      list: true,
      remove: true,
      maxBytes: 5 * 1024 ** 4,
      concurrency: { initial: 8, max: maxSockets },
    };
  }

  async check(signal: AbortSignal): Promise<void> {
    const page = this.#lister.list('.cloudroll/', signal, 1);
    const listed = page.next();
    if (this.#context.purpose === 'read') {
      await listed;
      return;
    }
    const [reached, probed] = await Promise.allSettled([listed, this.#probe.again(signal)]);
    // A bucket that cannot be listed says more than what was tried on it meanwhile.
    if (reached.status === 'rejected') throw reached.reason;
    if (probed.status === 'rejected') throw probed.reason;
  }

  async stat(key: string, signal: AbortSignal): Promise<ObjectInfo | null> {
    const serverReports = this.#quirks.sha256 === 'reported';
    try {
      const output = await this.#connection.run(
        ({ client, sdk }) =>
          client.send(
            new sdk.HeadObjectCommand({
              ...this.#place(key),
              ...(serverReports ? { ChecksumMode: 'ENABLED' } : {}),
            }),
            { abortSignal: signal },
          ),
        signal,
      );
      // A checksum of an object in parts is a checksum of checksums, unless it says that it is not.
      const composite = output.ChecksumType === 'COMPOSITE';
      const sha256 =
        composite || !serverReports ? undefined : sha256OfBase64(output.ChecksumSHA256);
      return {
        key,
        bytes: output.ContentLength ?? 0,
        modifiedMs: output.LastModified?.getTime() ?? null,
        hashes: sha256 === undefined ? {} : { sha256 },
        tag: tagOf(output.ETag),
      };
    } catch (error) {
      if (failureOf(error).code === 'notFound') return null;
      throw error;
    }
  }

  async put(
    key: string,
    source: ReopenableSource,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<PutResult> {
    if (source.bytes > this.capabilities.maxBytes) {
      throw fail('unsupported', 'The file is larger than the 5 TiB that S3 takes.');
    }
    await this.#probe.ensure(signal);
    if (source.bytes > singlePutBytes) return this.#putMultipart(key, source, options, signal);
    const giveBack = await this.#budget.take(source.bytes, signal);
    try {
      return await this.#putSingle(key, source, options, signal);
    } finally {
      giveBack();
    }
  }

  async *open(
    key: string,
    range: ByteRange | null,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    yield* readObject(this.#connection, key, range, signal);
  }

  list(prefix: string, signal: AbortSignal): AsyncIterable<ObjectInfo> {
    return this.#lister.list(prefix, signal);
  }

  async remove(key: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#connection.run(
        ({ client, sdk }) =>
          client.send(new sdk.DeleteObjectCommand(this.#place(key)), { abortSignal: signal }),
        signal,
      );
    } catch (error) {
      if (s3ErrorOf(causeOf(error)).code !== 'NoSuchKey') throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#background);
    await this.#connection.close();
  }

  async #putSingle(
    key: string,
    source: ReopenableSource,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<PutResult> {
    if (!this.#quirks.conditionalPut && (await this.stat(key, signal)) !== null) {
      throw fail('conflict', `${key} exists already.`);
    }
    try {
      const result = await this.#bodies.lend(source.bytes + 1, (room) =>
        putSingle(this.#connection, this.#quirks, key, source, room, signal),
      );
      options.onProgress?.(source.bytes);
      return result;
    } catch (error) {
      // AWS: 409 tells a lost race, after which the object may be there or may not.
      const lostRace = s3ErrorOf(causeOf(error)).status === 409;
      if (lostRace && (await this.stat(key, signal)) !== null) {
        throw fail('conflict', `${key} exists already.`, { cause: error });
      }
      throw error;
    }
  }

  async #putMultipart(
    key: string,
    source: ReopenableSource,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<PutResult> {
    const tools = {
      api: new MultipartApi(this.#connection, this.#quirks),
      budget: this.#budget,
      exists: async (name: string, within: AbortSignal) => (await this.stat(name, within)) !== null,
      background: (work: Promise<void>) => {
        this.#background.add(work);
        void work.finally(() => this.#background.delete(work));
      },
    };
    return putMultipart(tools, key, source, options, signal);
  }

  async endUploads(
    isAbandoned: (upload: UnfinishedUpload) => Promise<boolean>,
    signal: AbortSignal,
  ): Promise<number> {
    const api = new MultipartApi(this.#connection, this.#quirks);
    return endUploads(this.#connection, api, isAbandoned, signal);
  }

  async #learn(signal: AbortSignal): Promise<void> {
    this.#quirks = await probeQuirks(this.#connection, this.#context.random, signal);
    const { conditionalPut, sha256, etagIsMd5 } = this.#quirks;
    this.#context.logger.info('probed the server', { conditionalPut, sha256, etagIsMd5 });
  }

  #place(key: string): { readonly Bucket: string; readonly Key: string } {
    const { bucket, prefix } = this.#connection.settings;
    return { Bucket: bucket, Key: `${prefix}${key}` };
  }
}

/** Bytes of uploads in memory at once. */
const heldBytes = 64 * 1024 * 1024;

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
