import type { DestinationCard } from '../../../shared/contract/app/destinations.ts';
import type { DestinationUrl } from '../../../shared/domain/destination-url.ts';
import type { Destination } from './contract.ts';
import type { Endpoints } from './endpoints.ts';
import type { OpenContext } from './open-context.ts';
import type { SignInProvider } from './sign-in.ts';

/** A form for a kind of destination, or for one provider of it, and where what was filled in leads to. */
export interface KindCard extends DestinationCard {
  /** What is missing or cannot be is `invalid`, with a sentence for the person. `values` by field name. */
  readonly urlOf: (values: Readonly<Record<string, string>>) => DestinationUrl;
}

/** One kind of destination, as the registry knows it. */
export interface DestinationKind {
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
  /**
   * `publish`: a place where photos are shown, which cannot prove what it keeps; nothing there ever counts as
   * backed up. Default `backup`.
   */
  readonly role?: 'backup' | 'publish';
  /** A destination that has not been reached yet; a URL it cannot use is `invalid`. */
  open(url: DestinationUrl, context: OpenContext): Promise<Destination>;
}
