import type { DestinationKind } from '../kind.ts';
import { webdavSettingsOf } from './settings.ts';
import { webdavCards } from './webdav-cards.ts';

function kind(
  scheme: 'webdav' | 'webdavs',
  facts: Pick<DestinationKind, 'title' | 'example' | 'cards'>,
): DestinationKind {
  return {
    ...facts,
    scheme,
    secrets: ['CLOUDROLL_USERNAME', 'CLOUDROLL_PASSWORD'],
    open: async (url, context) => {
      const settings = webdavSettingsOf(url);
      const { WebdavDestination } = await import('./webdav-destination.ts');
      return new WebdavDestination(settings, context);
    },
  };
}

/** `webdavs://host/path`, and `webdav:` where the server has no TLS: Nextcloud, ownCloud, NAS devices and others. */
export const webdavKinds: readonly DestinationKind[] = [
  kind('webdavs', {
    title: 'Nextcloud, ownCloud, or any WebDAV server',
    example: 'webdavs://cloud.example.org/remote.php/dav/files/me/Photos',
    cards: webdavCards,
  }),
  kind('webdav', {
    title: 'a WebDAV server without TLS on your own network',
    example: 'webdav://nas.local:5005/photos',
    cards: [],
  }),
];
