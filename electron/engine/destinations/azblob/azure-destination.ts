import { fail, failureOf } from '../../../../shared/domain/failure.ts';
import { throwIfCancelled } from '../cancellation.ts';
import { readRange } from '../common/byte-range.ts';
import type { GetBytes } from '../common/byte-range.ts';
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
import { AzureConnection, maxSockets } from './connection.ts';
import { listContainer, tagOf } from './list-container.ts';
import { putBlob } from './put-blob.ts';
import { putBlocks } from './put-blocks.ts';
import type { AzureSettings } from './settings.ts';

/** Larger files go up in blocks. */
const singlePutBytes = 8 * 1024 * 1024;
/** 50,000 blocks of 4,000 MiB (learn.microsoft.com/rest/api/storageservices/put-block). */
const largestBlob = 50_000 * 4000 * 1024 * 1024;

/**
 * A container of Azure Blob Storage, or a folder in one. The service refuses a second file of one name by itself,
 * also where a file comes in blocks. A small file is proven by the MD5 that the service computes; of one in blocks
 * it keeps only what it was told, so that one is read back.
 */
export class AzureDestination implements Destination {
  readonly capabilities: Capabilities = {
    createOnly: 'atomic',
    resumable: true,
    serverHash: ['md5'],
    list: true,
    remove: true,
    maxBytes: largestBlob,
    concurrency: { initial: 8, max: maxSockets },
  };
  readonly #connection: AzureConnection;
  readonly #context: Pick<OpenContext, 'random' | 'purpose'>;

  constructor(
    settings: AzureSettings,
    context: Pick<OpenContext, 'random' | 'purpose' | 'secrets' | 'clock'>,
  ) {
    this.#connection = new AzureConnection(settings, context.secrets, context.clock);
    this.#context = context;
  }

  async check(signal: AbortSignal): Promise<void> {
    const page = listContainer(this.#connection, '.cloudroll/', 1, signal);
    await page.next();
    await page.return(undefined);
    if (this.#context.purpose !== 'read') await this.#tryToWrite(signal);
  }

  async stat(key: string, signal: AbortSignal): Promise<ObjectInfo | null> {
    const request = { method: 'HEAD' as const, blob: this.#name(key) };
    const reply = await this.#connection.command(request, [200, 404], signal);
    if (reply.status === 404) {
      // Where a whole container is gone, nothing may be said of a file in it.
      if (reply.header('x-ms-error-code') !== 'ContainerNotFound') return null;
      throw this.#connection.failureOf(reply);
    }
    const length = reply.header('content-length') ?? '';
    if (!/^\d{1,15}$/u.test(length)) {
      throw fail('serverError', `The server does not say how many bytes ${key} has.`);
    }
    const modified = Date.parse(reply.header('last-modified') ?? '');
    return {
      key,
      bytes: Number(length),
      modifiedMs: Number.isNaN(modified) ? null : modified,
      // Its Content-MD5 may be one that an uploader only claimed.
      hashes: {},
      tag: tagOf(reply.header('etag')),
    };
  }

  async put(
    key: string,
    source: ReopenableSource,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<PutResult> {
    throwIfCancelled(signal);
    if (source.bytes > this.capabilities.maxBytes) {
      throw fail('unsupported', 'The file is larger than Azure takes.');
    }
    if (source.bytes <= singlePutBytes) {
      const result = await putBlob(this.#connection, key, source, signal);
      options.onProgress?.(source.bytes);
      return result;
    }
    const tools = {
      connection: this.#connection,
      random: this.#context.random,
      exists: async (name: string, within: AbortSignal) => (await this.stat(name, within)) !== null,
    };
    return putBlocks(tools, key, source, options, signal);
  }

  open(key: string, range: ByteRange | null, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const request = { method: 'GET' as const, blob: this.#name(key) };
    const get: GetBytes = (headers, statuses) =>
      this.#connection.send({ ...request, headers }, statuses, signal);
    return readRange(range, get, signal);
  }

  list(prefix: string, signal: AbortSignal): AsyncIterable<ObjectInfo> {
    return listContainer(this.#connection, prefix, 5000, signal);
  }

  async remove(key: string, signal: AbortSignal): Promise<void> {
    try {
      const request = { method: 'DELETE' as const, blob: this.#name(key) };
      await this.#connection.command(request, [202], signal);
    } catch (error) {
      if (failureOf(error).code !== 'notFound') throw error;
    }
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  /** A key that may only read would otherwise come out in the middle of the first upload. */
  async #tryToWrite(signal: AbortSignal): Promise<void> {
    const id = Buffer.from(this.#context.random.bytes(12)).toString('hex');
    const blob = this.#name(`.cloudroll/probe/${id}`);
    const headers = { 'x-ms-blob-type': 'BlockBlob', 'if-none-match': '*' };
    const body = Buffer.from('This file was made by Cloudroll to learn whether it may write.\n');
    await this.#connection.command({ method: 'PUT', blob, headers, body }, [201], signal);
    await this.#connection.command({ method: 'DELETE', blob }, [202], signal);
  }

  #name(key: string): string {
    return `${this.#connection.settings.prefix}${key}`;
  }
}
