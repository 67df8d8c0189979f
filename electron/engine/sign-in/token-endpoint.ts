import * as oauth from 'oauth4webapi';

import { CloudrollError, fail } from '../../../shared/domain/failure.ts';
import type { SignInProvider } from '../destinations/sign-in.ts';
import type { Clock } from '../ports/clock.ts';
import type { OAuthClient } from './oauth-client.ts';
import { providerFetch } from './provider-fetch.ts';

/** Lifetime of a token where the provider tells none (RFC 6749 section 5.1), milliseconds. */
const untoldLifetimeMs = 300_000;

/** What a token endpoint gave. */
export interface Grant {
  readonly accessToken: string;
  /** Milliseconds from now. */
  readonly lifetimeMs: number;
  /** A new one; null where the one there is stays. */
  readonly refreshToken: string | null;
  /** What was allowed; null where that is what was asked for. */
  readonly scopes: readonly string[] | null;
}

/** How the browser came back from the provider. */
export interface Callback {
  readonly parameters: URLSearchParams;
  readonly state: string;
  readonly redirectUri: string;
  readonly codeVerifier: string;
}

export interface TokenEndpointOptions {
  readonly provider: SignInProvider;
  readonly client: OAuthClient;
  readonly clock: Clock;
  /** How to sign in again, as a sentence. */
  readonly signInAgain: string;
}

/**
 * The token and revocation endpoints of a provider (RFC 6749 sections 4.1 and 6, RFC 7009). Failures: `auth` where the provider
 * says no, else what the connection or its server suffers from. No failure holds what a provider sent.
 */
export class TokenEndpoint {
  readonly #options: TokenEndpointOptions;
  readonly #server: oauth.AuthorizationServer;
  readonly #client: oauth.Client;
  readonly #authentication: oauth.ClientAuth;

  constructor(options: TokenEndpointOptions) {
    const { provider, client } = options;
    this.#options = options;
    this.#server = {
      issuer: new URL(provider.authorizationEndpoint).origin,
      token_endpoint: provider.tokenEndpoint,
      ...(provider.revocation === null ? {} : { revocation_endpoint: provider.revocation.address }),
    };
    this.#client = { client_id: client.id };
    this.#authentication =
      client.secret === null ? oauth.None() : oauth.ClientSecretPost(client.secret);
  }

  /** Changes the code that the browser brought for tokens. */
  async exchange(callback: Callback, signal: AbortSignal): Promise<Grant> {
    const { redirectUri, codeVerifier } = callback;
    try {
      const parameters = this.#validated(callback);
      const response = await oauth.authorizationCodeGrantRequest(
        ...this.#parties,
        parameters,
        redirectUri,
        codeVerifier,
        this.#http(this.#server.token_endpoint, signal),
      );
      return grantOf(
        await oauth.processAuthorizationCodeResponse(this.#server, this.#client, response),
      );
    } catch (error) {
      throw this.#explain(error);
    }
  }

  /** A new access token, and often a new refresh token, after which the old one may be worth nothing. */
  async refresh(refreshToken: string, signal: AbortSignal): Promise<Grant> {
    try {
      const response = await oauth.refreshTokenGrantRequest(
        ...this.#parties,
        refreshToken,
        this.#http(this.#server.token_endpoint, signal),
      );
      return grantOf(await oauth.processRefreshTokenResponse(this.#server, this.#client, response));
    } catch (error) {
      throw this.#explain(error);
    }
  }

  /** Has the provider forget a token (RFC 7009); one that it does not know is fine. */
  async revoke(token: string, signal: AbortSignal): Promise<void> {
    try {
      const http = this.#http(this.#server.revocation_endpoint, signal);
      const response = await oauth.revocationRequest(...this.#parties, token, http);
      await oauth.processRevocationResponse(response);
    } catch (error) {
      throw this.#explain(error);
    }
  }

  get #parties(): [oauth.AuthorizationServer, oauth.Client, oauth.ClientAuth] {
    return [this.#server, this.#client, this.#authentication];
  }

  /** Plain HTTP goes to test servers on this computer alone. */
  #http(address: string | undefined, signal: AbortSignal) {
    const { hostname } = new URL(address ?? 'https://unknown.invalid');
    return {
      [oauth.customFetch]: providerFetch(() => this.#options.clock.now(), signal),
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to stand out; it is what tests need
      [oauth.allowInsecureRequests]: ['127.0.0.1', 'localhost', '[::1]'].includes(hostname),
    };
  }

  /**
   * The parameter `iss` (RFC 9207) tells providers apart that share one redirect address; here each sign-in
   * listens at an address of its own with a `state` of its own, which does the same (RFC 9700 section 4.4.2).
   */
  #validated({ parameters, state }: Callback): URLSearchParams {
    const known = new URLSearchParams(parameters);
    known.delete('iss');
    return oauth.validateAuthResponse(this.#server, this.#client, known, state);
  }

  /** What the library throws may hold tokens: it is not kept as the cause. */
  #explain(error: unknown): CloudrollError {
    if (error instanceof CloudrollError) return error;
    if (error instanceof oauth.AuthorizationResponseError) return this.#refusedPerson(error.error);
    if (error instanceof oauth.ResponseBodyError) return this.#refused(error.error);
    if (error instanceof oauth.WWWAuthenticateChallengeError)
      return this.#refused('invalid_client');
    const { title } = this.#options.provider;
    return fail('serverError', `${title} answered with something that cannot be understood.`, {
      hint: 'Try again later.',
    });
  }

  /** RFC 6749 section 4.1.2.1. */
  #refusedPerson(code: string): CloudrollError {
    const { title } = this.#options.provider;
    if (code === 'access_denied') {
      return fail('auth', `The sign-in was cancelled at ${title}.`, {
        hint: 'Sign in again, and allow Cloudroll what it asks for.',
      });
    }
    if (code === 'server_error' || code === 'temporarily_unavailable') {
      return fail('serverError', `${title} cannot sign anybody in at the moment.`, {
        hint: 'Try again later.',
      });
    }
    return this.#refused(code);
  }

  /** RFC 6749 section 5.2. */
  #refused(code: string): CloudrollError {
    const { provider, signInAgain } = this.#options;
    const { title, clientConsole } = provider;
    if (code === 'invalid_grant') {
      return fail('auth', `The sign-in to ${title} is not valid any more.`, { hint: signInAgain });
    }
    if (code === 'invalid_client' || code === 'unauthorized_client') {
      return fail('auth', `${title} does not accept this client id or client secret.`, {
        hint: `Check both at ${clientConsole}, then sign in again.`,
      });
    }
    const known = /^[a-z_]{1,40}$/u.test(code) ? ` ("${code}")` : '';
    return fail('auth', `${title} refused the sign-in${known}.`, {
      hint: `Check the client at ${clientConsole}, then sign in again.`,
    });
  }
}

function grantOf(answer: oauth.TokenEndpointResponse): Grant {
  const { access_token, expires_in, refresh_token, scope } = answer;
  return {
    accessToken: access_token,
    lifetimeMs: expires_in === undefined ? untoldLifetimeMs : expires_in * 1000,
    refreshToken: refresh_token ?? null,
    scopes: scope === undefined ? null : scope.split(' '),
  };
}
