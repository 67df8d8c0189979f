import { destinationName } from '../../../../shared/domain/destination-url.ts';
import type { DestinationUrl } from '../../../../shared/domain/destination-url.ts';
import { fail } from '../../../../shared/domain/failure.ts';
import { refuseUnknownOptions } from '../refuse-options.ts';

/** Everything a URL says of an album in Google Photos. */
export interface GphotosSettings {
  /** Stable name of the destination, for secrets. */
  readonly name: string;
  /** Title of the album. */
  readonly album: string;
}

/** Longest title of an album, characters (developers.google.com/photos/library/reference/rest/v1/albums). */
const longestTitle = 500;

/** The settings in `gphotos:///Album?account=me@example.com`; `gphotos://Album` means the same place. */
export function gphotosSettingsOf(url: DestinationUrl): GphotosSettings {
  refuseUnknownOptions(url, ['account']);
  const hint = 'Write it like gphotos:///Cloudroll, with three slashes.';
  const album = [url.authority, url.path]
    .filter((part) => part !== '')
    .join('/')
    .trim();
  if (album === '') {
    throw fail('invalid', 'A gphotos: destination has to name an album.', { hint });
  }
  if (album.length > longestTitle) {
    throw fail('invalid', 'The title of an album holds 500 characters at most.', { hint });
  }
  return { name: destinationName(url), album };
}
