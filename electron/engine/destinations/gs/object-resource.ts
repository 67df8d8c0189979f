import { z } from 'zod';

import type { ObjectInfo } from '../contract.ts';

const digits = z.string().regex(/^\d{1,20}$/u);

/**
 * What the service says of an object (cloud.google.com/storage/docs/json_api/v1/objects#resource). It
 * computes both hashes from the bytes it stores, and refuses an upload that claims others; objects that were put
 * together from several have no MD5.
 */
export const objectSchema = z.object({
  name: z.string().min(1).max(4096),
  size: digits,
  generation: digits,
  updated: z.string().max(100).optional(),
  md5Hash: z.base64().max(100).optional(),
  crc32c: z.base64().max(100).optional(),
});
export type StorageObject = z.infer<typeof objectSchema>;

/** What is asked for of an object; everything else would only travel. */
export const objectFields = 'name,size,generation,updated,md5Hash,crc32c';

/** The object as the contract has it; null for one that is no file of this destination. */
export function infoOf(object: StorageObject, prefix: string): ObjectInfo | null {
  const bytes = Number(object.size);
  // Consoles make folders by empty objects that end in a slash.
  if (!object.name.startsWith(prefix) || object.name.endsWith('/')) return null;
  if (!Number.isSafeInteger(bytes)) return null;
  const modified = Date.parse(object.updated ?? '');
  const { md5Hash, crc32c } = object;
  return {
    key: object.name.slice(prefix.length),
    bytes,
    modifiedMs: Number.isNaN(modified) ? null : modified,
    hashes: {
      ...(md5Hash === undefined ? {} : { md5: hexadecimal(md5Hash) }),
      ...(crc32c === undefined ? {} : { crc32c: hexadecimal(crc32c) }),
    },
    tag: object.generation,
  };
}

function hexadecimal(base64: string): string {
  return Buffer.from(base64, 'base64').toString('hex');
}
