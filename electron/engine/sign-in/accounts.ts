import { destinationName, type DestinationUrl } from '../../../shared/domain/destination-url.ts';
import type { AccessTokens, SignInProvider } from '../destinations/sign-in.ts';
import type { Logger } from '../logging/logger.ts';
import type { Clock } from '../ports/clock.ts';
import type { Secrets } from '../secrets/secrets.ts';
import { notSignedIn, signInAgain, withoutKeychain } from './hints.ts';
import { findClient, noClient, type BuiltClients, type OAuthClient } from './oauth-client.ts';
import { RefreshedTokens, type TokenStore } from './refreshed-tokens.ts';
import { TokenEndpoint, type Grant } from './token-endpoint.ts';

/** Replaces a secret where it is kept; where that is the environment, nothing is changed. */
export type ReplaceSecret = (destination: string, name: string, value: string) => Promise<void>;

export interface AccountsOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly replace: ReplaceSecret;
  /** Hears of every token, so that none is shown anywhere. */
  readonly hide: (token: string) => void;
  /** Default: those of this build. */
  readonly built?: BuiltClients;
}

/** One account to get tokens for. */
export interface Account {
  readonly provider: SignInProvider;
  /** Of the destination's URL, for hints. */
  readonly scheme: string;
  readonly store: TokenStore;
  readonly client: () => Promise<OAuthClient | null>;
  /** What the sign-in has just brought. */
  readonly first?: Grant;
}

/** The accounts that destinations are signed in with: one {@link AccessTokens} each, whoever opens them. */
export class Accounts {
  readonly #options: AccountsOptions;
  readonly #open = new Map<string, AccessTokens>();

  constructor(options: AccountsOptions) {
    this.#options = options;
  }

  /** Of a destination, by secrets that are kept for it. */
  of(url: DestinationUrl, provider: SignInProvider, secrets: Secrets): AccessTokens {
    const name = destinationName(url);
    const key = `${provider.secrets.refreshToken} ${name}`;
    const known = this.#open.get(key);
    if (known !== undefined) return known;
    const tokens = this.from(url, provider, secrets);
    this.#open.set(key, tokens);
    return tokens;
  }

  /** As {@link of}, shared with nobody: for secrets that are not kept yet. */
  from(url: DestinationUrl, provider: SignInProvider, secrets: Secrets): AccessTokens {
    const { built, replace } = this.#options;
    const name = destinationName(url);
    const find = async (secret: string): Promise<string | undefined> => {
      try {
        return await secrets.find(name, secret);
      } catch (error) {
        throw withoutKeychain(error, provider);
      }
    };
    return this.tokens({
      provider,
      scheme: url.scheme,
      store: {
        load: () => find(provider.secrets.refreshToken),
        save: (token) => replace(name, provider.secrets.refreshToken, token),
      },
      client: () => findClient(provider, find, built),
    });
  }

  /** Of any account. */
  tokens({ provider, scheme, store, client, first }: Account): AccessTokens {
    const { clock, logger, hide } = this.#options;
    const hidden = (grant: Grant): Grant => {
      hide(grant.accessToken);
      if (grant.refreshToken !== null) hide(grant.refreshToken);
      return grant;
    };
    return new RefreshedTokens({
      ...{ clock, logger, store },
      ...(first === undefined ? {} : { first: hidden(first) }),
      notSignedIn: () => notSignedIn(provider, scheme),
      refresh: async (refreshToken) => {
        const known = await client();
        if (known === null) throw noClient(provider, 'auth');
        const again = signInAgain(scheme);
        const endpoint = new TokenEndpoint({ provider, client: known, clock, signInAgain: again });
        return hidden(await endpoint.refresh(refreshToken, neverAborted));
      },
    });
  }

  /** The destination was signed in to anew, or is gone: what was found out before counts no more. */
  forget(url: DestinationUrl): void {
    const name = destinationName(url);
    for (const key of [...this.#open.keys()]) {
      if (key.endsWith(` ${name}`)) this.#open.delete(key);
    }
  }
}

const neverAborted = new AbortController().signal;
