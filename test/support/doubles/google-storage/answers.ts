import { z } from 'zod';

import type { Bucket, StoredObject } from './bucket.ts';
import { GoogleRefusal } from './refusals.ts';
import { badRequest } from './uploads.ts';

/** cloud.google.com/storage/docs/json_api/v1/objects#resource. */
export function resourceOf(bucket: Bucket, object: StoredObject): Record<string, unknown> {
  return {
    kind: 'storage#object',
    id: `${bucket.name}/${object.name}/${object.generation}`,
    name: object.name,
    bucket: bucket.name,
    generation: object.generation,
    metageneration: '1',
    contentType: object.contentType,
    storageClass: 'STANDARD',
    size: String(object.bytes.length),
    md5Hash: object.md5,
    crc32c: object.crc32c,
    etag: Buffer.from(object.generation).toString('base64'),
    timeCreated: object.updated,
    updated: object.updated,
    metadata: object.metadata,
  };
}

/** One page of a list (cloud.google.com/storage/docs/json_api/v1/objects/list), in the order of UTF-8. */
export function listPage(
  bucket: Bucket,
  query: URLSearchParams,
  mostPerPage: number,
): Record<string, unknown> {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const wanted = Number(query.get('maxResults') ?? mostPerPage);
  if (!(wanted >= 1)) throw new GoogleRefusal(400, 'invalid', 'Invalid maxResults.');
  const after = pageStart(query.get('pageToken'));
  const entries = new Map<string, StoredObject | null>();
  for (const [name, object] of bucket.objects) {
    if (!name.startsWith(prefix)) continue;
    const end = delimiter === '' ? -1 : name.indexOf(delimiter, prefix.length);
    if (end < 0) entries.set(name, object);
    else entries.set(name.slice(0, end + delimiter.length), null);
  }
  const left = [...entries]
    .filter(([name]) => after === null || byBytes(name, after) > 0)
    .toSorted(([first], [second]) => byBytes(first, second));
  const page = left.slice(0, Math.min(wanted, mostPerPage));
  const items = page.flatMap(([, object]) => (object === null ? [] : [resourceOf(bucket, object)]));
  const prefixes = page.flatMap(([name, object]) => (object === null ? [name] : []));
  const last = page.at(-1)?.[0] ?? '';
  return {
    kind: 'storage#objects',
    ...(page.length < left.length ? { nextPageToken: pageToken(last) } : {}),
    ...(prefixes.length === 0 ? {} : { prefixes }),
    ...(items.length === 0 ? {} : { items }),
  };
}

const recordSchema = z.record(z.string(), z.unknown());

/** A partial response (cloud.google.com/storage/docs/json_api#partial-response): `a,b(c,d),e/f`. */
export function onlyFields(document: Record<string, unknown>, fields: string): object {
  const selected: Record<string, unknown> = {};
  for (const [name, inner] of fieldsOf(fields)) {
    const value = document[name];
    if (value === undefined) continue;
    if (inner === '') selected[name] = value;
    else if (Array.isArray(value)) {
      selected[name] = value.map((one) => onlyFields(recordSchema.parse(one), inner));
    } else {
      selected[name] = onlyFields(recordSchema.parse(value), inner);
    }
  }
  return selected;
}

function* fieldsOf(text: string): Generator<readonly [name: string, inner: string]> {
  const field = /([A-Za-z0-9]+)(?:\(([^()]*)\)|\/([A-Za-z0-9]+))?(?:,|$)/gy;
  while (field.lastIndex < text.length) {
    const match = field.exec(text);
    if (match === null) throw badRequest(`Invalid field selection ${text}`);
    yield [match[1] ?? '', match[2] ?? match[3] ?? ''];
  }
}

function byBytes(first: string, second: string): number {
  return Buffer.compare(Buffer.from(first), Buffer.from(second));
}

function pageToken(name: string): string {
  return Buffer.from(name).toString('base64url');
}

function pageStart(token: string | null): string | null {
  return token === null ? null : Buffer.from(token, 'base64url').toString('utf8');
}
