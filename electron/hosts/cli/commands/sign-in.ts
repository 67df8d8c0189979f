import {
  destinationName,
  formatDestinationUrl,
} from '../../../../shared/domain/destination-url.ts';
import { silentLogger } from '../../../engine/logging/logger.ts';
import type { Engine } from '../../../engine/runtime/engine.ts';
import { accountOf } from '../../../engine/secrets/keychain-secrets.ts';
import { environmentSecrets } from '../../../engine/secrets/environment-secrets.ts';
import { signInAgain } from '../../../engine/sign-in/hints.ts';
import { findClient, noClient, type OAuthClient } from '../../../engine/sign-in/oauth-client.ts';
import { startSignIn, type SignedIn } from '../../../engine/sign-in/sign-in-flow.ts';
import { openBrowser } from '../../open-browser.ts';
import type { Context } from '../context.ts';
import { engineOf } from '../session/engine.ts';
import {
  placeOfAccount,
  requireKeychain,
  signInPlaceOf,
  type SignInPlace,
} from '../session/sign-in-place.ts';

/** `cloudroll sign-in KIND|URL`: lets Cloudroll in at a provider, with the browser. */
export async function signInCommand(context: Context): Promise<number> {
  const { operands, options, output, messages, keychain } = context;
  await using engine = engineOf(context, silentLogger);
  const place = signInPlaceOf(operands[0] ?? '', engine);
  const { provider } = place;
  const client = await clientOf(context, place);
  // Before the person goes to the browser, not after.
  const keeps = !options.printToken;
  if (keeps) await requireKeychain(() => keychain.get('probe'), provider);
  const signedIn = await followBrowser(context, engine, place, client);
  const url = placeOfAccount(place, signedIn.account);
  const shown = formatDestinationUrl(url);
  const secrets = secretsOf(place, signedIn, client);
  if (keeps) {
    await requireKeychain(() => keep(context, destinationName(url), place, secrets), provider);
  } else {
    for (const [name, value] of Object.entries(secrets)) {
      output.data({ event: 'secret', name, value });
      output.line(`${name}=${value}`);
    }
  }
  const { account } = signedIn;
  output.data({ event: 'summary', account, url: shown });
  for (const line of messages.signIn.done(account, shown, keeps)) output.line(line, 'good');
  return 0;
}

/** The environment's, else the build's. */
async function clientOf({ environment }: Context, place: SignInPlace): Promise<OAuthClient> {
  const secrets = environmentSecrets(environment);
  const client = await findClient(place.provider, (name) => secrets.find('', name));
  if (client === null) throw noClient(place.provider, 'invalid');
  return client;
}

async function followBrowser(
  context: Context,
  engine: Engine,
  { provider, kind }: SignInPlace,
  client: OAuthClient,
): Promise<SignedIn> {
  const { options, output, messages, platform, environment, signal } = context;
  const { clock } = engine;
  const again = signInAgain(kind.scheme);
  const flow = { provider, client, clock, signInAgain: again, language: options.language ?? null };
  const { address, finished } = await startSignIn(flow, signal);
  output.data({ event: 'signIn', address });
  const opened = options.browser && (await openBrowser(address, { platform, environment }));
  output.line(opened ? messages.signIn.goOn(provider.title) : messages.signIn.open(provider.title));
  output.line(address);
  return finished;
}

/** What is kept for the destination, or given to a script: a client of one's own belongs to it. */
function secretsOf(
  { provider: { secrets } }: SignInPlace,
  { refreshToken }: SignedIn,
  { id, secret, own }: OAuthClient,
): Record<string, string> {
  const { clientId, clientSecret } = secrets;
  return {
    [secrets.refreshToken]: refreshToken,
    ...(own ? { [clientId]: id } : {}),
    ...(own && clientSecret !== null && secret !== null ? { [clientSecret]: secret } : {}),
  };
}

async function keep(
  { keychain, hide }: Context,
  destination: string,
  { provider }: SignInPlace,
  secrets: Readonly<Record<string, string>>,
): Promise<void> {
  for (const secret of Object.values(secrets)) hide(secret);
  // What is left of a client that an earlier sign-in was done with would not fit to this one.
  for (const name of Object.values(provider.secrets)) {
    const value: string | undefined = name === null ? undefined : secrets[name];
    if (value === undefined) await keychain.remove(accountOf(destination, name ?? ''));
    else await keychain.set(accountOf(destination, name ?? ''), value);
  }
}
