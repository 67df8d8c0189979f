import type { DestinationStatus } from '../../shared/contract/app/destinations.ts';
import { useStatus } from '../app/engine.tsx';

/** The destinations that keep photos; those that only show them are left out. */
export function useBackups(): readonly DestinationStatus[] {
  return useStatus().destinations.filter(({ role }) => role === 'backup');
}
