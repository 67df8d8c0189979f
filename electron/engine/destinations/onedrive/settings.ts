import { destinationName } from '../../../../shared/domain/destination-url.ts';
import type { DestinationUrl } from '../../../../shared/domain/destination-url.ts';
import { fail } from '../../../../shared/domain/failure.ts';
import { refuseUnknownOptions } from '../refuse-options.ts';

/** Everything a URL says of a folder in a OneDrive. */
export interface OneDriveSettings {
  /** Stable name of the destination, for secrets. */
  readonly name: string;
  /** Names of the folders that lead there, from the root; at least one. */
  readonly folder: readonly string[];
}

/** OneDrive takes paths of 400 characters; what Cloudroll puts below its folder needs up to 210. */
const longestFolder = 180;
/** support.microsoft.com: invalid file names and file types in OneDrive and SharePoint. */
const refusedCharacters = /["*:<>?/\\|\p{Cc}]/u;
const refusedNames = /^(?:\.lock|con|prn|aux|nul|com\d|lpt\d|desktop\.ini|~.*|.*[. ]| .*)$|_vti_/iu;

/** The settings in `onedrive:///Folder/Sub?account=me@example.com`. */
export function oneDriveSettingsOf(url: DestinationUrl): OneDriveSettings {
  refuseUnknownOptions(url, ['account']);
  const hint = 'Write it like onedrive:///Cloudroll, with three slashes.';
  if (url.authority !== '') {
    throw fail(
      'invalid',
      `A onedrive: destination names no server, and "${url.authority}" is one.`,
      {
        hint,
      },
    );
  }
  const folder = url.path.split('/').filter((part) => part !== '');
  if (folder.length === 0) {
    throw fail('invalid', 'A onedrive: destination has to name a folder.', { hint });
  }
  if (folder.join('/').length > longestFolder) {
    throw fail('invalid', 'The path of the folder is too long for OneDrive.', {
      hint: `Choose one of at most ${String(longestFolder)} characters.`,
    });
  }
  const refused = folder.find((part) => refusedCharacters.test(part) || refusedNames.test(part));
  if (refused !== undefined) {
    throw fail('invalid', `OneDrive takes no folder with the name "${refused}".`, {
      hint: 'Choose a name without " * : < > ? \\ |, and without a dot or space at its ends.',
    });
  }
  return { name: destinationName(url), folder };
}
