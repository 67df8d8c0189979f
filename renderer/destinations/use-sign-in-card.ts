import type { DestinationCard, DestinationStatus } from '../../shared/contract/app/destinations.ts';
import { useAppQuery } from '../app/engine.tsx';
import { signInField } from './card-groups.ts';

/** The kind of a destination, where a person signs in to it with the browser; null for others. */
export function useSignInCard({ card }: Pick<DestinationStatus, 'card'>): DestinationCard | null {
  const { data: cards } = useAppQuery('destinations.cards', {});
  const own = cards?.find(({ id }) => id === card);
  return own !== undefined && signInField(own) !== undefined ? own : null;
}
