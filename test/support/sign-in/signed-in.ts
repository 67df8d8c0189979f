import type { SignInProvider } from '../../../electron/engine/destinations/sign-in.ts';
import type { Clock } from '../../../electron/engine/ports/clock.ts';
import type { OAuthClient } from '../../../electron/engine/sign-in/oauth-client.ts';
import { startSignIn, type SignedIn } from '../../../electron/engine/sign-in/sign-in-flow.ts';
import { signInAs } from './person.ts';

/** Has a person sign in at a provider, from the first page to the last. */
export async function signedIn(
  name: string,
  options: {
    readonly provider: SignInProvider;
    readonly client: OAuthClient;
    readonly clock: Clock;
  },
): Promise<SignedIn> {
  const { signal } = new AbortController();
  const { address, finished } = await startSignIn(
    { ...options, signInAgain: 'Sign in again.', language: null },
    signal,
  );
  const [outcome] = await Promise.all([finished, signInAs(name, address)]);
  return outcome;
}
