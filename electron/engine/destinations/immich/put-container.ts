import { createHash } from 'node:crypto';

import { fail } from '../../../../shared/domain/failure.ts';
import type { PutOptions, PutResult, ReopenableSource } from '../contract.ts';
import { bytesOfSource, provenBytes } from '../common/source-bytes.ts';
import { containerFor, containerOverhead, maxContainedBytes } from './container.ts';
import { containerName } from './keys.ts';
import { containedInfo, containersUnder } from './library.ts';
import { damaged, discard, heldBytes, upload } from './put.ts';
import type { PutTools } from './put.ts';

/** Keeps what is no photo, as a hidden image that holds it. */
export async function putContainer(
  tools: PutTools,
  job: { readonly key: string; readonly source: ReopenableSource; readonly options: PutOptions },
  signal: AbortSignal,
): Promise<PutResult> {
  const { connection, server, random } = tools;
  const { key, source, options } = job;
  if (source.bytes > maxContainedBytes) {
    throw fail('unsupported', 'The file is too large to be kept in Immich beside the photos.', {
      hint: 'Keep it at another destination as well.',
    });
  }
  await refuseExisting(tools, key, signal);
  const nonce = Buffer.from(random.bytes(16)).toString('hex');
  const container = containerFor(key, nonce, source.bytes);
  const sha1 = createHash('sha1');
  const counted = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    sha1.update(container.head);
    yield container.head;
    for await (const chunk of chunks) {
      container.add(chunk);
      sha1.update(chunk);
      yield chunk;
    }
    const tail = container.tail();
    sha1.update(tail);
    yield tail;
  };
  const held = source.bytes <= heldBytes ? await bytesOfSource(source, signal) : undefined;
  const file =
    held === undefined
      ? {
          bytes: source.bytes + containerOverhead(key),
          chunks: counted(provenBytes(source, options.onProgress, signal)),
        }
      : await whole(counted(one(held)));
  const { modifiedMs } = source;
  const { id } = await upload(
    tools,
    {
      name: containerName(key),
      file,
      createdMs: modifiedMs,
      modifiedMs,
      visibility: 'hidden',
    },
    signal,
  );
  // Also where Immich says `duplicate`, it is this very upload, whose first reply was lost: no other has its nonce.
  // Two that came at once are both there now, and agree on which is the first.
  const under = await containersUnder(connection, key, server.owner, signal);
  const own = under.find((asset) => asset.id === id);
  if (own?.checksum !== sha1.digest('base64')) {
    await discard(tools, id, signal);
    throw damaged();
  }
  if (under[0] !== own) {
    await discard(tools, id, signal);
    throw fail('conflict', `${key} exists already.`);
  }
  options.onProgress?.(source.bytes);
  return { ...containedInfo(key, own), evidence: null };
}

async function refuseExisting(
  { connection, server }: PutTools,
  key: string,
  signal: AbortSignal,
): Promise<void> {
  const under = await containersUnder(connection, key, server.owner, signal);
  if (under.length > 0) throw fail('conflict', `${key} exists already.`);
}

// eslint-disable-next-line @typescript-eslint/require-await -- what uses it is asynchronous, memory is not
async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function whole(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}
