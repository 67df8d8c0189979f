import { destinationName, parseDestinationUrl } from '../../../../shared/domain/destination-url.ts';
import { silentLogger } from '../../../engine/logging/logger.ts';
import { accountOf, keychainSecrets } from '../../../engine/secrets/keychain-secrets.ts';
import { isSharedSignIn, revokeSignIn, type Revocation } from '../../../engine/sign-in/sign-out.ts';
import { CommandError } from '../command-error.ts';
import type { Context } from '../context.ts';
import { readCatalogue } from '../session/catalogue.ts';
import { engineOf } from '../session/engine.ts';
import { requireKeychain, signInPlaceOf } from '../session/sign-in-place.ts';
import { tellFailure } from '../text/tell-failure.ts';

/** How long the provider is waited for, milliseconds. */
const longestRevocationMs = 30_000;

/** `cloudroll sign-out URL`: forgets a sign-in here and has the provider forget it too. */
export async function signOutCommand(context: Context): Promise<number> {
  const { operands, output, messages, keychain } = context;
  await using engine = engineOf(context, silentLogger);
  const url = parseDestinationUrl(operands[0] ?? '');
  const { provider } = signInPlaceOf(operands[0] ?? '', engine);
  const destination = destinationName(url);
  const secrets = keychainSecrets(keychain);
  let found: string | undefined;
  await requireKeychain(async () => {
    found = await secrets.find(destination, provider.secrets.refreshToken);
  }, provider);
  if (found === undefined) {
    throw new CommandError('notFound', 1, (texts) => texts.signIn.notSignedIn(operands[0] ?? ''));
  }
  context.hide(found);
  const shared = await isShared(context, engine, url, provider, secrets);
  const tokens = engine.accounts.from(url, provider, secrets);
  const enough = AbortSignal.any([context.signal, AbortSignal.timeout(longestRevocationMs)]);
  const outcome: Revocation = shared
    ? { state: 'shared' }
    : await revokeSignIn(url, provider, { clock: engine.clock, secrets, tokens }, enough);
  await requireKeychain(async () => {
    for (const name of Object.values(provider.secrets)) {
      if (name !== null) await keychain.remove(accountOf(destination, name));
    }
  }, provider);
  output.data({ event: 'summary', revocation: outcome.state });
  output.line(messages.signIn.signedOut(provider.title, outcome.state));
  if (outcome.state === 'failed') output.problem(tellFailure(outcome.failure, messages));
  return 0;
}

async function isShared(
  context: Context,
  { registry, endpoints }: ReturnType<typeof engineOf>,
  url: Parameters<typeof isSharedSignIn>[0],
  provider: Parameters<typeof isSharedSignIn>[1],
  secrets: ReturnType<typeof keychainSecrets>,
): Promise<boolean> {
  using catalogue = await readCatalogue(context);
  const others = catalogue.catalog.deliveries
    .destinations()
    .map((one) => parseDestinationUrl(one.url));
  const kindOf = (scheme: string) => registry.kinds.find((kind) => kind.scheme === scheme);
  return await isSharedSignIn(url, provider, others, { kindOf, endpoints, secrets });
}
