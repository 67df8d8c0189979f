import type { Random } from '../../ports/random.ts';
import { readAnswer } from '../common/signed-api.ts';
import { bytesOfSource } from '../common/source-bytes.ts';
import type { PutResult, ReopenableSource } from '../contract.ts';
import { ChecksumComputer } from './checksums.ts';
import type { GoogleStorageConnection } from './connection.ts';
import { objectFields, objectSchema } from './object-resource.ts';
import { metadataFor, provenResult } from './stored-object.ts';

/**
 * One request, one object: refused where the name is taken, and where other bytes arrive than were meant
 * (cloud.google.com/storage/docs/uploading-objects, multipart upload).
 */
export async function putObject(
  connection: GoogleStorageConnection,
  random: Random,
  key: string,
  source: ReopenableSource,
  signal: AbortSignal,
): Promise<PutResult> {
  const bytes = await bytesOfSource(source, signal);
  const computer = new ChecksumComputer();
  computer.update(bytes);
  const sums = computer.current();
  const metadata = {
    ...metadataFor(`${connection.settings.prefix}${key}`, source),
    ...{ md5Hash: sums.md5, crc32c: sums.crc32c },
  };
  const boundary = `cloudroll-${Buffer.from(random.bytes(16)).toString('hex')}`;
  const reply = await connection.send(
    {
      method: 'POST',
      target: 'upload',
      query: { uploadType: 'multipart', ifGenerationMatch: '0', fields: objectFields },
      headers: { 'content-type': `multipart/related; boundary=${boundary}` },
      body: multipart(boundary, metadata, bytes),
    },
    [200],
    signal,
  );
  const stored = await readAnswer(objectSchema, reply);
  return provenResult(connection, key, source, stored, sums);
}

/** RFC 2387: what is told of the object, then its bytes. */
function multipart(boundary: string, metadata: object, bytes: Uint8Array): Buffer {
  const json = JSON.stringify(metadata);
  const head =
    `--${boundary}\r\ncontent-type: application/json; charset=utf-8\r\n\r\n${json}\r\n` +
    `--${boundary}\r\ncontent-type: application/octet-stream\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]);
}
