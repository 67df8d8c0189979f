import { destinationName } from '../../../../shared/domain/destination-url.ts';
import type { DestinationUrl } from '../../../../shared/domain/destination-url.ts';
import { fail } from '../../../../shared/domain/failure.ts';
import { refuseUnknownOptions } from '../refuse-options.ts';

/** Everything a URL says of a bucket. */
export interface GoogleStorageSettings {
  /** Stable name of the destination, for secrets. */
  readonly name: string;
  readonly bucket: string;
  /** Empty, or ends in `/`. */
  readonly prefix: string;
  /** Address of the service, without a slash at its end; undefined: the usual one. */
  readonly endpoint: string | undefined;
}

/** The settings in `gs://bucket/prefix?endpoint=…`. */
export function googleStorageSettingsOf(url: DestinationUrl): GoogleStorageSettings {
  refuseUnknownOptions(url, ['endpoint']);
  const hint = 'Write it like gs://my-bucket/photos.';
  // cloud.google.com/storage/docs/buckets#naming
  if (!/^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/u.test(url.authority)) {
    throw fail('invalid', 'A gs: destination has to name a bucket.', { hint });
  }
  const parts = url.path.split('/').filter((part) => part !== '');
  if (parts.some((part) => part === '.' || part === '..')) {
    throw fail('invalid', 'The path of a destination must not hold "." or "..".', { hint });
  }
  const { endpoint } = url.query;
  return {
    name: destinationName(url),
    bucket: url.authority,
    prefix: parts.map((part) => `${part}/`).join(''),
    endpoint: endpoint === undefined ? undefined : checkedEndpoint(endpoint),
  };
}

/** Whether an address is one of this computer, where nothing but a test server or an emulator can be. */
export function isLoopback(address: string): boolean {
  return /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?(?:\/|$)/u.test(address);
}

/** Access tokens open the whole bucket: they go to Google, or stay on this computer. */
function checkedEndpoint(text: string): string {
  const address = text.replace(/\/+$/u, '');
  const google = /^https:\/\/(?:[a-z0-9-]+\.)+googleapis\.com$/u.test(address);
  if (google || (isLoopback(address) && URL.parse(address)?.pathname === '/')) return address;
  throw fail('invalid', 'The endpoint is neither one of Google nor an emulator on this computer.', {
    hint: 'Write it like endpoint=http://127.0.0.1:4443, or leave it out.',
  });
}
