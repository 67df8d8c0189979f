import {
  destinationName,
  formatDestinationUrl,
  parseDestinationUrl,
  type DestinationUrl,
} from '../../../shared/domain/destination-url.ts';
import { failureOf } from '../../../shared/domain/failure.ts';

/** A destination with the short name by which people and scripts know it. */
export interface NamedDestination {
  readonly url: DestinationUrl;
  /** As the catalogue keeps it. */
  readonly storedUrl: string;
  readonly name: string;
}

interface KnownDestination {
  readonly url: string;
  readonly name: string;
}

/**
 * Names the destinations of a run: one that the catalogue knows keeps its name, a new one gets the last part
 * of its path, or its bucket or host, with a number where that name is taken.
 *
 * @param wished name for the new ones instead
 */
export function nameDestinations(
  urls: readonly DestinationUrl[],
  known: readonly KnownDestination[],
  wished?: string,
): NamedDestination[] {
  const taken = new Set(known.map(({ name }) => name));
  return urls.map((url) => {
    const before = findDestination(url, known);
    if (before !== undefined) return { url, storedUrl: before.url, name: before.name };
    const name = freeName(wished ?? shortName(url), taken);
    taken.add(name);
    return { url, storedUrl: formatDestinationUrl(url), name };
  });
}

/** The known destination at the place that a URL leads to. */
export function findDestination<T extends KnownDestination>(
  url: DestinationUrl,
  known: readonly T[],
): T | undefined {
  const place = destinationName(url);
  return known.find((destination) => placeOf(destination.url) === place);
}

function placeOf(text: string): string | null {
  try {
    return destinationName(parseDestinationUrl(text));
  } catch (error) {
    if (failureOf(error).code === 'invalid') return null;
    throw error;
  }
}

function shortName({ scheme, authority, path }: DestinationUrl): string {
  const last = path.split('/').findLast((part) => part !== '');
  return (scheme === 's3' || scheme === 'gs' ? authority : last) ?? (authority || scheme);
}

function freeName(wished: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wished)) return wished;
  for (let number = 2; ; number += 1) {
    const name = `${wished}-${String(number)}`;
    if (!taken.has(name)) return name;
  }
}
