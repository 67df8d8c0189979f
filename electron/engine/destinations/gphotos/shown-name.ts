import type { ContentHash } from '../../../../shared/domain/asset.ts';
import { splitExtension } from '../../../../shared/domain/portable-name.ts';

const hashDigits = 12;
/** Longest stem, characters: the whole name stays well below 255. */
const longestStem = 180;

/**
 * The name under which a photo is shown: its own, with the first digits of its hash, by which it is recognised
 * again whoever showed it. Google Photos tells no hash of what it holds.
 */
export function shownName(name: string, hash: ContentHash): string {
  const { stem, extension } = splitExtension(name.normalize('NFC').replace(/\p{Cc}/gu, ' '));
  const short = Array.from(stem).slice(0, longestStem).join('');
  const dotted = extension === '' ? '' : `.${extension}`;
  return `${short}-${hash.slice(0, hashDigits)}${dotted}`;
}

/** The digits of the hash in such a name; null in any other. */
export function hashPrefixOf(name: string): string | null {
  return /-([0-9a-f]{12})(?:\.[A-Za-z0-9]{1,10})?$/u.exec(name)?.[1] ?? null;
}
