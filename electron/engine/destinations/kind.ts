import type {
  DestinationCard,
  DestinationGroup,
} from '../../../shared/contract/app/destinations.ts';
import type { DestinationUrl } from '../../../shared/domain/destination-url.ts';
import type { Destination } from './contract.ts';
import type { Endpoints } from './endpoints.ts';
import type { OpenContext } from './open-context.ts';
import type { Publisher } from './publisher.ts';
import type { SignInProvider } from './sign-in.ts';

/** A form for a kind of destination, or for one provider of it, and where what was filled in leads to. */
export interface KindCard extends Omit<DestinationCard, 'group' | 'role'> {
  /** Default: as {@link groupOf} says. */
  readonly group?: DestinationGroup;
  /** What is missing or cannot be is `invalid`, with a sentence for the person. `values` by field name. */
  readonly urlOf: (values: Readonly<Record<string, string>>) => DestinationUrl;
}

/** What every kind of destination says of itself. */
interface KindFacts {
  /** Of its URLs, lower case. */
  readonly scheme: string;
  /** For people. */
  readonly title: string;
  /** A URL to show as an example. */
  readonly example: string;
  /** Names of the secrets it asks for (see `Secrets`). */
  readonly secrets: readonly string[];
  /** Providers it knows by name, for the option `preset`. */
  readonly presets?: readonly { readonly id: string; readonly title: string }[];
  /** For people with a mouse; the first is the plainest. */
  readonly cards: readonly KindCard[];
  /** For kinds that a person signs in to with the browser. */
  readonly signIn?: (endpoints: Endpoints) => SignInProvider;
}

/** A kind of place that keeps photos and proves it. */
export interface BackupKind extends KindFacts {
  readonly role?: 'backup';
  /** A destination that has not been reached yet; a URL it cannot use is `invalid`. */
  open(url: DestinationUrl, context: OpenContext): Promise<Destination>;
}

/**
 * A kind of place where photos are shown, which cannot prove what it keeps. It opens no `Destination`, so nothing
 * there can ever count as backed up, be verified or be restored from.
 */
export interface PublishKind extends KindFacts {
  readonly role: 'publish';
  /** A publisher that has not been reached yet; a URL it cannot use is `invalid`. */
  openPublisher(url: DestinationUrl, context: OpenContext): Promise<Publisher>;
}

/** One kind of destination, as the registry knows it. */
export type DestinationKind = BackupKind | PublishKind;

/** Where a card stands among those of all kinds, unless it says so itself. */
export function groupOf(kind: DestinationKind, card: KindCard): DestinationGroup {
  if (kind.role === 'publish') return 'publish';
  return card.group ?? (kind.signIn === undefined ? 'server' : 'clouds');
}
