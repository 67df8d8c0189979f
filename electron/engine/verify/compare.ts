import type { ContentHash } from '../../../shared/domain/asset.ts';
import type { Failure } from '../../../shared/domain/failure.ts';
import { isAssetKey } from '../../../shared/domain/object-key.ts';
import type { ObjectInfo } from '../destinations/contract.ts';
import type { ExpectedObject } from './ledger.ts';

/** An expected object that is not at the destination as it should be. */
export type Damage =
  | { readonly kind: 'missing'; readonly object: ExpectedObject }
  | { readonly kind: 'wrongSize'; readonly object: ExpectedObject; readonly bytes: number }
  | { readonly kind: 'corrupt'; readonly object: ExpectedObject; readonly sha256: string }
  | { readonly kind: 'unreadable'; readonly object: ExpectedObject; readonly failure: Failure };

/** Everything that is not as the records say. */
export type Finding =
  | Damage
  /** It is there, but no journal that could be read names it: another device would not know it. */
  | { readonly kind: 'unjournalled'; readonly object: ExpectedObject }
  /** An object under an asset's key without a record. */
  | {
      readonly kind: 'extra';
      readonly key: string;
      readonly bytes: number;
      /** The known content that it seems to be, by size and digits of the hash. */
      readonly content: ContentHash | null;
    }
  /** A device's journal that cannot be read on from here. */
  | { readonly kind: 'journal'; readonly key: string; readonly failure: Failure };

/** What a listing or a stat shows of an expected object; null where nothing is wrong. */
export function compareStored(object: ExpectedObject, info: ObjectInfo | null): Damage | null {
  if (info === null) return { kind: 'missing', object };
  if (info.bytes !== object.bytes) return { kind: 'wrongSize', object, bytes: info.bytes };
  return compareHash(object, info.hashes.sha256 ?? object.hash);
}

/** What reading shows of an expected object. */
export function compareRead(
  object: ExpectedObject,
  read: { readonly sha256: string; readonly bytes: number },
): Damage | null {
  if (read.bytes !== object.bytes) return { kind: 'wrongSize', object, bytes: read.bytes };
  return compareHash(object, read.sha256);
}

/**
 * What an object without a record is: `extra` under an asset's key, null for a file that is none of ours.
 *
 * @param contents the known contents of that hash prefix.
 */
export function compareUnknown(
  info: ObjectInfo,
  contents: (hashPrefix: string) => readonly { hash: ContentHash; bytes: number }[],
): Finding | null {
  const key = isAssetKey(info.key);
  if (key === null) return null;
  const content = contents(key.hashPrefix).find(({ bytes }) => bytes === info.bytes)?.hash ?? null;
  return { kind: 'extra', key: info.key, bytes: info.bytes, content };
}

function compareHash(object: ExpectedObject, sha256: string): Damage | null {
  return sha256 === object.hash ? null : { kind: 'corrupt', object, sha256 };
}
