import { createHash } from 'node:crypto';

import { bytesOfSource } from '../common/source-bytes.ts';
import type { PutResult, ReopenableSource } from '../contract.ts';
import type { AzureConnection } from './connection.ts';
import { tagOf } from './list-container.ts';

/** One request, one blob: refused where the name is taken, and where other bytes arrive than were meant. */
export async function putBlob(
  connection: AzureConnection,
  key: string,
  source: ReopenableSource,
  signal: AbortSignal,
): Promise<PutResult> {
  const body = await bytesOfSource(source, signal);
  const md5 = createHash('md5').update(body).digest();
  const reply = await connection.command(
    {
      method: 'PUT',
      blob: `${connection.settings.prefix}${key}`,
      headers: {
        ...blobHeaders(source),
        'content-md5': md5.toString('base64'),
        'content-type': source.mime,
        'if-none-match': '*',
        'x-ms-blob-type': 'BlockBlob',
      },
      body,
    },
    [201],
    signal,
  );
  // The service computes it from what has arrived.
  const proven = reply.header('content-md5') === md5.toString('base64');
  return {
    ...{ key, bytes: source.bytes, modifiedMs: null, tag: tagOf(reply.header('etag')) },
    hashes: proven ? { md5: md5.toString('hex') } : {},
    evidence: proven ? 'server-md5' : null,
  };
}

/** In the name and unit that rclone uses, so that other tools show the file's own date. */
export function blobHeaders({ modifiedMs }: ReopenableSource): Record<string, string> {
  return { 'x-ms-meta-mtime': new Date(modifiedMs).toISOString() };
}
