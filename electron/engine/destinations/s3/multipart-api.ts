import type { CompletedPart, Part } from '@aws-sdk/client-s3';

import { CloudrollError, fail, failureOf } from '../../../../shared/domain/failure.ts';
import type { S3Connection } from './connection.ts';
import { base64OfHex, md5Of, md5OfEtag, sha256Of, sha256OfBase64, tagOf } from './digests.ts';
import type { Quirks } from './quirks.ts';
import { beforeSigning, signedFor } from './sign-payload.ts';

/** One multipart upload at the server. */
export interface MultipartUpload {
  readonly key: string;
  readonly uploadId: string;
}

/** The requests of a multipart upload, in the form that the server at hand takes. */
export class MultipartApi {
  readonly #connection: S3Connection;
  readonly #quirks: Quirks;

  constructor(connection: S3Connection, quirks: Quirks) {
    this.#connection = connection;
    this.#quirks = quirks;
  }

  async begin(key: string, mime: string, modifiedMs: number, signal: AbortSignal): Promise<string> {
    const output = await this.#connection.run(
      ({ client, sdk }) =>
        client.send(
          new sdk.CreateMultipartUploadCommand({
            ...this.#place(key),
            ContentType: mime,
            Metadata: { mtime: String(modifiedMs / 1000) },
            ...(this.#usesSha256 ? { ChecksumAlgorithm: 'SHA256' } : {}),
          }),
          { abortSignal: signal },
        ),
      signal,
    );
    if (output.UploadId !== undefined) return output.UploadId;
    throw fail('serverError', 'The server began an upload without naming it.');
  }

  /** The parts that the server has, by number; null where it no longer knows the upload. */
  async parts(
    { key, uploadId }: MultipartUpload,
    signal: AbortSignal,
  ): Promise<Map<number, Part> | null> {
    const parts = new Map<number, Part>();
    let marker: string | undefined;
    try {
      do {
        const output = await this.#connection.run(
          ({ client, sdk }) =>
            client.send(
              new sdk.ListPartsCommand({
                ...this.#place(key),
                UploadId: uploadId,
                ...(marker === undefined ? {} : { PartNumberMarker: marker }),
              }),
              { abortSignal: signal },
            ),
          signal,
        );
        for (const part of output.Parts ?? []) parts.set(part.PartNumber ?? 0, part);
        const next = output.IsTruncated === true ? output.NextPartNumberMarker : undefined;
        marker = next === marker ? undefined : next;
      } while (marker !== undefined);
      return parts;
    } catch (error) {
      if (failureOf(error).code === 'notFound') return null;
      throw error;
    }
  }

  async send(
    { key, uploadId }: MultipartUpload,
    number: number,
    body: Buffer,
    signal: AbortSignal,
  ): Promise<CompletedPart> {
    const sha256 = sha256Of(body);
    const checksum = this.#usesSha256 ? base64OfHex(sha256) : undefined;
    const md5 = this.#quirks.sha256 === 'unsupported' ? base64OfHex(md5Of(body)) : undefined;
    const direct = await this.#connection.upload(
      {
        key: this.#place(key).Key,
        query: { partNumber: String(number), uploadId },
        headers: {
          ...(checksum === undefined ? {} : { 'x-amz-checksum-sha256': checksum }),
          ...(md5 === undefined ? {} : { 'content-md5': md5 }),
        },
        body,
        sha256,
      },
      signal,
    );
    if (direct !== null) return this.#completed(number, direct.etag, checksum);
    const output = await this.#connection.run(({ client, sdk }) => {
      const command = new sdk.UploadPartCommand({
        ...this.#place(key),
        UploadId: uploadId,
        PartNumber: number,
        Body: body,
        ContentLength: body.length,
        ...(checksum === undefined ? {} : { ChecksumSHA256: checksum }),
        ...(md5 === undefined ? {} : { ContentMD5: md5 }),
      });
      command.middlewareStack.add((next) => (args) => next(signedFor(args, sha256)), beforeSigning);
      return client.send(command, { abortSignal: signal });
    }, signal);
    return this.#completed(number, output.ETag, checksum);
  }

  /** The part as the server has it, or undefined where it cannot be shown to hold these bytes. */
  same(number: number, part: Part | undefined, body: Buffer): CompletedPart | undefined {
    if (part?.Size !== body.length) return undefined;
    if (this.#usesSha256) {
      const sha256 = sha256OfBase64(part.ChecksumSHA256);
      if (sha256 === undefined || sha256 !== sha256Of(body)) return undefined;
      return this.#completed(number, part.ETag, part.ChecksumSHA256);
    }
    const matches = this.#quirks.etagIsMd5 && md5OfEtag(part.ETag) === md5Of(body);
    return matches ? this.#completed(number, part.ETag, undefined) : undefined;
  }

  /** Makes the object visible; `conflict` where the server sees that the key is taken. */
  async complete(
    { key, uploadId }: MultipartUpload,
    parts: readonly CompletedPart[],
    signal: AbortSignal,
  ): Promise<string | null> {
    const output = await this.#connection.run(
      ({ client, sdk }) =>
        client.send(
          new sdk.CompleteMultipartUploadCommand({
            ...this.#place(key),
            UploadId: uploadId,
            MultipartUpload: { Parts: [...parts] },
            ...(this.#quirks.conditionalPut ? { IfNoneMatch: '*' } : {}),
          }),
          { abortSignal: signal },
        ),
      signal,
    );
    return tagOf(output.ETag);
  }

  /** Drops the upload and its parts; one that the server does not know is fine. */
  async abort({ key, uploadId }: MultipartUpload, signal: AbortSignal): Promise<void> {
    try {
      await this.#connection.run(
        ({ client, sdk }) =>
          client.send(
            new sdk.AbortMultipartUploadCommand({ ...this.#place(key), UploadId: uploadId }),
            { abortSignal: signal },
          ),
        signal,
      );
    } catch (error) {
      if (!(error instanceof CloudrollError) || error.failure.code !== 'notFound') throw error;
    }
  }

  get #usesSha256(): boolean {
    return this.#quirks.sha256 === 'reported';
  }

  #place(key: string): { readonly Bucket: string; readonly Key: string } {
    const { bucket, prefix } = this.#connection.settings;
    return { Bucket: bucket, Key: `${prefix}${key}` };
  }

  #completed(number: number, etag: string | undefined, sha256: string | undefined): CompletedPart {
    return {
      PartNumber: number,
      ...(etag === undefined ? {} : { ETag: etag }),
      ...(sha256 === undefined ? {} : { ChecksumSHA256: sha256 }),
    };
  }
}
