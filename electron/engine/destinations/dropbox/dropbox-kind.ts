import type { DestinationKind } from '../kind.ts';
import { dropboxCards } from './dropbox-cards.ts';
import { dropboxSecrets, dropboxSignIn } from './dropbox-sign-in.ts';
import { dropboxSettingsOf } from './settings.ts';

/** `dropbox:///Folder?account=me@example.com`: Dropbox, by its HTTP API version 2. */
export const dropboxKind: DestinationKind = {
  scheme: 'dropbox',
  title: 'Dropbox',
  example: 'dropbox:///Cloudroll',
  secrets: [dropboxSecrets.refreshToken, dropboxSecrets.clientId],
  cards: dropboxCards,
  signIn: dropboxSignIn,
  open: async (url, context) => {
    const settings = dropboxSettingsOf(url);
    const { DropboxDestination } = await import('./dropbox-destination.ts');
    return new DropboxDestination(settings, context);
  },
};
