import * as oauth from 'oauth4webapi';

import { longestSignInAddress } from '../../../shared/contract/app/sign-in.ts';
import { fail, type CloudrollError } from '../../../shared/domain/failure.ts';
import { cancelled, orCancelled, throwIfCancelled } from '../destinations/cancellation.ts';
import type { SignInProvider } from '../destinations/sign-in.ts';
import type { Clock } from '../ports/clock.ts';
import type { PageLanguage } from './answer-page.ts';
import { LoopbackListener, type Answer } from './loopback-listener.ts';
import type { OAuthClient } from './oauth-client.ts';
import { TokenEndpoint, type Grant } from './token-endpoint.ts';

/** How long a person may take, milliseconds. */
export const longestSignInMs = 10 * 60_000;

export interface SignInOptions {
  readonly provider: SignInProvider;
  readonly client: OAuthClient;
  readonly clock: Clock;
  /** How to sign in again, as a sentence. */
  readonly signInAgain: string;
  /** Of the page that the browser shows in the end; null: as the browser asks for it. */
  readonly language: PageLanguage | null;
}

/** What a sign-in leads to. */
export interface SignedIn {
  /** Name for people, usually an e-mail address; part of the destination's URL. */
  readonly account: string;
  readonly refreshToken: string;
  readonly grant: Grant;
}

/** A sign-in that waits for the person. */
export interface StartedFlow {
  /** To be opened in the system's browser; holds no secret. */
  readonly address: string;
  /**
   * Rejects with `auth` where the person or the provider says no, `timeout` when nobody came back in time,
   * `cancelled` when the signal aborts, and with what the connection suffers from.
   */
  readonly finished: Promise<SignedIn>;
}

/**
 * Signs in by the authorization code grant with PKCE over the system's browser (RFC 6749 section 4.1, RFC 7636,
 * RFC 8252).
 * @throws `busy` where no port can be had to come back to
 */
export async function startSignIn(
  options: SignInOptions,
  signal: AbortSignal,
): Promise<StartedFlow> {
  throwIfCancelled(signal);
  const { provider, language } = options;
  const state = oauth.generateRandomState();
  const codeVerifier = oauth.generateRandomCodeVerifier();
  const { loopback } = provider;
  const listener = await LoopbackListener.open({ loopback, state, language });
  const { redirectUri } = listener;
  const address = await authorizationAddress(options, { state, codeVerifier, redirectUri });
  const finished = awaitAnswer(listener, options, signal).then((answer) =>
    concluded(answer, async () => {
      const endpoint = new TokenEndpoint(options);
      const { parameters } = answer;
      const callback = { parameters, state, redirectUri, codeVerifier };
      return signedIn(provider, await endpoint.exchange(callback, signal), signal);
    }),
  );
  return {
    address,
    finished: finished.finally(() => listener.close()),
  };
}

interface FlowSecrets {
  readonly state: string;
  readonly codeVerifier: string;
  readonly redirectUri: string;
}

async function authorizationAddress(
  { provider, client }: SignInOptions,
  { state, codeVerifier, redirectUri }: FlowSecrets,
): Promise<string> {
  const url = new URL(provider.authorizationEndpoint);
  const parameters = {
    response_type: 'code',
    client_id: client.id,
    redirect_uri: redirectUri,
    ...(provider.scopes.length === 0 ? {} : { scope: provider.scopes.join(' ') }),
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    ...provider.parameters,
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  if (url.href.length <= longestSignInAddress) return url.href;
  throw fail('invalid', 'The client id is far too long.', {
    hint: `Copy it again from ${provider.clientConsole}.`,
  });
}

async function awaitAnswer(
  listener: LoopbackListener,
  { clock, provider }: SignInOptions,
  signal: AbortSignal,
): Promise<Answer> {
  const enough = new AbortController();
  const late = clock.sleep(longestSignInMs, AbortSignal.any([signal, enough.signal])).then(() => {
    throw fail('timeout', `Nobody came back from ${provider.title} within ten minutes.`, {
      hint: 'Start the sign-in again.',
    });
  });
  try {
    return await orCancelled(Promise.race([listener.answered, late]), signal);
  } finally {
    enough.abort();
    late.catch(() => undefined);
  }
}

/** The person sees the end of it in the browser, and nothing that is not so. */
async function concluded(answer: Answer, conclude: () => Promise<SignedIn>): Promise<SignedIn> {
  try {
    const signedIn = await conclude();
    await answer.show('done');
    return signedIn;
  } catch (error) {
    await answer.show('failed');
    throw error;
  }
}

async function signedIn(
  provider: SignInProvider,
  grant: Grant,
  signal: AbortSignal,
): Promise<SignedIn> {
  const { title, scopes } = provider;
  if (grant.refreshToken === null) {
    throw fail('auth', `${title} gave a sign-in that does not last.`, {
      hint: `Remove Cloudroll from the apps of your account at ${title}, then sign in again.`,
    });
  }
  // Providers shorten other scopes in ways of their own; those that are whole addresses come back as they are.
  const missing = scopes.filter((scope) => scope.includes('://') && !allows(grant, scope));
  if (missing.length > 0) throw notAllAllowed(title);
  const account = await orCancelled(provider.account(grant.accessToken, signal), signal);
  if (signal.aborted) throw cancelled();
  if (!/^[^\p{Cc}]{1,320}$/u.test(account)) {
    throw fail('serverError', `${title} does not say which account this is.`, {
      hint: 'Sign in again.',
    });
  }
  return { account, refreshToken: grant.refreshToken, grant };
}

function allows({ scopes }: Grant, scope: string): boolean {
  return scopes === null || scopes.includes(scope);
}

function notAllAllowed(title: string): CloudrollError {
  return fail('auth', `Not everything that Cloudroll needs was allowed at ${title}.`, {
    hint: 'Sign in again, and leave every box ticked.',
  });
}
