import { googleClientSecrets } from '../common/google-sign-in.ts';
import type { DestinationKind } from '../kind.ts';
import { gdriveCards } from './gdrive-cards.ts';
import { gdriveRefreshToken, gdriveSignIn } from './gdrive-sign-in.ts';
import { gdriveSettingsOf } from './settings.ts';

/** `gdrive:///Folder?account=me@example.com`: Google Drive. */
export const gdriveKind: DestinationKind = {
  scheme: 'gdrive',
  title: 'Google Drive',
  example: 'gdrive:///Cloudroll',
  secrets: [gdriveRefreshToken, ...Object.values(googleClientSecrets)],
  cards: gdriveCards,
  signIn: gdriveSignIn,
  open: async (url, context) => {
    const settings = gdriveSettingsOf(url);
    const { GdriveDestination } = await import('./gdrive-destination.ts');
    return new GdriveDestination(settings, context);
  },
};
