import { googleClientSecrets } from '../common/google-sign-in.ts';
import type { PublishKind } from '../kind.ts';
import { gphotosCards } from './gphotos-cards.ts';
import { gphotosRefreshToken, gphotosSignIn } from './gphotos-sign-in.ts';
import { gphotosSettingsOf } from './settings.ts';

/** `gphotos:///Album?account=me@example.com`: Google Photos, where photos are shown and not backed up. */
export const gphotosKind: PublishKind = {
  role: 'publish',
  scheme: 'gphotos',
  title: 'Google Photos',
  example: 'gphotos:///Cloudroll',
  secrets: [gphotosRefreshToken, ...Object.values(googleClientSecrets)],
  cards: gphotosCards,
  signIn: gphotosSignIn,
  openPublisher: async (url, context) => {
    const settings = gphotosSettingsOf(url);
    const { GphotosPublisher } = await import('./gphotos-publisher.ts');
    return new GphotosPublisher(settings, context);
  },
};
