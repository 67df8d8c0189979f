import { fail } from '../../../../shared/domain/failure.ts';
import type { Purpose } from '../open-context.ts';

const toRead = ['asset.read', 'asset.download', 'user.read'] as const;
const toWrite = ['asset.upload', 'asset.update', 'asset.delete'] as const;

/** What an API key has to allow, in the names of Immich's own form. */
export function neededPermissions(purpose: Purpose): readonly string[] {
  return purpose === 'read' ? toRead : [...toRead, ...toWrite];
}

/** For people: what to do about a key that allows too little. */
export const permissionsHint = `In Immich open Account settings, API keys, and tick ${[...toRead, ...toWrite].join(', ')} for this key.`;

/** A key that allows less than is needed is `auth`, said at once and with the names of what is missing. */
export function requirePermissions(granted: readonly string[], purpose: Purpose): void {
  if (granted.includes('all')) return;
  const missing = neededPermissions(purpose).filter((name) => !granted.includes(name));
  if (missing.length === 0) return;
  throw fail('auth', `The API key of Immich does not allow ${missing.join(', ')}.`, {
    hint: permissionsHint,
  });
}
