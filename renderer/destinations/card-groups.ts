import {
  destinationGroups,
  type DestinationCard,
  type DestinationGroup,
} from '../../shared/contract/app/destinations.ts';

/** Groups that are shown at once; the others behind a button. */
const shownFirst: readonly DestinationGroup[] = ['computer', 'clouds'];

/** The cards in the order of their groups; in a group those that only ask for a sign-in come first. */
export function orderedCards(cards: readonly DestinationCard[]): readonly DestinationCard[] {
  const rank = (card: DestinationCard): number =>
    2 * destinationGroups.indexOf(card.group) + (signInField(card) === undefined ? 1 : 0);
  return cards.toSorted((one, other) => rank(one) - rank(other));
}

/** Those shown before anybody asked for more; all where the chosen one would be missing. */
export function firstCards(
  cards: readonly DestinationCard[],
  chosen: string | null,
): readonly DestinationCard[] {
  const first = cards.filter(({ group }) => shownFirst.includes(group));
  const hides = chosen !== null && !first.some(({ id }) => id === chosen);
  return hides || first.length === 0 ? cards : first;
}

/** The field that signs in with the browser; undefined for kinds without one. */
export function signInField(card: DestinationCard): DestinationCard['fields'][number] | undefined {
  return card.fields.find(({ type }) => type === 'signIn');
}
