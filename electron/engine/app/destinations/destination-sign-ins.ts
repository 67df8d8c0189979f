import {
  parseDestinationUrl,
  type DestinationUrl,
} from '../../../../shared/domain/destination-url.ts';
import { fail } from '../../../../shared/domain/failure.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { DestinationKind, KindCard } from '../../destinations/kind.ts';
import type { Engine } from '../../runtime/engine.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import { findClient, type BuiltClients } from '../../sign-in/oauth-client.ts';
import { isSharedSignIn, revokeSignIn } from '../../sign-in/sign-out.ts';
import type { DestinationSecrets } from './destination-secrets.ts';
import type { DoneSignIn, SignIns } from './sign-ins.ts';
import type { StoredDestination } from '../settings/stored-settings.ts';

/** How long removing a destination waits for its provider, milliseconds. */
const longestRevocationMs = 10_000;

export interface DestinationSignInsPorts {
  readonly engine: Engine;
  readonly catalog: Catalog;
  readonly elsewhere: Secrets;
  readonly secrets: DestinationSecrets;
  readonly signIns: SignIns;
  readonly builtClients: BuiltClients | undefined;
}

/** A sign-in that a draft names. */
export interface DraftSignIn extends Omit<DoneSignIn, 'secrets'> {
  readonly id: string;
  readonly given: DoneSignIn['secrets'];
}

/** What signing in means for destinations: which account they lead to, and which secrets they have. */
export class DestinationSignIns {
  readonly #ports: DestinationSignInsPorts;

  constructor(ports: DestinationSignInsPorts) {
    this.#ports = ports;
  }

  /** Names of the fields that a person has to fill in because neither build nor environment bring a client. */
  async mustBring(kind: DestinationKind): Promise<readonly string[]> {
    const { engine, elsewhere, builtClients } = this.#ports;
    const provider = kind.signIn?.(engine.endpoints);
    if (provider === undefined) return [];
    const client = await findClient(provider, (name) => elsewhere.find('', name), builtClients);
    return client === null ? [provider.secrets.clientId] : [];
  }

  /** The sign-in of a draft, and its values with the account, which nobody but a sign-in can name. */
  ofDraft(
    kind: DestinationKind,
    card: KindCard,
    values: Readonly<Record<string, string>>,
  ): { readonly signIn: DraftSignIn | null; readonly values: Readonly<Record<string, string>> } {
    const field = card.fields.find(({ type }) => type === 'signIn');
    if (field === undefined) return { signIn: null, values };
    const { [field.name]: id = '', account: _claimed, ...rest } = values;
    if (id === '') return { signIn: null, values: rest };
    const signIn = this.#done(id, kind);
    return { signIn, values: { ...rest, account: signIn.account } };
  }

  /**
   * A new sign-in of a destination that is kept; null where there is none.
   * @throws `conflict` where it is to another account; `invalid` where a new client comes without one
   */
  again(
    url: DestinationUrl,
    kind: DestinationKind,
    typed: Readonly<Record<string, string>>,
    id: string | null,
  ): DraftSignIn | null {
    if (id === null) {
      if (kind.signIn === undefined || Object.keys(typed).length === 0) return null;
      throw fail('invalid', 'A new client id needs a new sign-in.', { hint: 'Sign in again.' });
    }
    const signIn = this.#done(id, kind);
    const { account } = url.query;
    if (account === undefined || account === signIn.account) return signIn;
    throw fail(
      'conflict',
      `You signed in as ${signIn.account}, but this is a place of ${account}.`,
      {
        hint: `Sign in as ${account}, or add another destination for ${signIn.account}.`,
      },
    );
  }

  /**
   * What the keychain is to hold. A sign-in brings the client it was done with; without one everything comes
   * from the environment, because a refresh token and its client belong together.
   */
  secrets(
    kind: DestinationKind,
    typed: Readonly<Record<string, string>>,
    signIn: DraftSignIn | null,
  ): Record<string, string> {
    if (kind.signIn === undefined) return { ...typed };
    return { ...signIn?.given };
  }

  /** Names of secrets that a new sign-in has left behind: those of a client that it was not done with. */
  stale(
    kind: DestinationKind,
    given: Readonly<Record<string, string>>,
    signIn: DraftSignIn | null,
  ): readonly string[] {
    return signIn === null ? [] : kind.secrets.filter((name) => given[name] === undefined);
  }

  /** The destination has it now. */
  used(url: DestinationUrl, signIn: DraftSignIn | null): void {
    if (signIn === null) return;
    this.#ports.signIns.forget(signIn.id);
    this.#ports.engine.accounts.forget(url);
  }

  /** Signs a destination out that is gone; what the provider says to it changes nothing here. */
  async signOut(url: DestinationUrl, stored: StoredDestination): Promise<void> {
    const { engine, catalog, secrets: kept, builtClients } = this.#ports;
    const provider = engine.registry.kindOf(url).signIn?.(engine.endpoints);
    if (!stored.secrets.includes(provider?.secrets.refreshToken ?? '') || !provider) return;
    const { secrets } = kept;
    const tokens = engine.accounts.of(url, provider, secrets);
    engine.accounts.forget(url);
    const others = catalog.known().map((one) => parseDestinationUrl(one.url));
    const { endpoints, registry, clock } = engine;
    const around = {
      endpoints,
      secrets,
      kindOf: (scheme: string) => registry.kinds.find((kind) => kind.scheme === scheme),
    };
    if (await isSharedSignIn(url, provider, others, around)) return;
    const ports = { clock, secrets, tokens, ...(builtClients && { built: builtClients }) };
    const enough = AbortSignal.timeout(longestRevocationMs);
    const outcome = await revokeSignIn(url, provider, ports, enough);
    const { logger } = engine;
    if (outcome.state !== 'failed') logger.info('signed out', { state: outcome.state });
    else logger.warn('sign-in not revoked', { code: outcome.failure.code });
  }

  #done(id: string, kind: DestinationKind): DraftSignIn {
    const { account, secrets, accessTokens } = this.#ports.signIns.done(id, kind);
    return { id, account, given: secrets, accessTokens };
  }
}
