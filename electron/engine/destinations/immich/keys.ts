import { fail } from '../../../../shared/domain/failure.ts';
import { extensionOf } from '../../../../shared/domain/media-types.ts';
import type { ImmichAsset } from './answers.ts';

/** Photos and videos stand below this, by Immich's own id of them. */
export const photoFolder = 'assets/';

/** The key of a photo or video: `assets/<id>.<extension>`. */
export function photoKey({
  id,
  originalFileName,
}: Pick<ImmichAsset, 'id' | 'originalFileName'>): string {
  const extension = extensionOf(originalFileName);
  return `${photoFolder}${id}${/^[a-z0-9]{1,10}$/u.test(extension) ? `.${extension}` : ''}`;
}

/** Immich's id in the key of a photo; null for the key of anything else. */
export function idInKey(key: string): string | null {
  const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
  const [, id] = new RegExp(`^assets/(${uuid})(?:\\.[a-z0-9]{1,10})?$`, 'u').exec(key) ?? [];
  return id ?? null;
}

/** What the file name of every container ends in. */
const containerEnding = '.cloudroll.png';

/** The file name that Immich shows for the container of a key. A key that is no text is `invalid`. */
export function containerName(key: string): string {
  return `${encodedKey(key)}${containerEnding}`;
}

/**
 * The key, or the beginning of one, as it stands in the names of containers: percent-encoded, but with `~` for `%`,
 * and `_` encoded too. Immich's search takes these two for anything.
 */
export function encodedKey(key: string): string {
  if (!key.isWellFormed()) throw fail('invalid', 'The name of the file is no text.');
  return encodeURIComponent(key).replaceAll('~', '%7E').replaceAll('_', '%5F').replaceAll('%', '~');
}

/** The key in a container's file name; null for any other name. */
export function keyInName(name: string): string | null {
  if (!name.endsWith(containerEnding)) return null;
  const encoded = name.slice(0, -containerEnding.length);
  try {
    const key = decodeURIComponent(encoded.replaceAll('~', '%'));
    return containerName(key) === name ? key : null;
  } catch {
    return null;
  }
}
