import type { BackupKind } from '../kind.ts';
import { keySecret } from './connection.ts';
import { immichCards } from './immich-cards.ts';
import { immichSettingsOf } from './settings.ts';

function kind(
  scheme: 'immich' | 'immichs',
  facts: Pick<BackupKind, 'title' | 'example' | 'cards'>,
): BackupKind {
  return {
    ...facts,
    scheme,
    secrets: [keySecret],
    open: async (url, context) => {
      const settings = immichSettingsOf(url);
      const { ImmichDestination } = await import('./immich-destination.ts');
      return new ImmichDestination(settings, context);
    },
  };
}

/** `immich://host:port/`, and `immichs:` for TLS also on the own network. */
export const immichKinds: readonly BackupKind[] = [
  kind('immich', {
    title: 'Immich',
    example: 'immich://photos.example.org',
    cards: immichCards,
  }),
  kind('immichs', {
    title: 'Immich, with TLS also on your own network',
    example: 'immichs://photos.home.arpa',
    cards: [],
  }),
];
