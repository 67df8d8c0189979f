import {
  formatDestinationUrl,
  parseDestinationUrl,
  type DestinationUrl,
} from '../../../../shared/domain/destination-url.ts';
import { failureOf } from '../../../../shared/domain/failure.ts';
import type { DestinationKind } from '../../../engine/destinations/kind.ts';
import type { SignInProvider } from '../../../engine/destinations/sign-in.ts';
import type { Engine } from '../../../engine/runtime/engine.ts';
import { CommandError } from '../command-error.ts';

/** A kind of destination that people sign in to, and the place that was named. */
export interface SignInPlace {
  readonly kind: DestinationKind;
  readonly provider: SignInProvider;
  /** Null where only the kind was named. */
  readonly url: DestinationUrl | null;
}

/** What a person named: a kind such as `dropbox`, or the URL of a destination. */
export function signInPlaceOf(named: string, { registry, endpoints }: Engine): SignInPlace {
  const url = named.includes('://') ? parseDestinationUrl(named) : null;
  const scheme = url?.scheme ?? named.replace(/:$/u, '').toLowerCase();
  const kind = registry.kinds.find((one) => one.scheme === scheme);
  const provider = kind?.signIn?.(endpoints);
  if (kind !== undefined && provider !== undefined) return { kind, provider, url };
  const known = registry.kinds.filter(({ signIn }) => signIn !== undefined);
  const schemes = known.map((one) => one.scheme);
  throw new CommandError('invalid', 2, (texts) => texts.signIn.unknown(scheme, schemes));
}

/**
 * Where photos of this account go: the place that was named, or else the one that the kind suggests. A URL that
 * names another account is a `conflict`.
 */
export function placeOfAccount({ kind, url }: SignInPlace, account: string): DestinationUrl {
  if (url !== null) {
    const named = url.query['account'];
    if (named !== undefined && named !== account) {
      throw new CommandError('conflict', 2, (texts) => texts.signIn.otherAccount(account, named));
    }
    return { ...url, query: { ...url.query, account } };
  }
  const card = kind.cards.find(({ fields }) => fields.some(({ type }) => type === 'signIn'));
  const suggested = card?.urlOf({ account }) ?? parseDestinationUrl(kind.example);
  return parseDestinationUrl(
    formatDestinationUrl({ ...suggested, query: { ...suggested.query, account } }),
  );
}

/** A keychain that cannot be used leaves a choice. */
export async function requireKeychain(
  probe: () => Promise<unknown>,
  { secrets }: SignInProvider,
): Promise<void> {
  try {
    await probe();
  } catch (error) {
    const { code, message, hint = '' } = failureOf(error);
    throw new CommandError(code, 1, (texts) =>
      texts.signIn.noKeychain(message, hint, secrets.refreshToken),
    );
  }
}
