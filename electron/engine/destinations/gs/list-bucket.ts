import { z } from 'zod';

import { fail } from '../../../../shared/domain/failure.ts';
import { readAnswer } from '../common/signed-api.ts';
import type { ObjectInfo } from '../contract.ts';
import type { GoogleStorageConnection } from './connection.ts';
import { infoOf, objectFields, objectSchema } from './object-resource.ts';

const pageSchema = z.object({
  // An empty page says nothing else, and what says nothing at all is no list.
  kind: z.literal('storage#objects'),
  items: z.array(objectSchema).default([]),
  nextPageToken: z.string().min(1).max(8192).optional(),
});

/** Every object below a prefix, page by page. */
export async function* listBucket(
  connection: GoogleStorageConnection,
  prefix: string,
  pageSize: number,
  signal: AbortSignal,
): AsyncGenerator<ObjectInfo> {
  const base = connection.settings.prefix;
  let next: string | undefined;
  do {
    const query = {
      ...{ prefix: `${base}${prefix}`, maxResults: String(pageSize) },
      fields: `kind,nextPageToken,items(${objectFields})`,
      ...(next === undefined ? {} : { pageToken: next }),
    };
    const reply = await connection.send({ method: 'GET', target: 'objects', query }, [200], signal);
    const page = await readAnswer(pageSchema, reply);
    for (const object of page.items) {
      const info = infoOf(object, base);
      if (info !== null) yield info;
    }
    if (page.nextPageToken !== undefined && page.nextPageToken === next) {
      throw fail('serverError', 'The server gives the same part of its list again and again.');
    }
    next = page.nextPageToken;
  } while (next !== undefined);
}
