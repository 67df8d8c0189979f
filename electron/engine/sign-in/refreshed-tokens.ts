import { CloudrollError, failureOf } from '../../../shared/domain/failure.ts';
import { orCancelled } from '../destinations/cancellation.ts';
import type { AccessTokens } from '../destinations/sign-in.ts';
import type { Logger } from '../logging/logger.ts';
import type { Clock } from '../ports/clock.ts';
import type { Grant } from './token-endpoint.ts';

/** A token is given out while it is good for so long at least, milliseconds. */
const leastLifetimeMs = 60_000;

/** Where the refresh token of an account is kept. */
export interface TokenStore {
  /** Undefined where there is none. */
  load(): Promise<string | undefined>;
  /** Keeps the one that came in its place. */
  save(refreshToken: string): Promise<void>;
}

export interface RefreshedTokensOptions {
  readonly store: TokenStore;
  /** Asks the provider; `auth` where it takes the refresh token no more. */
  readonly refresh: (refreshToken: string) => Promise<Grant>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What the sign-in has just brought. */
  readonly first?: Grant;
  /** There is no refresh token. */
  readonly notSignedIn: () => CloudrollError;
}

interface Current {
  readonly token: string;
  /** By both clocks: one may jump, the other may stand still while the computer sleeps. */
  readonly until: { readonly wall: number; readonly monotonic: number };
}

/**
 * Access tokens by a refresh token (RFC 6749 section 6). One request is on its way at a time, however many
 * wait; it is never broken off, because its answer may bring the only refresh token that still counts.
 */
export class RefreshedTokens implements AccessTokens {
  readonly #options: RefreshedTokensOptions;
  #current: Current | null;
  #refreshing: Promise<string> | null = null;
  /** A refresh token that the provider takes no more, and what it said. */
  #refused: { readonly refreshToken: string; readonly error: CloudrollError } | null = null;
  /** A newer refresh token than the store could take. */
  #unsaved: string | null = null;

  constructor(options: RefreshedTokensOptions) {
    this.#options = options;
    this.#current = options.first === undefined ? null : this.#currentOf(options.first);
  }

  async get(signal: AbortSignal): Promise<string> {
    const { clock } = this.#options;
    const { token, until } = this.#current ?? {};
    if (token !== undefined && until !== undefined) {
      const left = Math.min(until.wall - clock.now(), until.monotonic - clock.monotonic());
      if (left >= leastLifetimeMs) return token;
    }
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = null;
    });
    return orCancelled(this.#refreshing, signal);
  }

  refused(token: string): void {
    if (this.#current?.token === token) this.#current = null;
  }

  async #refresh(): Promise<string> {
    const refreshToken = await this.#load();
    if (refreshToken === this.#refused?.refreshToken) throw this.#refused.error;
    let grant: Grant;
    try {
      grant = await this.#refreshWith(refreshToken);
    } catch (error) {
      if (!(error instanceof CloudrollError) || error.failure.code !== 'auth') throw error;
      this.#refused = { refreshToken, error };
      // Another process may have been faster, or the person may have signed in anew meanwhile.
      const other = await this.#load();
      if (other === refreshToken) throw error;
      grant = await this.#refreshWith(other);
    }
    this.#current = this.#currentOf(grant);
    return grant.accessToken;
  }

  async #load(): Promise<string> {
    const refreshToken = this.#unsaved ?? (await this.#options.store.load());
    if (refreshToken === undefined) throw this.#options.notSignedIn();
    return refreshToken;
  }

  async #refreshWith(refreshToken: string): Promise<Grant> {
    const grant = await this.#options.refresh(refreshToken);
    const newer = grant.refreshToken ?? this.#unsaved;
    if (newer !== null && (newer !== refreshToken || this.#unsaved !== null))
      await this.#save(newer);
    return grant;
  }

  async #save(refreshToken: string): Promise<void> {
    this.#unsaved = refreshToken;
    try {
      await this.#options.store.save(refreshToken);
      this.#unsaved = null;
    } catch (error) {
      // It serves from memory, and is kept with the next one.
      this.#options.logger.warn('refresh token not kept', { code: failureOf(error).code });
    }
  }

  #currentOf({ accessToken, lifetimeMs }: Grant): Current {
    const { clock } = this.#options;
    const until = { wall: clock.now() + lifetimeMs, monotonic: clock.monotonic() + lifetimeMs };
    return { token: accessToken, until };
  }
}
