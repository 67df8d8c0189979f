import { destinationName } from '../../../../shared/domain/destination-url.ts';
import type { DestinationUrl } from '../../../../shared/domain/destination-url.ts';
import { fail } from '../../../../shared/domain/failure.ts';
import { refuseUnknownOptions } from '../refuse-options.ts';

/** Everything a URL says of a container. */
export interface AzureSettings {
  /** Stable name of the destination, for secrets. */
  readonly name: string;
  readonly account: string;
  readonly container: string;
  /** Empty, or ends in `/`. */
  readonly prefix: string;
  /** Address of the Blob service; undefined: the account's usual one. */
  readonly endpoint: string | undefined;
}

/** The settings in `azblob://account/container/prefix?endpoint=…`. */
export function azureSettingsOf(url: DestinationUrl): AzureSettings {
  refuseUnknownOptions(url, ['endpoint']);
  const hint = 'Write it like azblob://myaccount/photos.';
  if (!/^[a-z0-9]{3,24}$/u.test(url.authority)) {
    throw fail('invalid', 'An azblob: destination has to name a storage account.', { hint });
  }
  const [container = '', ...parts] = url.path.split('/').filter((part) => part !== '');
  if (!/^(?:\$root|[a-z0-9](?:-?[a-z0-9]){2,62})$/u.test(container)) {
    throw fail('invalid', 'An azblob: destination has to name a container.', { hint });
  }
  if (parts.some((part) => part === '.' || part === '..')) {
    throw fail('invalid', 'The path of a destination must not hold "." or "..".', { hint });
  }
  const { endpoint } = url.query;
  return {
    name: destinationName(url),
    account: url.authority,
    container,
    prefix: parts.map((part) => `${part}/`).join(''),
    endpoint: endpoint === undefined ? undefined : checkedEndpoint(endpoint),
  };
}

/** Without a slash at its end. */
export function checkedEndpoint(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const proper =
    url !== null &&
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    url.username === '' &&
    url.search === '' &&
    url.hash === '';
  if (!proper) {
    throw fail('invalid', 'The endpoint is not an http or https address.', {
      hint: 'Write it like endpoint=https://myaccount.blob.core.windows.net.',
    });
  }
  return text.replace(/\/+$/u, '');
}
