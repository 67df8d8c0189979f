import type { DestinationUrl } from '../../../shared/domain/destination-url.ts';
import { fail } from '../../../shared/domain/failure.ts';

/** An option that the kind does not know is `invalid`: it may be a typing error that matters. */
export function refuseUnknownOptions(url: DestinationUrl, known: readonly string[]): void {
  const unknown = Object.keys(url.query).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const hint = known.length === 0 ? 'It takes no options.' : `It takes ${known.join(', ')}.`;
  throw fail('invalid', `A ${url.scheme}: destination has no option "${unknown}".`, { hint });
}
