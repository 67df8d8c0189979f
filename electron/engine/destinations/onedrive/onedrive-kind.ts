import type { BackupKind } from '../kind.ts';
import { microsoftSignIn, oneDriveSecrets } from './microsoft-sign-in.ts';
import { oneDriveCards } from './onedrive-cards.ts';
import { oneDriveSettingsOf } from './settings.ts';

/** `onedrive:///Folder/Sub?account=me@example.com`: Microsoft OneDrive. */
export const oneDriveKind: BackupKind = {
  scheme: 'onedrive',
  title: 'Microsoft OneDrive',
  example: 'onedrive:///Cloudroll',
  secrets: [oneDriveSecrets.refreshToken, oneDriveSecrets.clientId],
  cards: oneDriveCards,
  signIn: microsoftSignIn,
  open: async (url, context) => {
    const settings = oneDriveSettingsOf(url);
    const { OneDriveDestination } = await import('./onedrive-destination.ts');
    return new OneDriveDestination(settings, context);
  },
};
