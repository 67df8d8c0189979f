import { fail } from '../../../shared/domain/failure.ts';
import { systemCode, translated } from './file-system-failure.ts';

/** inotify says ENOSPC when its watches are used up, and EMFILE when its instances are. */
const outOfWatches = new Set(['ENOSPC', 'EMFILE', 'ENFILE']);

/** What a refused or broken watch of a directory means; see `translated` for what comes back unchanged. */
export function watchFailure(error: unknown, path: string): unknown {
  if (!outOfWatches.has(systemCode(error))) return translated(error, path);
  return fail('busy', 'The system allows no more watches of folders.', {
    hint: 'Raise fs.inotify.max_user_watches; until then these folders are looked at regularly.',
    cause: error,
  });
}
