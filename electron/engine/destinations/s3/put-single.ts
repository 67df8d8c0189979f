import { failureOf } from '../../../../shared/domain/failure.ts';
import type { PutResult, ReopenableSource } from '../contract.ts';
import { changed, readExactly } from '../exact-source.ts';
import type { S3Connection } from './connection.ts';
import { base64OfHex, md5Of, md5OfEtag, sha256Of, sha256OfBase64, tagOf } from './digests.ts';
import type { Quirks } from './quirks.ts';
import { beforeSigning, signedFor } from './sign-payload.ts';

/** An upload that has come to its end. */
export interface SinglePut {
  readonly value: PutResult;
  /** Whether nothing looks at the bytes in memory any more. */
  readonly done: boolean;
}

/**
 * One request, one object: the server refuses other bytes than announced, and a key that is taken.
 * @param room for the source's bytes and one more
 */
export async function putSingle(
  connection: S3Connection,
  quirks: Quirks,
  key: string,
  source: ReopenableSource,
  room: Buffer,
  signal: AbortSignal,
): Promise<SinglePut> {
  const { buffer, byteOffset, byteLength } = await readExactly(source, room, signal);
  const body = Buffer.from(buffer, byteOffset, byteLength);
  const serverVerifies = quirks.sha256 !== 'unsupported';
  if (!serverVerifies) requireSha256(body, source);
  const md5 = serverVerifies ? undefined : md5Of(body);
  const checksum = quirks.sha256 === 'reported' ? base64OfHex(source.sha256) : undefined;
  const contentMd5 = md5 === undefined ? undefined : base64OfHex(md5);
  const request = { key, source, body, checksum, contentMd5, conditional: quirks.conditionalPut };
  try {
    const output =
      (await putDirectly(connection, request, signal)) ??
      (await putBySdk(connection, request, signal));
    return { value: resultOf(key, source, output, quirks, md5), done: output.sent === true };
  } catch (error) {
    // The server found other bytes than announced: the source's doing, or the way's.
    if (failureOf(error).code === 'corrupt') requireSha256(body, source);
    throw error;
  }
}

interface PutRequest {
  readonly key: string;
  readonly source: ReopenableSource;
  readonly body: Buffer;
  /** Base64. */
  readonly checksum: string | undefined;
  /** Base64. */
  readonly contentMd5: string | undefined;
  readonly conditional: boolean;
}

interface PutOutput {
  readonly ETag?: string | undefined;
  readonly ChecksumSHA256?: string | undefined;
  /** See {@link UploadReply}; not known where the SDK has sent it. */
  readonly sent?: boolean;
}

async function putDirectly(
  connection: S3Connection,
  { key, source, body, checksum, contentMd5, conditional }: PutRequest,
  signal: AbortSignal,
): Promise<PutOutput | null> {
  const reply = await connection.upload(
    {
      key: `${connection.settings.prefix}${key}`,
      headers: {
        'content-type': source.mime,
        'x-amz-meta-mtime': modificationTime(source),
        ...(conditional ? { 'if-none-match': '*' } : {}),
        ...(checksum === undefined ? {} : { 'x-amz-checksum-sha256': checksum }),
        ...(contentMd5 === undefined ? {} : { 'content-md5': contentMd5 }),
      },
      body,
      sha256: source.sha256,
    },
    signal,
  );
  if (reply === null) return null;
  return { ETag: reply.etag, ChecksumSHA256: reply.checksumSha256, sent: reply.sent };
}

function putBySdk(
  connection: S3Connection,
  { key, source, body, checksum, contentMd5, conditional }: PutRequest,
  signal: AbortSignal,
): Promise<PutOutput> {
  const { bucket, prefix } = connection.settings;
  return connection.run(({ client, sdk }) => {
    const command = new sdk.PutObjectCommand({
      Bucket: bucket,
      Key: `${prefix}${key}`,
      Body: body,
      ContentLength: body.length,
      ContentType: source.mime,
      Metadata: { mtime: modificationTime(source) },
      ...(conditional ? { IfNoneMatch: '*' } : {}),
      ...(checksum === undefined ? {} : { ChecksumSHA256: checksum }),
      ...(contentMd5 === undefined ? {} : { ContentMD5: contentMd5 }),
    });
    command.middlewareStack.add(
      (next) => (args) => next(signedFor(args, source.sha256)),
      beforeSigning,
    );
    return client.send(command, { abortSignal: signal });
  }, signal);
}

/** In the name and unit that rclone uses, so that other tools show the file's own date. */
function modificationTime({ modifiedMs }: ReopenableSource): string {
  return String(modifiedMs / 1000);
}

function resultOf(
  key: string,
  source: ReopenableSource,
  output: PutOutput,
  quirks: Quirks,
  md5: string | undefined,
): PutResult {
  const info = { key, bytes: source.bytes, modifiedMs: null, tag: tagOf(output.ETag) };
  if (quirks.sha256 === 'reported') {
    const sha256 = sha256OfBase64(output.ChecksumSHA256);
    const evidence = sha256 === source.sha256 ? 'server-sha256' : null;
    return { ...info, hashes: sha256 === undefined ? {} : { sha256 }, evidence };
  }
  // Taken by a server that hashes what arrives and refuses what was not signed.
  if (quirks.sha256 === 'verified') return { ...info, hashes: {}, evidence: 'server-sha256' };
  const stored = quirks.etagIsMd5 && md5 !== undefined ? md5OfEtag(output.ETag) : undefined;
  if (stored !== undefined) {
    return { ...info, hashes: { md5: stored }, evidence: stored === md5 ? 'server-md5' : null };
  }
  return { ...info, hashes: {}, evidence: null };
}

function requireSha256(body: Uint8Array, source: ReopenableSource): void {
  if (sha256Of(body) !== source.sha256) throw changed('changed after it was examined');
}
