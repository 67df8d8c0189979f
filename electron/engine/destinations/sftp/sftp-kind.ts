import type { DestinationKind } from '../kind.ts';
import { sftpSettingsOf } from './settings.ts';
import { sftpCards } from './sftp-cards.ts';

/** `sftp://host:port/path`: a folder on any computer that has an SSH server. */
export const sftpKind: DestinationKind = {
  scheme: 'sftp',
  title: 'a folder on a server by SFTP (SSH)',
  example: 'sftp://nas.local/~/Photos',
  secrets: [
    ...['CLOUDROLL_USERNAME', 'CLOUDROLL_PASSWORD'],
    ...['CLOUDROLL_PRIVATE_KEY', 'CLOUDROLL_KEY_PASSWORD'],
  ],
  cards: sftpCards,
  open: async (url, context) => {
    const settings = sftpSettingsOf(url);
    const { SftpDestination } = await import('./sftp-destination.ts');
    return new SftpDestination(settings, context);
  },
};
