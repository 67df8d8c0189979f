import type { _Object as StoredObject } from '@aws-sdk/client-s3';

import { fail, failureOf } from '../../../../shared/domain/failure.ts';
import type { ObjectInfo } from '../contract.ts';
import type { S3Connection } from './connection.ts';
import { tagOf } from './digests.ts';

interface Page {
  readonly objects: readonly StoredObject[];
  /** Where the next page starts; undefined after the last. */
  readonly next: string | undefined;
}

/**
 * Lists objects page by page, with ListObjectsV2 where the server has it and ListObjects where not: a server
 * that does not know the second refuses it, or takes it for the first and gives no count of keys.
 */
export class BucketLister {
  readonly #connection: S3Connection;
  #version: 1 | 2;

  constructor(connection: S3Connection) {
    this.#connection = connection;
    this.#version = connection.settings.preset.listVersion;
  }

  async *list(prefix: string, signal: AbortSignal, pageSize = 1000): AsyncGenerator<ObjectInfo> {
    const base = this.#connection.settings.prefix;
    let from: string | undefined;
    do {
      const page = await this.#page(`${base}${prefix}`, from, signal, pageSize);
      for (const object of page.objects) {
        // Some consoles make empty objects that end in a slash and stand for folders.
        if (object.Key === undefined || object.Key.endsWith('/')) continue;
        yield {
          key: object.Key.slice(base.length),
          bytes: object.Size ?? 0,
          modifiedMs: object.LastModified?.getTime() ?? null,
          hashes: {},
          tag: tagOf(object.ETag),
        };
      }
      from = page.next;
    } while (from !== undefined);
  }

  async #page(
    prefix: string,
    from: string | undefined,
    signal: AbortSignal,
    pageSize: number,
  ): Promise<Page> {
    if (this.#version === 1) return this.#first(prefix, from, signal, pageSize);
    try {
      const page = await this.#second(prefix, from, signal, pageSize);
      if (page !== null) return page;
    } catch (error) {
      if (failureOf(error).code !== 'unsupported' || from !== undefined) throw error;
    }
    this.#version = 1;
    return this.#first(prefix, from, signal, pageSize);
  }

  async #second(
    prefix: string,
    from: string | undefined,
    signal: AbortSignal,
    pageSize: number,
  ): Promise<Page | null> {
    const output = await this.#connection.run(
      ({ client, sdk }) =>
        client.send(
          new sdk.ListObjectsV2Command({
            Bucket: this.#connection.settings.bucket,
            Prefix: prefix,
            MaxKeys: pageSize,
            ...(from === undefined ? {} : { ContinuationToken: from }),
          }),
          { abortSignal: signal },
        ),
      signal,
    );
    if (output.KeyCount === undefined) return null;
    const objects = output.Contents ?? [];
    return { objects, next: nextOf(output.IsTruncated, output.NextContinuationToken) };
  }

  async #first(
    prefix: string,
    from: string | undefined,
    signal: AbortSignal,
    pageSize: number,
  ): Promise<Page> {
    const output = await this.#connection.run(
      ({ client, sdk }) =>
        client.send(
          new sdk.ListObjectsCommand({
            Bucket: this.#connection.settings.bucket,
            Prefix: prefix,
            MaxKeys: pageSize,
            ...(from === undefined ? {} : { Marker: from }),
          }),
          { abortSignal: signal },
        ),
      signal,
    );
    const objects = output.Contents ?? [];
    // NextMarker comes only with a delimiter; otherwise the last key is the marker.
    const last = output.NextMarker ?? objects.at(-1)?.Key;
    return { objects, next: nextOf(output.IsTruncated, last) };
  }
}

/** A list that says it goes on but not where would end short, and what is missing would look lost. */
function nextOf(truncated: boolean | undefined, next: string | undefined): string | undefined {
  if (truncated !== true) return undefined;
  if (next !== undefined && next !== '') return next;
  throw fail('serverError', 'The server cut its list of objects short.');
}
