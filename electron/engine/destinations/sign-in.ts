/**
 * How people sign in at a provider by OAuth 2.0 (RFC 6749, RFC 7636, RFC 8252), as data that a kind of
 * destination brings along. `sign-in/` carries it out; destinations only see {@link AccessTokens}.
 */
export interface SignInProvider {
  /** Stable word, e.g. `google`. */
  readonly id: string;
  /** For people. */
  readonly title: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  /** RFC 7009 or the provider's own; null where a single token cannot be revoked. */
  readonly revocation: {
    readonly address: string;
    /** `form`: `token=` as a form; `bearer`: an empty POST signed with the token itself. */
    readonly style: 'form' | 'bearer';
  } | null;
  readonly scopes: readonly string[];
  /** Beside the usual ones, e.g. what makes the provider give a refresh token. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Where the browser comes back to on this computer. No ports: any free one. */
  readonly loopback: {
    readonly host: '127.0.0.1' | 'localhost';
    readonly ports: readonly number[];
    readonly path: string;
  };
  /** Names of the secrets, as in the keychain and the environment. */
  readonly secrets: {
    readonly refreshToken: string;
    readonly clientId: string;
    /** Null where the provider gives desktop apps none. */
    readonly clientSecret: string | null;
  };
  /** Where a person registers a client of their own; an https address. */
  readonly clientConsole: string;
  /** Name of the account that a token belongs to, for people: usually its e-mail address. */
  account(accessToken: string, signal: AbortSignal): Promise<string>;
}

/** Access tokens of one account that is signed in. */
export interface AccessTokens {
  /**
   * A token good for at least another minute; asks the provider when needed, once for all who wait.
   * Sign-in that was revoked or never was is an `auth` failure that says to sign in again.
   */
  get(signal: AbortSignal): Promise<string>;
  /** The provider refused this token: the next `get` brings another one. */
  refused(token: string): void;
}

/** The sign-in of a destination that is opened. */
export type OpenAccessTokens = (provider: SignInProvider) => AccessTokens;
