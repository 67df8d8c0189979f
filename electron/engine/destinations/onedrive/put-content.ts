import { bytesOfSource } from '../common/source-bytes.ts';
import { readAnswer } from '../common/signed-api.ts';
import type { PutResult } from '../contract.ts';
import { itemSchema, pathIn } from './drive-items.ts';
import type { DriveItem, DrivePath } from './drive-items.ts';
import type { GraphApi } from './graph-api.ts';
import { resultOf } from './put-result.ts';
import type { PutJob } from './put-result.ts';
import { QuickXorHash } from './quick-xor-hash.ts';

/** A file in one request (learn.microsoft.com/graph/api/driveitem-put-content). */
export async function putContent(
  api: GraphApi,
  job: PutJob,
  signal: AbortSignal,
): Promise<PutResult> {
  const { path, source, options } = job;
  const body = await bytesOfSource(source, signal);
  const { item } = await sendContent(api, path, source.mime, body, signal);
  const hash = new QuickXorHash().update(body).digest();
  const result = await resultOf(api, job, item, hash, signal);
  options.onProgress?.(source.bytes);
  return result;
}

/** Whether the file was made anew comes back with it; a server that heeds `fail` never replaces one. */
export async function sendContent(
  api: GraphApi,
  path: DrivePath,
  mime: string,
  body: Uint8Array,
  signal: AbortSignal,
): Promise<{ readonly item: DriveItem; readonly created: boolean }> {
  const request = {
    method: 'PUT',
    path: `${pathIn(path, 'content')}?@microsoft.graph.conflictBehavior=fail`,
    headers: { 'content-type': mime },
    body,
  };
  const reply = await api.send(request, [200, 201], signal);
  return { item: await readAnswer(itemSchema, reply), created: reply.status === 201 };
}
