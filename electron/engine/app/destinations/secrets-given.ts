import { fail } from '../../../../shared/domain/failure.ts';
import type { DestinationKind } from '../../destinations/kind.ts';

/** What was typed into the fields for secrets; empty ones were not. A name that the kind lacks is `invalid`. */
export function secretsGiven(
  kind: DestinationKind,
  typed: Readonly<Record<string, string>>,
): Record<string, string> {
  const unknown = Object.keys(typed).find((name) => !kind.secrets.includes(name));
  if (unknown !== undefined) {
    throw fail('invalid', `A ${kind.scheme}: destination has no secret of that name.`);
  }
  return Object.fromEntries(
    Object.entries(typed)
      .map(([name, value]) => [name, value.trim()] as const)
      .filter(([, value]) => value !== ''),
  );
}
