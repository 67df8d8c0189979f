import { fail } from '../../../../shared/domain/failure.ts';
import type { BackupKind } from '../kind.ts';
import { refuseUnknownOptions } from '../refuse-options.ts';
import { fileCards } from './file-cards.ts';
import { FileDestination } from './file-destination.ts';

/** `file:///media/backup`: a folder on this computer, a drive, or a network share that is mounted. */
export const fileKind: BackupKind = {
  scheme: 'file',
  title: 'a folder or drive',
  example: 'file:///media/backup',
  secrets: [],
  cards: fileCards,
  open: (url, { fileSystem, mediaReader, random, purpose, owner }) => {
    refuseUnknownOptions(url, []);
    if (url.path === '/') {
      throw fail('invalid', 'The top of the file system cannot be a destination.', {
        hint: 'Choose a folder, like file:///media/backup.',
      });
    }
    const root = url.path;
    const base = { root, fileSystem, mediaReader, random, purpose };
    return Promise.resolve(new FileDestination(owner === undefined ? base : { ...base, owner }));
  },
};
