import type { DestinationKind } from '../kind.ts';
import { azureCards } from './azure-cards.ts';
import { azureSettingsOf } from './settings.ts';

/** `azblob://account/container/prefix`: Microsoft Azure Blob Storage. */
export const azureKind: DestinationKind = {
  scheme: 'azblob',
  title: 'Microsoft Azure Blob Storage',
  example: 'azblob://myaccount/photos',
  secrets: ['AZURE_STORAGE_KEY', 'AZURE_STORAGE_SAS_TOKEN', 'AZURE_STORAGE_CONNECTION_STRING'],
  cards: azureCards,
  open: async (url, context) => {
    const settings = azureSettingsOf(url);
    const { AzureDestination } = await import('./azure-destination.ts');
    return new AzureDestination(settings, context);
  },
};
