import { destinationName } from '../../../../shared/domain/destination-url.ts';
import type { DestinationUrl } from '../../../../shared/domain/destination-url.ts';
import { fail } from '../../../../shared/domain/failure.ts';
import { refuseUnknownOptions } from '../refuse-options.ts';

/** Everything a URL says of a folder in Google Drive. */
export interface GdriveSettings {
  /** Stable name of the destination, for secrets. */
  readonly name: string;
  /** From My Drive down; at least one name. */
  readonly folder: readonly string[];
}

/** The settings in `gdrive:///Folder/Sub?account=me@example.com`. */
export function gdriveSettingsOf(url: DestinationUrl): GdriveSettings {
  refuseUnknownOptions(url, ['account']);
  const hint = 'Write it like gdrive:///Cloudroll, with three slashes.';
  if (url.authority !== '') {
    throw fail('invalid', 'A gdrive: destination names no server, only a folder.', { hint });
  }
  const folder = url.path.split('/').filter((name) => name !== '');
  if (folder.length === 0) {
    throw fail('invalid', 'A gdrive: destination has to name a folder.', { hint });
  }
  if (folder.some((name) => name === '.' || name === '..')) {
    throw fail('invalid', 'The path of a destination must not hold "." or "..".', { hint });
  }
  return { name: destinationName(url), folder };
}
