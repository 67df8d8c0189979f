import type { DestinationKind } from '../kind.ts';
import { googleStorageCards } from './google-storage-cards.ts';
import { googleStorageSettingsOf } from './settings.ts';

/** `gs://bucket/prefix`: Google Cloud Storage. */
export const googleStorageKind: DestinationKind = {
  scheme: 'gs',
  title: 'Google Cloud Storage',
  example: 'gs://my-bucket/photos',
  secrets: ['GOOGLE_SERVICE_ACCOUNT_KEY', 'GOOGLE_APPLICATION_CREDENTIALS'],
  cards: googleStorageCards,
  open: async (url, context) => {
    const settings = googleStorageSettingsOf(url);
    const { GoogleStorageDestination } = await import('./google-storage-destination.ts');
    return new GoogleStorageDestination(settings, context);
  },
};
