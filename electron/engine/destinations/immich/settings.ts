import { destinationName } from '../../../../shared/domain/destination-url.ts';
import type { DestinationUrl } from '../../../../shared/domain/destination-url.ts';
import { fail } from '../../../../shared/domain/failure.ts';
import type { HttpServer } from '../common/http-client.ts';
import { isNearby } from '../common/nearby.ts';
import { refuseUnknownOptions } from '../refuse-options.ts';

/** Everything a URL says of an Immich server. */
export interface ImmichSettings {
  /** Stable name of the destination, for secrets. */
  readonly name: string;
  readonly server: HttpServer;
}

/**
 * The settings in `immich://host:port/`. Immich's own port speaks without TLS, so a host on the own network is asked
 * without, any other with it, unless `plain=yes` says that the key and the photos may cross the internet in the
 * clear. `immichs:` always asks with TLS.
 */
export function immichSettingsOf(url: DestinationUrl): ImmichSettings {
  const always = url.scheme === 'immichs';
  refuseUnknownOptions(url, always ? [] : ['plain']);
  const parsed = URL.parse(`https://${url.authority}`);
  if (
    url.authority === '' ||
    parsed?.pathname !== '/' ||
    parsed.search !== '' ||
    parsed.hash !== ''
  ) {
    throw fail('invalid', `An ${url.scheme}: destination has to name a server.`, {
      hint: 'Write it like immich://photos.example.org, or immich://192.168.0.5:2283.',
    });
  }
  if (url.path !== '') {
    throw fail('invalid', 'Immich stands at the top of its server, never in a folder.', {
      hint: `Write ${url.scheme}://${url.authority} alone.`,
    });
  }
  const hostname = parsed.hostname.replace(/^\[|\]$/gu, '');
  const { plain } = url.query;
  if (plain !== undefined && plain !== 'yes' && plain !== 'no') {
    throw fail('invalid', 'The option plain= takes yes or no.');
  }
  const secure = always || plain === 'no' || (plain !== 'yes' && !isNearby(hostname));
  // Read anew, since 443 is no port of its own for https, and 80 none for http.
  const { port } = new URL(`${secure ? 'https' : 'http'}://${url.authority}`);
  return {
    name: destinationName(url),
    server: {
      protocol: secure ? 'https:' : 'http:',
      hostname,
      port: port === '' ? undefined : Number(port),
    },
  };
}
