import { fail, failureOf } from '../../../../shared/domain/failure.ts';
import { throwIfCancelled } from '../cancellation.ts';
import { readRange } from '../common/byte-range.ts';
import type { GetBytes } from '../common/byte-range.ts';
import { readAnswer } from '../common/signed-api.ts';
import type {
  ByteRange,
  Capabilities,
  Destination,
  ObjectInfo,
  PutOptions,
  PutResult,
  ReopenableSource,
} from '../contract.ts';
import type { OpenContext } from '../open-context.ts';
import { GoogleStorageConnection, maxSockets } from './connection.ts';
import { listBucket } from './list-bucket.ts';
import { infoOf, objectFields, objectSchema } from './object-resource.ts';
import { putObject } from './put-object.ts';
import { putSession } from './put-session.ts';
import type { GoogleStorageSettings } from './settings.ts';

/** Larger files go up in sessions. */
const singlePutBytes = 8 * 1024 * 1024;
/** 5 TiB (cloud.google.com/storage/quotas). */
const largestObject = 5 * 1024 ** 4;
/** The most that the service gives at once. */
const pageSize = 1000;

type Context = Pick<
  OpenContext,
  'random' | 'purpose' | 'secrets' | 'clock' | 'fileSystem' | 'endpoints'
>;

/**
 * A bucket of Google Cloud Storage, or a folder in one. The service refuses a second object of one name by itself,
 * and computes MD5 and CRC-32C of every object that comes in one piece or one session, which prove it.
 */
export class GoogleStorageDestination implements Destination {
  readonly capabilities: Capabilities = {
    createOnly: 'atomic',
    resumable: true,
    serverHash: ['md5', 'crc32c'],
    list: true,
    remove: true,
    maxBytes: largestObject,
    concurrency: { initial: 8, max: maxSockets },
  };
  readonly #connection: GoogleStorageConnection;
  readonly #context: Context;

  constructor(settings: GoogleStorageSettings, context: Context) {
    this.#connection = new GoogleStorageConnection(settings, context);
    this.#context = context;
  }

  async check(signal: AbortSignal): Promise<void> {
    await this.#lookAtBucket(signal);
    if (this.#context.purpose !== 'read') await this.#tryToWrite(signal);
  }

  async stat(key: string, signal: AbortSignal): Promise<ObjectInfo | null> {
    const target = { object: this.#name(key) };
    const query = { fields: objectFields };
    const reply = await this.#connection.send({ method: 'GET', target, query }, [200, 404], signal);
    if (reply.status === 200) {
      return infoOf(await readAnswer(objectSchema, reply), this.#connection.settings.prefix);
    }
    await reply.discard().catch(() => undefined);
    // Where a whole bucket is gone, nothing may be said of a file in it.
    await this.#lookAtBucket(signal);
    return null;
  }

  async put(
    key: string,
    source: ReopenableSource,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<PutResult> {
    throwIfCancelled(signal);
    if (source.bytes > this.capabilities.maxBytes) {
      throw fail('unsupported', 'The file is larger than Google Cloud Storage takes.');
    }
    const { random } = this.#context;
    const connection = this.#connection;
    if (source.bytes <= singlePutBytes) {
      const result = await putObject(connection, random, key, source, signal);
      options.onProgress?.(source.bytes);
      return result;
    }
    const find = (name: string, within: AbortSignal): Promise<ObjectInfo | null> =>
      this.stat(name, within);
    return putSession({ connection, random, find }, key, source, options, signal);
  }

  open(key: string, range: ByteRange | null, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const request = {
      method: 'GET' as const,
      target: { object: this.#name(key) },
      query: { alt: 'media' },
    };
    const get: GetBytes = (headers, statuses) =>
      this.#connection.send({ ...request, headers }, statuses, signal);
    return readRange(range, get, signal);
  }

  list(prefix: string, signal: AbortSignal): AsyncIterable<ObjectInfo> {
    return listBucket(this.#connection, prefix, pageSize, signal);
  }

  async remove(key: string, signal: AbortSignal): Promise<void> {
    try {
      const target = { object: this.#name(key) };
      await this.#connection.command({ method: 'DELETE', target }, [204], signal);
    } catch (error) {
      if (failureOf(error).code !== 'notFound') throw error;
    }
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  /** The bucket is there and its list may be read. */
  async #lookAtBucket(signal: AbortSignal): Promise<void> {
    const page = listBucket(this.#connection, '.cloudroll/', 1, signal);
    await page.next();
    await page.return(undefined);
  }

  /** A key that may only read would otherwise come out in the middle of the first upload. */
  async #tryToWrite(signal: AbortSignal): Promise<void> {
    const id = Buffer.from(this.#context.random.bytes(12)).toString('hex');
    const name = this.#name(`.cloudroll/probe/${id}`);
    const body = Buffer.from('This file was made by Cloudroll to learn whether it may write.\n');
    const query = { uploadType: 'media', name, ifGenerationMatch: '0' };
    const headers = { 'content-type': 'text/plain' };
    const upload = { method: 'POST' as const, target: 'upload' as const, query, headers, body };
    await this.#connection.command(upload, [200], signal);
    const target = { object: name };
    await this.#connection.command({ method: 'DELETE', target }, [204], signal);
  }

  #name(key: string): string {
    return `${this.#connection.settings.prefix}${key}`;
  }
}
