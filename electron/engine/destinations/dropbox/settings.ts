import type { DestinationUrl } from '../../../../shared/domain/destination-url.ts';
import { fail } from '../../../../shared/domain/failure.ts';
import { refuseUnknownOptions } from '../refuse-options.ts';

/** Everything a URL says of a place at Dropbox. */
export interface DropboxSettings {
  /** Empty for the whole account, or like `/Cloudroll/Photos`. */
  readonly root: string;
}

/** The settings in `dropbox:///Folder/Sub?account=me@example.com`; the account only names the destination. */
export function dropboxSettingsOf(url: DestinationUrl): DropboxSettings {
  refuseUnknownOptions(url, ['account']);
  const hint = 'Write it like dropbox:///Cloudroll, with three slashes.';
  if (url.authority !== '') {
    throw fail('invalid', 'A dropbox: destination names no server.', { hint });
  }
  const parts = url.path.split('/').filter((part) => part !== '');
  if (parts.some((part) => part === '.' || part === '..')) {
    throw fail('invalid', 'The path of a destination must not hold "." or "..".', { hint });
  }
  // Dropbox would make another name of it (dropbox.tech/mobile/our-counterintuitive-fix-for-android-path-normalization).
  if (parts.some((part) => part !== part.trim())) {
    throw fail('invalid', 'A folder at Dropbox cannot begin or end with a space.', { hint });
  }
  return { root: parts.map((part) => `/${part}`).join('') };
}
