import { destinationName, type DestinationUrl } from '../../../shared/domain/destination-url.ts';
import { failureOf, type Failure } from '../../../shared/domain/failure.ts';
import { HttpClient } from '../destinations/common/http-client.ts';
import { connectionFailure, statusFailure } from '../destinations/common/http-failure.ts';
import { serverOf } from '../destinations/common/signed-api.ts';
import type { Endpoints } from '../destinations/endpoints.ts';
import type { DestinationKind } from '../destinations/kind.ts';
import type { AccessTokens, SignInProvider } from '../destinations/sign-in.ts';
import type { Clock } from '../ports/clock.ts';
import type { Secrets } from '../secrets/secrets.ts';
import { signInAgain } from './hints.ts';
import { findClient, type BuiltClients } from './oauth-client.ts';
import { TokenEndpoint } from './token-endpoint.ts';

/** How a sign-out went at the provider; here it is done whatever came of it. */
export type Revocation =
  | { readonly state: 'revoked' }
  /** The provider has nothing for it: the person removes the app from the account there. */
  | { readonly state: 'unsupported' }
  /** Another destination uses the same account, which the provider would sign out as well. */
  | { readonly state: 'shared' }
  | { readonly state: 'failed'; readonly failure: Failure };

export interface SignOutPorts {
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly tokens: AccessTokens;
  readonly built?: BuiltClients;
}

/** Has the provider forget the sign-in of a destination; never rejects. */
export async function revokeSignIn(
  url: DestinationUrl,
  provider: SignInProvider,
  ports: SignOutPorts,
  signal: AbortSignal,
): Promise<Revocation> {
  try {
    const { revocation } = provider;
    if (revocation === null) return { state: 'unsupported' };
    if (revocation.style === 'bearer') await revokeSigned(revocation.address, ports, signal);
    else await revokeRefreshToken(url, provider, ports, signal);
    return { state: 'revoked' };
  } catch (error) {
    return { state: 'failed', failure: failureOf(error) };
  }
}

async function revokeRefreshToken(
  url: DestinationUrl,
  provider: SignInProvider,
  { clock, secrets, built }: SignOutPorts,
  signal: AbortSignal,
): Promise<void> {
  const find = (name: string) => secrets.find(destinationName(url), name);
  const refreshToken = await find(provider.secrets.refreshToken);
  const client = await findClient(provider, find, built);
  if (refreshToken === undefined || client === null) return;
  const again = signInAgain(url.scheme);
  const endpoint = new TokenEndpoint({ provider, client, clock, signInAgain: again });
  await endpoint.revoke(refreshToken, signal);
}

/** An empty request that is signed with what it revokes. */
async function revokeSigned(
  address: string,
  { clock, tokens }: SignOutPorts,
  signal: AbortSignal,
): Promise<void> {
  const token = await tokens.get(signal);
  const { origin, pathname, search } = new URL(address);
  const client = new HttpClient(serverOf(origin), 1);
  try {
    const headers = { authorization: `Bearer ${token}` };
    const path = `${pathname}${search}`;
    const reply = await client.send({ method: 'POST', path, headers, body: nothing }, signal);
    await reply.discard().catch(() => undefined);
    // A token that is not known any more (401) is what was wanted.
    const failure = statusFailure(reply.status, reply.header('retry-after'), clock.now());
    if (failure !== undefined) throw failure;
  } catch (error) {
    throw connectionFailure(error);
  } finally {
    client.close();
  }
}

const nothing = new Uint8Array(0);

/**
 * Whether one of these other destinations is signed in with the same account at the same provider: providers
 * such as Google end all sign-ins of an account when one is revoked.
 */
export async function isSharedSignIn(
  url: DestinationUrl,
  provider: SignInProvider,
  others: readonly DestinationUrl[],
  around: {
    readonly kindOf: (scheme: string) => DestinationKind | undefined;
    readonly endpoints: Endpoints;
    readonly secrets: Secrets;
  },
): Promise<boolean> {
  const own = destinationName(url);
  for (const other of others) {
    const name = destinationName(other);
    if (name === own || other.query['account'] !== url.query['account']) continue;
    const theirs = around.kindOf(other.scheme)?.signIn?.(around.endpoints);
    if (theirs?.id !== provider.id) continue;
    const token = await around.secrets.find(name, theirs.secrets.refreshToken).catch(() => '');
    // A keychain that does not answer may hold one.
    if (token !== undefined) return true;
  }
  return false;
}
