import { destinationName } from '../../../../shared/domain/destination-url.ts';
import type { DestinationUrl } from '../../../../shared/domain/destination-url.ts';
import { fail } from '../../../../shared/domain/failure.ts';
import type { HttpServer } from '../common/http-client.ts';
import { isNearby } from '../common/nearby.ts';
import { refuseUnknownOptions } from '../refuse-options.ts';

/** Everything a URL says of a folder on a WebDAV server. */
export interface WebdavSettings {
  /** Stable name of the destination, for secrets. */
  readonly name: string;
  readonly server: HttpServer;
  /** As a URL names it, to stand before a path: `https://host:port`. */
  readonly origin: string;
  /** Names of the folders down to the destination's own. */
  readonly base: readonly string[];
}

/**
 * The settings in `webdavs://host:port/path`, or `webdav:` for a server without TLS: that one has to be on the
 * own network, unless `plain=yes` says that passwords and photos may cross the internet in the clear.
 */
export function webdavSettingsOf(url: DestinationUrl): WebdavSettings {
  const secure = url.scheme === 'webdavs';
  refuseUnknownOptions(url, secure ? [] : ['plain']);
  const origin = `${secure ? 'https' : 'http'}://${url.authority}`;
  const parsed = url.authority !== '' && URL.canParse(origin) ? new URL(origin) : null;
  if (parsed?.pathname !== '/' || parsed.search !== '' || parsed.hash !== '') {
    throw fail('invalid', `A ${url.scheme}: destination has to name a server.`, {
      hint: 'Write it like webdavs://cloud.example.org/remote.php/dav/files/me/Photos.',
    });
  }
  const base = url.path.split('/').filter((part) => part !== '');
  if (base.some((part) => part === '.' || part === '..' || part.includes('\0'))) {
    throw fail('invalid', 'The path of a destination must not hold "." or "..".', {
      hint: 'Write the full path.',
    });
  }
  const hostname = parsed.hostname.replace(/^\[|\]$/gu, '');
  if (!secure && url.query['plain'] !== 'yes' && !isNearby(hostname)) {
    throw fail(
      'invalid',
      'Without TLS anybody on the way could read the password and the photos.',
      {
        hint: 'Write webdavs:// instead of webdav://, or add plain=yes if that is what you want.',
      },
    );
  }
  return {
    name: destinationName(url),
    server: {
      protocol: secure ? 'https:' : 'http:',
      hostname,
      port: parsed.port === '' ? undefined : Number(parsed.port),
    },
    origin: parsed.origin,
    base,
  };
}
