import type { ContentHash } from './asset.ts';
import { fail } from './failure.ts';
import { encodeName, splitExtension, utf8Length } from './portable-name.ts';

/** What a key is made from. */
export interface ObjectKeyParts {
  /** Capture time, `YYYY-MM-DD…`: only year and month are used. */
  readonly wall: string;
  /** Name of the first file seen with this content. */
  readonly name: string;
  readonly hash: ContentHash;
  /** Digits of the hash in the key, 12 to 64: more only where 12 turned out to be taken by other content. */
  readonly suffixLength?: number;
}

/** Longest last part of a key, in UTF-8 bytes: leaves room for suffixes that systems add below 255. */
export const maxNameBytes = 200;
const shortestSuffix = 12;

/**
 * The key of an asset's object: `YYYY/MM/<name>-<hash>.<extension>`, every part portable. The same parts
 * always give the same key; the journal, not the key, keeps the exact name.
 *
 * @throws CloudrollError `bug` for a wall time, hash or length that is none.
 */
export function objectKey(parts: ObjectKeyParts): string {
  const { name, hash, suffixLength = shortestSuffix } = parts;
  const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])(?!\d)/.exec(parts.wall) ?? [];
  if (year === undefined || month === undefined) {
    throw fail('bug', `A key cannot be made from the capture time “${parts.wall}”.`);
  }
  if (!/^[0-9a-f]{64}$/.test(hash)) throw fail('bug', 'A key needs a whole SHA-256.');
  if (!Number.isInteger(suffixLength) || suffixLength < shortestSuffix || suffixLength > 64) {
    throw fail('bug', 'A key holds 12 to 64 digits of the hash.');
  }
  const { stem, extension } = splitExtension(name);
  const dotted = extension === '' ? '' : `.${extension.toLowerCase()}`;
  const tail = `-${hash.slice(0, suffixLength)}${dotted}`;
  const encoded = encodeName(stem, maxNameBytes - utf8Length(tail));
  return `${year}/${month}/${encoded === '' ? 'unnamed' : encoded}${tail}`;
}

/** Recognises an asset's key in a listing; null for anything else a person may keep there. */
export function isAssetKey(key: string): { hashPrefix: string } | null {
  const [, hashPrefix] =
    /^\d{4}\/(?:0[1-9]|1[0-2])\/[^/]+-([0-9a-f]{12,64})(?:\.[a-z0-9]{1,10})?$/u.exec(key) ?? [];
  return hashPrefix === undefined ? null : { hashPrefix };
}
